//! Which pages may identify users for a help center.

use super::allows;

fn help(help_center: &str, page: &str) -> bool {
    allows(&help_center.parse().unwrap(), page)
}

#[test]
fn the_help_centers_own_host_is_near() {
    assert!(help("https://help.example.com", "https://help.example.com"));
    assert!(help(
        "https://docs.help.example.com",
        "https://docs.help.example.com"
    ));
}

#[test]
fn the_shared_root_and_one_label_before_it_are_near() {
    for page in [
        "https://example.com",
        "https://app.example.com",
        "https://www.example.com",
    ] {
        assert!(help("https://help.example.com", page), "{page}");
    }
    assert!(help(
        "https://docs.help.example.com",
        "https://app.example.com"
    ));
}

#[test]
fn ports_do_not_matter() {
    assert!(help(
        "http://help.latchkey.localhost:3001",
        "http://www.latchkey.localhost:3000"
    ));
    assert!(help(
        "https://help.example.com",
        "https://app.example.com:8443"
    ));
}

#[test]
fn two_labels_before_the_root_are_far() {
    for page in ["https://a.b.example.com", "https://app.help.example.com"] {
        assert!(!help("https://help.example.com", page), "{page}");
    }
}

#[test]
fn another_root_is_far() {
    for page in [
        "https://otherdomain.com",
        "https://app.otherdomain.com",
        "https://help.example.com.otherdomain.com",
        "https://notexample.com",
        "https://help.example.org",
        "https://.example.com",
        "https://app.example.com.",
    ] {
        assert!(!help("https://help.example.com", page), "{page}");
    }
}

#[test]
fn siblings_below_a_public_suffix_are_strangers() {
    assert!(!help("https://foo.github.io", "https://bar.github.io"));
    assert!(!help("https://foo.github.io", "https://github.io"));
    assert!(!help("https://help.co.uk", "https://example.co.uk"));
    assert!(help(
        "https://help.example.co.uk",
        "https://app.example.co.uk"
    ));
    assert!(help("https://docs.foo.github.io", "https://foo.github.io"));
}

#[test]
fn what_has_no_domain_is_far() {
    for page in [
        "null",
        "",
        "http://127.0.0.1:3001",
        "http://[::1]:3001",
        "file://",
        "chrome-extension://abcdefgh",
        "https://app.example.com/path",
        "app.example.com",
        "*",
    ] {
        assert!(!help("https://help.example.com", page), "{page}");
    }
    assert!(!help("http://127.0.0.1:3001", "http://127.0.0.1:3001"));
}

#[test]
fn a_help_center_without_a_root_has_only_its_own_host() {
    assert!(help("http://localhost:3001", "http://localhost:3000"));
    assert!(!help("http://localhost:3001", "http://app.localhost:3000"));
}
