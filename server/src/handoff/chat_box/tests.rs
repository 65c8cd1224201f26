//! A chat box lists exact origins, and its return page is on one of them.

use super::*;

fn chat_box(origins: &[&str], return_url: &str) -> Result<ChatBox, ChatBoxError> {
    let origins: Vec<String> = origins.iter().map(|origin| (*origin).to_owned()).collect();
    ChatBox::new("cb_demo", "Support", &origins, return_url)
}

#[test]
fn a_chat_box_allows_exactly_its_origins() {
    let chat_box = chat_box(
        &["https://www.example.test"],
        "https://www.example.test/help",
    )
    .unwrap();
    assert!(chat_box.allows("https://www.example.test"));
    for other in [
        "https://www.example.test:8443",
        "http://www.example.test",
        "https://example.test",
        "null",
        "*",
    ] {
        assert!(!chat_box.allows(other), "{other}");
    }
}

#[test]
fn an_invalid_origin_is_rejected_and_named() {
    let refused = chat_box(&["https://*.example.test"], "https://www.example.test/").unwrap_err();
    assert_eq!(
        refused,
        ChatBoxError::Origin("https://*.example.test".into(), OriginError::NotAnOrigin)
    );
}

#[test]
fn the_return_page_belongs_to_an_allowed_origin() {
    for elsewhere in [
        "https://evil.test/",
        "https://www.example.test:8443/",
        "javascript:alert(1)",
        "/help",
        "",
    ] {
        assert_eq!(
            chat_box(&["https://www.example.test"], elsewhere),
            Err(ChatBoxError::ReturnUrl),
            "{elsewhere}"
        );
    }
}
