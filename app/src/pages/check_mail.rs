//! `GET /check-mail`: identical whether or not an account exists.

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
    let explain = match (page.purpose, &page.email) {
        (MailPurpose::ConfirmEmail, Some(_)) => td_string!(locale, check_mail.confirm),
        (MailPurpose::ConfirmEmail, None) => td_string!(locale, check_mail.confirm_sent),
        (MailPurpose::ResetPassword, Some(_)) => td_string!(locale, check_mail.reset),
        (MailPurpose::ResetPassword, None) => td_string!(locale, check_mail.reset_sent),
    };
    let again = match page.purpose {
        MailPurpose::ConfirmEmail => "/register",
        MailPurpose::ResetPassword => "/forgot-password",
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
            {page.email.map(|email| view! { <p class="address">{email}</p> })}
            {come_back}
            <p class="quiet">{td_string!(locale, check_mail.not_there)}</p>
            {mailbox}
            <div class="other-links">
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
