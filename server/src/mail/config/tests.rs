//! Which URLs name a mail server.

use super::*;

fn parse(url: &str) -> Option<SmtpConfig> {
    SmtpConfig::parse(url, "login.example.com")
}

fn password(config: SmtpConfig) -> Option<String> {
    config
        .login
        .map(|(_, password)| password.expose_secret().to_owned())
}

#[test]
fn every_part_of_a_url_is_read() {
    for (url, host, port, tls, hello_name) in [
        (
            "smtp://localhost",
            "localhost",
            25,
            SmtpTls::None,
            "login.example.com",
        ),
        (
            "smtp://127.0.0.1:8007",
            "127.0.0.1",
            8007,
            SmtpTls::None,
            "login.example.com",
        ),
        (
            "smtp://[::1]:25/",
            "::1",
            25,
            SmtpTls::None,
            "login.example.com",
        ),
        (
            "smtps://u:p@mail.example.com",
            "mail.example.com",
            465,
            SmtpTls::Wrapper,
            "login.example.com",
        ),
        (
            "smtp://mail.example.com?tls=required",
            "mail.example.com",
            587,
            SmtpTls::Required,
            "login.example.com",
        ),
        (
            "smtp://m:25?tls=opportunistic",
            "m",
            25,
            SmtpTls::Opportunistic,
            "login.example.com",
        ),
        (
            "smtps://u:p@m:465/out.example.com",
            "m",
            465,
            SmtpTls::Wrapper,
            "out.example.com",
        ),
    ] {
        let config = parse(url).unwrap();
        assert_eq!(
            (
                config.host.as_str(),
                config.port,
                config.tls,
                config.hello_name.as_str()
            ),
            (host, port, tls, hello_name),
            "{url}"
        );
    }
}

#[test]
fn a_password_is_decoded_and_one_that_would_end_the_host_is_rejected() {
    for (written, read) in [
        ("12+3", Some("12+3")),
        ("12%2B3", Some("12+3")),
        ("12%233", Some("12#3")),
        ("12%2F3", Some("12/3")),
        ("50%off", Some("50%off")),
        ("a:b", Some("a:b")),
        ("p@ss", Some("p@ss")),
        ("12#3", None),
        ("12/3", None),
        ("12?3", None),
        ("%ff", None),
    ] {
        let config = parse(&format!("smtp://user:{written}@localhost:8007"));
        assert_eq!(config.and_then(password).as_deref(), read, "{written}");
    }
}

#[test]
fn what_names_no_mail_server_is_rejected() {
    for url in [
        "mail.example.com",
        "http://mail.example.com",
        "smtp://",
        "smtp://user@mail.example.com",
        "smtp://:password@mail.example.com",
        "smtp://mail.example.com:port",
        "smtp://mail.example.com?tls=maybe",
        "smtps://mail.example.com?tls=required",
        "smtp://mail.example.com?starttls",
        "smtp://mail.example.com#x",
        "smtp://mail example.com",
        "smtp://mail.example.com/a/b",
    ] {
        assert!(parse(url).is_none(), "{url}");
    }
}
