//! Both forms of each mail, and what a name may not do in them.

use super::*;

const LOGIN: &str = "https://a.example/login";
const LINK: &str = "https://a.example/go?token=a-B_9&x=1";

/// A name that would be markup, and the same as text in HTML.
const NAME: &str = "<b>Dana</b> & \"Co\" <img src=x onerror=alert(1)>";
const ESCAPED: &str = "&lt;b&gt;Dana&lt;/b&gt; &amp; \"Co\" &lt;img src=x onerror=alert(1)&gt;";

/// Every mail, and the links in it.
fn mails(name: &str) -> [(MailContent, Vec<&'static str>); 5] {
    let locale = Locale::en;
    let when = Some("3 May 2026, 10:00 UTC");
    [
        (confirm(locale, name, LINK), vec![LINK]),
        (reset(locale, name, LINK), vec![LINK]),
        (
            already_registered(locale, name, LOGIN, LINK),
            vec![LOGIN, LINK],
        ),
        (password_changed(locale, name, when), vec![]),
        (password_changed(locale, name, None), vec![]),
    ]
}

/// What a reader sees of a document: without its head and without tags.
fn seen(html: &str) -> String {
    let body = html.split_once("<body").unwrap().1;
    let texts = body
        .split('<')
        .filter_map(|piece| piece.split_once('>'))
        .map(|(_, text)| text.trim());
    let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    texts
        .join("\n")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[test]
fn both_forms_say_the_same_and_begin_with_the_brand() {
    for (mail, links) in mails("Dana") {
        let seen = seen(&mail.html);
        for paragraph in mail.text.trim_end().split("\n\n") {
            assert!(
                seen.lines().any(|line| line == paragraph),
                "{paragraph}\n{seen}"
            );
        }
        let mut lines = seen.lines();
        assert_eq!(lines.next(), Some(brand(Locale::en)));
        assert_eq!(lines.next(), Some(mail.subject.as_str()));
        for link in links {
            assert!(mail.text.contains(&format!("\n\n{link}\n\n")));
        }
        assert!(!mail.text.contains("{{"), "{}", mail.text);
    }
}

#[test]
fn every_link_is_a_button_and_a_spelled_out_address() {
    for (mail, links) in mails("Dana") {
        let expected = links.iter().map(|link| link.replace('&', "&amp;"));
        for link in expected {
            let href = format!("href=\"{link}\"");
            assert_eq!(mail.html.matches(&href).count(), 2, "{}", mail.html);
            assert!(mail.html.contains(&format!(">{link}</a>")), "{}", mail.html);
        }
        assert_eq!(mail.html.matches("<a ").count(), 2 * links.len());
    }
}

#[test]
fn a_name_is_text_and_no_markup() {
    for (mail, links) in mails(NAME) {
        assert!(mail.text.starts_with(&format!("Hi {NAME},\n\n")));
        assert!(
            mail.html.contains(&format!("Hi {ESCAPED},")),
            "{}",
            mail.html
        );
        assert!(
            !mail.html.contains("<b>") && !mail.html.contains("<img"),
            "{}",
            mail.html
        );
        assert_eq!(mail.html.matches("<a ").count(), 2 * links.len());
    }
    let mail = confirm(Locale::en, LINK, LOGIN);
    assert!(!mail.html.contains(&format!("href=\"{LINK}")));
}

#[test]
fn the_document_is_plain_and_has_no_active_content() {
    for (mail, _) in mails(NAME) {
        assert!(mail.html.starts_with("<!DOCTYPE html><html lang=\"en\">"));
        for part in ["<script", "<!--", "<!>", "src=\"", "url(", "<link"] {
            assert!(!mail.html.contains(part), "{part}: {}", mail.html);
        }
    }
}

#[test]
fn the_mail_about_a_changed_password_may_name_its_time() {
    let [.., (with, _), (without, _)] = mails("Dana");
    assert!(with.text.contains("changed on 3 May 2026, 10:00 UTC"));
    assert!(!without.text.contains("changed on"));
}
