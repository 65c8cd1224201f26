//! Which IP addresses count as the same client.

use super::*;

#[test]
fn a_mapped_address_is_the_same_client() -> Result<(), std::net::AddrParseError> {
    assert_eq!(
        network("::ffff:127.0.0.9".parse()?),
        network("127.0.0.9".parse()?)
    );
    Ok(())
}

#[test]
fn an_ipv6_client_is_its_network() -> Result<(), std::net::AddrParseError> {
    assert_eq!(
        network("2001:db8::1".parse()?),
        network("2001:db8::ffff:1".parse()?)
    );
    assert_ne!(
        network("2001:db8::1".parse()?),
        network("2001:db8:0:1::1".parse()?)
    );
    Ok(())
}
