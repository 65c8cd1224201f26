//! Forwarding headers count only if a trusted proxy has sent them, and only the entry that it has added.

use axum::http::HeaderValue;

use super::*;

fn client(trusted: &[&str], peer: &str, forwarded: &str) -> String {
    let trusted: Vec<IpNet> = trusted
        .iter()
        .map(|network| network.parse().unwrap())
        .collect();
    let headers = HeaderMap::from_iter([(
        "x-forwarded-for".parse().unwrap(),
        HeaderValue::from_bytes(forwarded.as_bytes()).unwrap(),
    )]);
    TrustedProxies::new(&trusted)
        .client(peer.parse().unwrap(), &headers)
        .to_string()
}

#[test]
fn without_a_trusted_proxy_headers_say_nothing() {
    assert_eq!(client(&[], "192.0.2.1", "203.0.113.9"), "192.0.2.1");
}

#[test]
fn the_rightmost_untrusted_hop_is_the_client() {
    let proxy = ["127.0.0.1/32"];
    assert_eq!(
        client(&proxy, "127.0.0.1", "1.2.3.4, 203.0.113.9"),
        "203.0.113.9"
    );
    assert_eq!(
        client(&proxy, "127.0.0.1", "203.0.113.9, 127.0.0.1"),
        "203.0.113.9"
    );
    assert_eq!(
        client(&proxy, "::ffff:127.0.0.1", "::ffff:203.0.113.9"),
        "203.0.113.9"
    );
    assert_eq!(client(&proxy, "127.0.0.1", "garbage"), "127.0.0.1");
    assert_eq!(client(&proxy, "127.0.0.1", ""), "127.0.0.1");
    assert_eq!(
        client(&proxy, "198.51.100.7", "203.0.113.9"),
        "198.51.100.7"
    );
}

#[test]
fn a_proxy_is_trusted_by_its_network() {
    for (network, inside, outside) in [
        ("127.0.0.0/8", "127.8.9.1", "128.0.0.1"),
        ("172.16.0.0/12", "172.31.255.255", "172.32.0.0"),
        ("172.16.0.0/12", "::ffff:172.18.0.2", "::ffff:172.32.0.2"),
        ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
        ("0.0.0.0/0", "198.51.100.7", "2001:db8::1"),
    ] {
        assert_eq!(client(&[network], inside, "203.0.113.9"), "203.0.113.9");
        assert_ne!(client(&[network], outside, "203.0.113.9"), "203.0.113.9");
    }
}

#[test]
fn an_address_is_read_as_each_proxy_writes_it() {
    for (written, address) in [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:51008", "203.0.113.7"),
        (" 203.0.113.7:51008 ", "203.0.113.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("\"[2001:db8::7]:443\"", "2001:db8::7"),
        ("[::ffff:203.0.113.7]:443", "203.0.113.7"),
        ("1.2.3.4:5, 203.0.113.7:51008, 127.0.0.1:80", "203.0.113.7"),
        ("\u{ff}, 203.0.113.7", "203.0.113.7"),
    ] {
        assert_eq!(
            client(&["127.0.0.0/8"], "127.0.0.1", written),
            address,
            "{written}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_no_other_client() {
    for written in [
        "unknown",
        "_hidden",
        "203.0.113.7:",
        "203.0.113.7:x",
        "203.0.113",
        "[203.0.113.7]",
        "[2001:db8::7",
        "1.2.3.4, unknown",
        "",
    ] {
        assert_eq!(
            client(&["127.0.0.1/32"], "127.0.0.1", written),
            "127.0.0.1",
            "{written}"
        );
    }
}
