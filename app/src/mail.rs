//! What mails say: as plain text, and the same as HTML.
//!
//! Mail programs understand little HTML. Styles are at the elements, since some programs remove style sheets; the
//! sheet adds only the dark colours. The button is a table, since Outlook ignores the padding of links.

use leptos::prelude::*;

use crate::{
    i18n::{Locale, td_string},
    text::brand,
};

const STYLES: &str = include_str!("mail.css");

const BODY: &str = "margin:0;padding:0;background-color:#f2f5f3";
const COLUMN: &str = "max-width:34em;margin:0 auto;padding:24px 16px;background-color:#f2f5f3;color:#14211d;\
     font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif;font-size:16px;line-height:1.5";
const BRAND: &str = "margin:0 0 16px;color:#51625b;font-weight:600";
const CARD: &str =
    "padding:24px;border:1px solid #d3dcd7;border-radius:12px;background-color:#ffffff";
const TITLE: &str = "margin:0 0 16px;font-size:24px;line-height:1.25";
const PARAGRAPH: &str = "margin:0 0 16px";
const TABLE: &str = "border-spacing:0";
const BUTTON: &str =
    "border-radius:10px;background-color:#0f5d4b;text-align:center;mso-padding-alt:12px 24px";
const BUTTON_LINK: &str =
    "display:inline-block;padding:12px 24px;color:#ffffff;font-weight:600;text-decoration:none";
const ADDRESS: &str = "margin:8px 0 16px;color:#51625b;font-size:14px";
const ADDRESS_LINK: &str = "color:#51625b;word-break:break-all";
const REGARDS: &str = "margin:0";

/// The content of a mail, both forms of which say the same.
#[derive(Clone, Debug)]
pub struct MailContent {
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// A document.
    pub html: String,
}

/// A link, which has a paragraph of its own in the catalogue's text.
struct Link<'a> {
    url: &'a str,
    label: &'static str,
}

/// Asks to confirm a new account's address.
pub fn confirm(locale: Locale, name: &str, link: &str) -> MailContent {
    let body = td_string!(
        locale,
        mail.confirm_body,
        brand = brand(locale),
        link = link
    );
    let link = Link {
        url: link,
        label: td_string!(locale, mail.confirm_button),
    };
    let subject = td_string!(locale, mail.confirm_subject);
    content(locale, subject, name, &body, &[link])
}

/// Has the link with which to choose a new password.
pub fn reset(locale: Locale, name: &str, link: &str) -> MailContent {
    let body = td_string!(locale, mail.reset_body, link = link);
    let link = Link {
        url: link,
        label: td_string!(locale, mail.reset_button),
    };
    let subject = td_string!(locale, mail.reset_subject);
    content(locale, subject, name, &body, &[link])
}

/// Tells the owner of an account that someone has tried to register its address.
pub fn already_registered(
    locale: Locale,
    name: &str,
    login_link: &str,
    reset_link: &str,
) -> MailContent {
    let body = td_string!(
        locale,
        mail.already_registered_body,
        login_link = login_link,
        reset_link = reset_link
    );
    let links = [
        Link {
            url: login_link,
            label: td_string!(locale, mail.login_button),
        },
        Link {
            url: reset_link,
            label: td_string!(locale, mail.forgot_button),
        },
    ];
    let subject = td_string!(locale, mail.already_registered_subject);
    content(locale, subject, name, &body, &links)
}

/// Tells a user that the password was changed. `when` is a formatted date and time.
pub fn password_changed(locale: Locale, name: &str, when: Option<&str>) -> MailContent {
    let body = match when {
        Some(when) => td_string!(locale, mail.password_changed_when_body, when = when),
        None => td_string!(locale, mail.password_changed_body).to_owned(),
    };
    let subject = td_string!(locale, mail.password_changed_subject);
    content(locale, subject, name, &body, &[])
}

fn content(
    locale: Locale,
    subject: &'static str,
    name: &str,
    body: &str,
    links: &[Link<'_>],
) -> MailContent {
    let greeting = td_string!(locale, mail.greeting, name = name);
    let regards = td_string!(locale, mail.regards, brand = brand(locale));
    let text = format!("{greeting}\n\n{body}\n\n{regards}\n");
    let paragraphs =
        body.split("\n\n").map(
            |paragraph| match links.iter().find(|link| link.url == paragraph) {
                Some(link) => button(locale, link).into_any(),
                None => view! { <p style=PARAGRAPH>{paragraph.to_owned()}</p> }.into_any(),
            },
        );
    let paragraphs: Vec<AnyView> = paragraphs.collect();
    let document = view! {
        <!DOCTYPE html>
        <html lang=locale.to_string()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="supported-color-schemes" content="light dark" />
                <title>{subject}</title>
                <style>{STYLES}</style>
            </head>
            <body class="ground" style=BODY>
                <div class="ground" style=COLUMN>
                    <p class="quiet" style=BRAND>{brand(locale)}</p>
                    <div class="card" style=CARD>
                        <h1 style=TITLE>{subject}</h1>
                        <p style=PARAGRAPH>{greeting}</p>
                        {paragraphs}
                        <p style=REGARDS>{regards}</p>
                    </div>
                </div>
            </body>
        </html>
    };
    MailContent {
        subject: subject.to_owned(),
        text,
        // Without the marks that Leptos leaves for hydration.
        html: document.to_html().replace("<!>", ""),
    }
}

/// A link as a button, with its address below for those whose mail program shows no links.
fn button(locale: Locale, link: &Link<'_>) -> impl IntoView + use<> {
    let url = link.url.to_owned();
    view! {
        <table role="presentation" style=TABLE>
            <tbody>
                <tr>
                    <td class="button" style=BUTTON>
                        <a href=url.clone() target="_blank" style=BUTTON_LINK>{link.label}</a>
                    </td>
                </tr>
            </tbody>
        </table>
        <p class="quiet" style=ADDRESS>
            {td_string!(locale, mail.address)} <br />
            <a class="quiet" href=url.clone() target="_blank" style=ADDRESS_LINK>{url.clone()}</a>
        </p>
    }
}

#[cfg(test)]
mod tests;
