//! Only our own pages are targets.

use super::*;

#[test]
fn only_the_exact_path_of_a_page_is_a_target() {
    assert_eq!(NextPath::parse("/account"), Some(NextPath::account()));
    for text in [
        "",
        "/",
        "//evil.test",
        "/\\evil.test",
        "\\/evil.test",
        "/\t/evil.test",
        "/\n/evil.test",
        "\t//evil.test",
        " //evil.test",
        "///evil.test",
        "https:evil.test",
        "https://login.test@evil.test",
        "／／evil.test",
        "/.//evil.test",
        "/x/..//evil.test",
        "/./\\evil.test",
        "/account\r\nSet-Cookie: a=b",
        "/account\0",
        "/é",
        "javascript:alert(1)",
        "data:text/html,x",
        "blob:https://evil.test/1",
        "/logout",
        "/oauth/sso/start",
        "/api/account/profile",
        "/account/",
        "/account?x",
        "/account/../logout",
        "account",
        "%2Faccount",
        "/ACCOUNT",
    ] {
        assert_eq!(NextPath::parse(text), None, "{text:?}");
    }
    assert_eq!(
        NextPath::parse(&format!("/account{}", "/".repeat(10_000))),
        None
    );
}
