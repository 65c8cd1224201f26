//! The pages. Each file renders one model.

mod account;
mod admin_visitors;
mod check_mail;
mod connect;
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
    model::{Bundle, Deployment, Frontend, Page, Popup},
    ui::FieldLink,
};

const CANCEL: &str = include_str!("cancel.js");

/// What rendering a page needs besides its model.
#[derive(Clone, Copy)]
pub(crate) struct PageContext<'a> {
    pub(crate) deployment: &'a Deployment,
    pub(crate) locale: Locale,
    pub(crate) nonce: &'a str,
}

impl PageContext<'_> {
    fn check_fields(&self) -> &'static str {
        td_string!(self.locale, page.check_fields)
    }

    fn home(&self) -> String {
        self.deployment.site_origin.clone()
    }
}

/// The layout of a page; its class selects the styles.
#[derive(Clone, Copy)]
pub(crate) enum Shell {
    /// A card sized for a popup.
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

/// The islands of a page.
#[derive(Clone, Copy)]
pub(crate) enum Islands {
    None,
    /// Password inputs at most.
    Login,
    /// Any.
    Account,
}

impl Islands {
    /// The smallest bundle that has them.
    pub(crate) fn bundle(self, frontend: &Frontend) -> Option<Bundle> {
        match self {
            Self::None => None,
            Self::Login => Some(frontend.login.clone()),
            Self::Account => Some(frontend.all.clone()),
        }
    }
}

/// A rendered page, to be put into the document.
pub(crate) struct RenderedPage {
    pub(crate) title: String,
    /// For search engines. Pages without one are marked `noindex`.
    pub(crate) description: Option<String>,
    pub(crate) has_problem: bool,
    pub(crate) shell: Shell,
    pub(crate) islands: Islands,
    pub(crate) body: AnyView,
    pub(crate) scripts: Option<AnyView>,
}

impl RenderedPage {
    fn new(title: impl Into<String>, shell: Shell, body: impl IntoAny) -> Self {
        Self {
            title: title.into(),
            description: None,
            has_problem: false,
            shell,
            islands: Islands::None,
            body: body.into_any(),
            scripts: None,
        }
    }

    fn with_islands(self, islands: Islands) -> Self {
        Self { islands, ..self }
    }

    fn with_problem(self, has_problem: bool) -> Self {
        Self {
            has_problem,
            ..self
        }
    }

    /// Adds the script that tells the opener if the user cancels.
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

    /// Removes the query from the address bar, so that the token of an emailed link doesn't stay in the history.
    fn with_query_removed(self, nonce: &str) -> Self {
        let script = view! {
            <script nonce=nonce.to_owned()>r#"history.replaceState(null, "", location.pathname);"#</script>
        };
        Self {
            scripts: Some(script.into_any()),
            ..self
        }
    }
}

/// Renders any page.
pub(crate) fn render(context: PageContext<'_>, page: Page) -> RenderedPage {
    let rendered = render_page(context, page);
    match rendered.shell {
        Shell::Popup => rendered.with_cancel(context.nonce),
        _ => rendered,
    }
}

fn render_page(context: PageContext<'_>, page: Page) -> RenderedPage {
    match page {
        Page::Login(page) => login::render(context, page),
        Page::ContinueAs(page) => continue_as::render(context, page),
        Page::Register(page) => register::render(context, page),
        Page::CheckMail(page) => check_mail::render(context, page),
        Page::VerifyEmail(page) => verify_email::render(context, page),
        Page::ForgotPassword(page) => forgot_password::render(context, page),
        Page::ResetPassword(page) => reset_password::render(context, page),
        Page::Account(page) => account::render(context, page),
        Page::AdminVisitors(page) => admin_visitors::render(context, page),
        Page::Handoff(page) => handoff::render(context, page),
        Page::Connect(page) => connect::render(context, page),
        Page::FinishAccount(page) => finish_account::render(context, page),
        Page::Leave(page) => leave::render(context, page),
        Page::Problem(page) => problem::render(context, page),
        Page::Site(page) => site::render_home(context, page),
        Page::Vendor(page) => site::render_vendor(context, page),
    }
}

/// Links to the fields that have a problem.
fn bad_fields<P>(fields: &[(Option<P>, &str, &str)]) -> Vec<FieldLink> {
    fields
        .iter()
        .filter(|(problem, ..)| problem.is_some())
        .map(|(_, name, label)| FieldLink::new(name, label))
        .collect()
}
