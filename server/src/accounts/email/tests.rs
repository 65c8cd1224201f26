//! Which email addresses are accepted, and which are the same.

use super::*;

fn key(text: &str) -> Option<String> {
    Email::parse(text).ok().map(|email| email.key().to_owned())
}

#[test]
fn letter_case_and_the_script_of_the_domain_do_not_make_another_address() {
    assert_eq!(
        key(" Dana@Example.TEST\n"),
        Some("dana@example.test".into())
    );
    assert_eq!(key("dana@bücher.test"), key("dana@XN--BCHER-KVA.test"));
    assert_eq!(key("dana@bu\u{308}cher.test"), key("dana@bücher.test"));
    assert_ne!(key("dana+chat@example.test"), key("dana@example.test"));
    assert_ne!(key("d.ana@example.test"), key("dana@example.test"));
}

#[test]
fn letters_beyond_ascii_before_the_at_sign_are_refused() {
    assert_eq!(key("é@x.test"), None);
    assert_eq!(key("E\u{301}@x.test"), None);
}

#[test]
fn only_one_plain_mailbox_is_accepted() {
    for text in [
        "victim＠x.test",
        "a@b@c.test",
        "ＡＢＣ@x.test",
        "a@x．test",
        "\"e@attacker.test\"@victim.test",
        "a@x.test, b@y.test",
        "a@x.test;b@y.test",
        "<a@x.test>",
        "a@x.test\r\nBcc: b@y.test",
        "a b@x.test",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "a@x.test.",
        "a@.x.test",
        "a..b@x.test",
        ".a@x.test",
        "a.@x.test",
        "a@localhost",
        "a@-x.test",
        "@x.test",
        "a@",
        "a",
        "a\0@x.test",
        "a@x\0.test",
        "a@x_y.test",
        "a@x test",
        "a@0x7f.1",
    ] {
        assert_eq!(
            Email::parse(text),
            Err(FieldProblem::EmailInvalid),
            "{text:?}"
        );
    }
    assert_eq!(Email::parse(" \t"), Err(FieldProblem::Missing));
}

#[test]
fn lengths_are_those_of_the_standard() {
    let local = "a".repeat(64);
    assert!(key(&format!("{local}@x.test")).is_some());
    assert!(key(&format!("{local}a@x.test")).is_none());
    let domain = format!(
        "{}.test",
        [
            "a".repeat(60),
            "b".repeat(60),
            "c".repeat(60),
            "d".repeat(60)
        ]
        .join(".")
    );
    assert!(key(&format!("a@{domain}")).is_some());
    assert!(key(&format!("abcdefghijkl@{domain}")).is_none());
}
