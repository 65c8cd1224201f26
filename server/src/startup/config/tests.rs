//! Which settings keep the server from starting, and that the message names them without their values.

use super::*;

const DEMO: [(&str, &str); 4] = [
    ("LATCHKEY_ENV", "demo"),
    (
        "LATCHKEY_LOGIN_ORIGIN",
        "http://login.latchkey.localhost:3000",
    ),
    ("LATCHKEY_SITE_ORIGIN", "http://www.latchkey.localhost:3000"),
    ("LATCHKEY_COOKIE_DOMAIN", "latchkey.localhost"),
];

const PRODUCTION: [(&str, &str); 5] = [
    ("LATCHKEY_ENV", "production"),
    ("LATCHKEY_LOGIN_ORIGIN", "https://login.example.com"),
    ("LATCHKEY_SITE_ORIGIN", "https://www.example.com"),
    ("LATCHKEY_COOKIE_DOMAIN", "example.com"),
    ("SMTP_URL", "smtps://user:hunter2-secret@mail.example.com"),
];

fn load(base: &[(&str, &str)], changes: &[(&str, &str)]) -> Result<Config, ConfigProblems> {
    let pairs = base.iter().chain(changes);
    let source = Source::new(pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Config::from_source(&source)
}

#[test]
fn the_smallest_configurations_are_enough() {
    assert!(load(&DEMO, &[]).is_ok());
    assert!(load(&PRODUCTION, &[]).is_ok());
}

#[test]
fn a_connection_outlives_that_of_a_load_balancer_by_default() {
    // nginx, AWS and Azure keep idle connections for a minute or less.
    let config = load(&PRODUCTION, &[]).unwrap();
    assert!(config.http.connections.idle_timeout > std::time::Duration::from_secs(60));
}

#[test]
fn every_problem_is_named_at_once_and_no_value_is_printed() {
    let changes = [
        ("LATCHKEY_ADDR", "s3cr3t"),
        ("LATCHKEY_PASSWORD_MIN", "3"),
        ("DATABASE_URL", "s3cr3t://"),
    ];
    let problems = load(&changes, &[("LATCHKEY_ENV", "demo")])
        .unwrap_err()
        .to_string();
    for name in [
        "LATCHKEY_ADDR",
        "LATCHKEY_LOGIN_ORIGIN",
        "LATCHKEY_SITE_ORIGIN",
        "LATCHKEY_PASSWORD_MIN",
        "DATABASE_URL",
    ] {
        assert!(problems.contains(name), "{name} is not in:\n{problems}");
    }
    assert!(!problems.contains("s3cr3t"), "{problems}");
}

#[test]
fn a_wrong_value_stops_the_start_by_name() {
    for (name, value) in [
        ("LATCHKEY_ENV", "staging"),
        ("LATCHKEY_LOGIN_ORIGIN", "login.latchkey.localhost"),
        ("LATCHKEY_SITE_ORIGIN", "http://www.example.com"),
        ("LATCHKEY_POPUP_CONTINUE", "yes"),
        ("LATCHKEY_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("LATCHKEY_TRUSTED_PROXIES", "10.0.0.1 10.0.0.2"),
        ("LATCHKEY_TRUSTED_PROXIES", "proxy.internal"),
        ("DATABASE_URL", "sqlite::memory:"),
        ("LATCHKEY_SESSION_DAYS", "400"),
        ("LATCHKEY_FIREBASE_SIGNER_KEY", "no base64!"),
        ("LATCHKEY_FIREBASE_SIGNER_KEY", "c2hvcnQ="),
        ("MAIL_FROM", "no address"),
        ("SMTP_URL", "http://mail.example.com"),
        ("SMTP_URL", "smtp://user:12#3@localhost:8007"),
        ("SSL_CERT_FILE", "/nowhere/ca.pem"),
        ("SSL_CERT_FILE", "Cargo.toml"),
        ("LATCHKEY_AUDIT_KEEP", "0"),
        ("LATCHKEY_AUDIT_KEEP", "forever"),
        ("LATCHKEY_LOG_FORMAT", "xml"),
        ("LATCHKEY_METRICS_ADDR", "9464"),
        ("LATCHKEY_METRICS_ADDR", "127.0.0.1:3000"),
        ("LATCHKEY_IDLE_SECONDS", "0"),
        ("LATCHKEY_MAX_CONNECTIONS_PER_CLIENT", "0"),
    ] {
        let problems = load(&DEMO, &[(name, value)])
            .map(|_| ())
            .map_err(|problems| problems.to_string());
        assert!(
            problems.as_ref().is_err_and(|text| text.starts_with(name)),
            "{name}: {problems:?}"
        );
    }
}

#[test]
fn proxies_are_addresses_and_networks() {
    for (written, network) in [
        ("10.0.0.1", "10.0.0.1/32"),
        ("172.18.0.0/16", "172.18.0.0/16"),
        ("::ffff:10.0.0.1", "10.0.0.1/32"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("2001:db8::1", "2001:db8::1/128"),
        ("2001:db8::/32", "2001:db8::/32"),
    ] {
        let both = format!("{written}, 192.0.2.1");
        let config = load(&DEMO, &[("LATCHKEY_TRUSTED_PROXIES", &both)]).unwrap();
        let read = config.http.trusted_proxies.iter().map(ToString::to_string);
        let read: Vec<String> = read.collect();
        assert_eq!(read, [network, "192.0.2.1/32"], "{written}");
    }
}

#[test]
fn the_cookie_domain_is_a_parent_that_browsers_accept() {
    let try_domain = |domain| {
        let sites = [
            ("LATCHKEY_LOGIN_ORIGIN", "https://login.example.co.uk"),
            ("LATCHKEY_SITE_ORIGIN", "https://www.example.co.uk"),
            ("LATCHKEY_COOKIE_DOMAIN", domain),
        ];
        load(&PRODUCTION, &sites).map(|config| config.http.cookie_domain)
    };
    assert_eq!(try_domain("example.co.uk").unwrap(), "example.co.uk");
    assert_eq!(try_domain(".Example.co.uk").unwrap(), "example.co.uk");
    for refused in [
        "co.uk",
        "uk",
        "com",
        "example.com",
        "ample.co.uk",
        "login.example.co.uk",
        "127.0.0.1",
        "",
    ] {
        let problems = try_domain(refused).unwrap_err().to_string();
        assert!(
            problems.starts_with("LATCHKEY_COOKIE_DOMAIN must"),
            "{refused}: {problems}"
        );
    }
}

#[test]
fn production_refuses_what_only_the_demo_may_have() {
    for (name, value) in [
        (
            "LATCHKEY_LOGIN_ORIGIN",
            "http://login.latchkey.localhost:3000",
        ),
        ("LATCHKEY_SANDBOX_URL", "http://localhost:3001"),
        ("SMTP_URL", ""),
    ] {
        let problems = load(&PRODUCTION, &[(name, value)]).unwrap_err().to_string();
        assert!(problems.contains(name), "{name}: {problems}");
    }
}

#[test]
fn secrets_are_not_in_the_debug_output() {
    let debug = format!("{:?}", load(&PRODUCTION, &[]).unwrap());
    assert!(!debug.contains("hunter2"), "{debug}");
}

#[test]
fn a_secret_file_loses_its_line_break_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    std::fs::write(&file, "\u{feff} key with spaces \r\n").unwrap();
    let source = Source::new([("SMTP_URL_FILE".to_owned(), file.display().to_string())]);
    let secret = source.secret("SMTP_URL").unwrap();
    assert_eq!(
        secrecy::ExposeSecret::expose_secret(&secret),
        " key with spaces "
    );
    let source = Source::new([(
        "SMTP_URL_FILE".to_owned(),
        folder.path().display().to_string(),
    )]);
    assert!(source.secret("SMTP_URL").is_none());
    assert!(
        source
            .finish(())
            .unwrap_err()
            .to_string()
            .starts_with("SMTP_URL_FILE must")
    );
}

#[test]
fn a_name_that_does_not_exist_is_noticed() {
    let source = Source::new([("LATCHKEY_ADRR".to_owned(), "127.0.0.1:1".to_owned())]);
    let _ = Config::from_source(&source);
    assert_eq!(source.unknown_names(), ["LATCHKEY_ADRR"]);
}
