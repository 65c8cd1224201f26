//! Forwarding headers count only if a trusted proxy has sent them, and only the entry that it has added.

use super::*;

fn client(trusted: &[&str], peer: &str, forwarded: &str) -> String {
    let trusted: Vec<IpAddr> = trusted
        .iter()
        .map(|address| address.parse().unwrap())
        .collect();
    let headers = HeaderMap::from_iter([(
        "x-forwarded-for".parse().unwrap(),
        forwarded.parse().unwrap(),
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
    let proxy = ["127.0.0.1"];
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
