//! One file per page: its model in, its content out.

mod account;
mod admin_visitors;
mod check_mail;
mod continue_as;
mod finish_account;
mod forgot_password;
mod handoff;
mod leave;
mod login;
mod problem;
mod register;
mod reset_password;
mod site;
mod verify_email;

#[cfg(test)]
mod tests;

use leptos::prelude::*;

use crate::{
    i18n::{Locale, td_string},
    model::{Deployment, Page, Popup},
    ui::FieldLink,
};

const CANCEL: &str = include_str!("cancel.js");

/// Where a page is drawn.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) deployment: &'a Deployment,
    pub(crate) locale: Locale,
    pub(crate) nonce: &'a str,
}

impl Scene<'_> {
    fn check_fields(&self) -> &'static str {
        td_string!(self.locale, page.check_fields)
    }

    fn home(&self) -> String {
        self.deployment.site_origin.clone()
    }
}

/// The outline of a page; the style knows the rest.
#[derive(Clone, Copy)]
pub(crate) enum Shell {
    /// A card that fills a small window of its own.
    Popup,
    /// A card beside the brand's panel.
    Card,
    /// A bar and wide content.
    Wide,
    /// The demo site.
    Site,
}

impl Shell {
    fn of(popup: Option<&Popup>) -> Self {
        match popup {
            Some(_) => Self::Popup,
            None => Self::Card,
        }
    }

    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Popup => "shell-popup",
            Self::Card => "shell-card",
            Self::Wide => "shell-wide",
            Self::Site => "shell-site",
        }
    }
}

/// A drawn page, to be framed by the document.
pub(crate) struct Sheet {
    pub(crate) title: String,
    /// For search engines; pages without one ask not to be listed.
    pub(crate) description: Option<String>,
    pub(crate) has_problem: bool,
    pub(crate) shell: Shell,
    pub(crate) has_islands: bool,
    pub(crate) body: AnyView,
    pub(crate) scripts: Option<AnyView>,
}

impl Sheet {
    fn new(title: impl Into<String>, shell: Shell, body: impl IntoAny) -> Self {
        Self {
            title: title.into(),
            description: None,
            has_problem: false,
            shell,
            has_islands: false,
            body: body.into_any(),
            scripts: None,
        }
    }

    fn with_islands(self) -> Self {
        Self {
            has_islands: true,
            ..self
        }
    }

    fn with_problem(self, has_problem: bool) -> Self {
        Self {
            has_problem,
            ..self
        }
    }

    /// Tells the opener when the user gives up.
    fn with_cancel(self, nonce: &str) -> Self {
        let script = view! {
            <script nonce=nonce.to_owned()>{CANCEL}</script>
            {self.scripts}
        };
        Self {
            scripts: Some(script.into_any()),
            ..self
        }
    }

    /// Takes the query out of the address bar: the token of a mailed link would stay in the history.
    fn with_query_forgotten(self, nonce: &str) -> Self {
        let script = view! {
            <script nonce=nonce.to_owned()>r#"history.replaceState(null, "", location.pathname);"#</script>
        };
        Self {
            scripts: Some(script.into_any()),
            ..self
        }
    }
}

/// Draws any page.
pub(crate) fn draw(scene: Scene<'_>, page: Page) -> Sheet {
    let sheet = draw_page(scene, page);
    match sheet.shell {
        Shell::Popup => sheet.with_cancel(scene.nonce),
        _ => sheet,
    }
}

fn draw_page(scene: Scene<'_>, page: Page) -> Sheet {
    match page {
        Page::Login(page) => login::draw(scene, page),
        Page::ContinueAs(page) => continue_as::draw(scene, page),
        Page::Register(page) => register::draw(scene, page),
        Page::CheckMail(page) => check_mail::draw(scene, page),
        Page::VerifyEmail(page) => verify_email::draw(scene, page),
        Page::ForgotPassword(page) => forgot_password::draw(scene, page),
        Page::ResetPassword(page) => reset_password::draw(scene, page),
        Page::Account(page) => account::draw(scene, page),
        Page::AdminVisitors(page) => admin_visitors::draw(scene, page),
        Page::Handoff(page) => handoff::draw(scene, page),
        Page::FinishAccount(page) => finish_account::draw(scene, page),
        Page::Leave(page) => leave::draw(scene, page),
        Page::Problem(page) => problem::draw(scene, page),
        Page::Site(page) => site::draw_home(scene, page),
        Page::Vendor(page) => site::draw_vendor(scene, page),
    }
}

/// Links to those of the fields that have a problem.
fn bad_fields<P>(fields: &[(Option<P>, &str, &str)]) -> Vec<FieldLink> {
    fields
        .iter()
        .filter(|(problem, ..)| problem.is_some())
        .map(|(_, name, label)| FieldLink::new(name, label))
        .collect()
}
