//! What `latchkey.js` weighs, wherever it is deployed.

use super::*;
use crate::config::{Config, Source};

fn weights(login: &str, site: &str, domain: &str) -> [usize; 2] {
    let demo = [
        ("LATCHKEY_ENV", "demo"),
        ("LATCHKEY_LOGIN_ORIGIN", login),
        ("LATCHKEY_SITE_ORIGIN", site),
        ("LATCHKEY_COOKIE_DOMAIN", domain),
    ];
    let demo = demo.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::from_source(&Source::new(demo)).unwrap().http;
    let script = OpenerScript::new(&config, "vendor").unwrap();
    [&script.0[0], &script.0[1]].map(|served| served.brotli.len())
}

#[test]
fn it_is_below_three_kibibytes_wherever_it_is_deployed() {
    let mut all = vec![weights(
        "https://accounts.customers.example-company.com",
        "https://www.customers.example-company.com",
        "customers.example-company.com",
    )];
    for port in 3000..3032 {
        all.push(weights(
            &format!("http://login.latchkey.localhost:{port}"),
            &format!("http://www.latchkey.localhost:{port}"),
            "latchkey.localhost",
        ));
    }
    let heaviest = all.iter().flatten().max().unwrap();
    assert!(*heaviest < 3 * 1024, "{heaviest} bytes");
}
