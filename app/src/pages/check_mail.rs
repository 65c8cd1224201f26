//! The response to a registration or a password reset, identical whether or not an account exists.

use leptos::prelude::*;

use super::{PageContext, RenderedPage, Shell};
use crate::{
    i18n::td_string,
    model::{CheckMail, MailPurpose},
    ui::Card,
};

pub(super) fn render(context: PageContext<'_>, page: CheckMail) -> RenderedPage {
    let locale = context.locale;
    let title = td_string!(locale, check_mail.title);
    let home = context.home();
    let shell = Shell::of(page.flow.popup.as_ref());
    let (explain, again) = match page.purpose {
        MailPurpose::ConfirmEmail => (td_string!(locale, check_mail.confirm), "/register"),
        MailPurpose::ResetPassword => (td_string!(locale, check_mail.reset), "/forgot-password"),
    };
    let mailbox = context.deployment.mailbox_url.clone().map(|href| {
        view! {
            <a class="button primary" href=href target="_blank" rel="noopener">
                {td_string!(locale, check_mail.mailbox)}
            </a>
        }
    });
    let come_back = page
        .flow
        .popup
        .is_some()
        .then(|| view! { <p>{td_string!(locale, check_mail.popup)}</p> });
    let login = page.flow.url("/login");
    let again = page.flow.url(again);

    let body = view! {
        <Card locale home title popup=page.flow.popup>
            <p>{explain}</p>
            <p class="address">{page.email}</p>
            {come_back}
            <p class="quiet">{td_string!(locale, check_mail.not_there)}</p>
            {mailbox}
            <div class="elsewhere">
                <p>
                    <a href=login>{td_string!(locale, page.back_to_sign_in)}</a>
                </p>
                <p>
                    <a href=again>{td_string!(locale, check_mail.again)}</a>
                </p>
            </div>
        </Card>
    };
    RenderedPage::new(title, shell, body)
}
