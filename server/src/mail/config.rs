//! The settings of mail.

use lettre::message::Mailbox;
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use crate::config::{HttpConfig, Source};

/// The settings of mail. Without an SMTP server, mails stay in the queue.
#[derive(Clone, Debug)]
pub struct MailConfig {
    pub smtp: Option<SmtpConfig>,
    /// `MAIL_FROM`: the sender, such as `Example <no-reply@example.com>`.
    pub from: Mailbox,
}

/// An SMTP server, from `SMTP_URL` (or `SMTP_URL_FILE`): `smtps://user:password@host:465`,
/// `smtp://host:587?tls=required`, or plain `smtp://localhost:25`.
#[derive(Clone, Debug)]
pub struct SmtpConfig {
    pub host: String,
    pub port: u16,
    pub tls: SmtpTls,
    /// User and password.
    pub login: Option<(String, SecretString)>,
    /// What we call ourselves: the URL's path, or the login's host.
    pub hello_name: String,
}

/// When the connection to an SMTP server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// `smtp://`: never.
    None,
    /// `smtp://…?tls=opportunistic`: if the server offers it.
    Opportunistic,
    /// `smtp://…?tls=required`: by STARTTLS.
    Required,
    /// `smtps://`: from the first byte.
    Wrapper,
}

impl SmtpConfig {
    /// Reads a URL whose every part is used; `None` if any other is there. A password with a bare `#`, `/` or
    /// `?` would otherwise end the host early.
    fn parse(text: &str, login_host: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let tls = url.query().map(|query| query.strip_prefix("tls="));
        let (tls, default_port) = match (url.scheme(), tls) {
            ("smtps", None) => (SmtpTls::Wrapper, 465),
            ("smtp", None) => (SmtpTls::None, 25),
            ("smtp", Some(Some("required"))) => (SmtpTls::Required, 587),
            ("smtp", Some(Some("opportunistic"))) => (SmtpTls::Opportunistic, 587),
            _ => return None,
        };
        let host = match url.host()? {
            Host::Domain(name) if is_host_name(name) => name.to_owned(),
            Host::Domain(_) => return None,
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let decoded = |text| Some(percent_decode_str(text).decode_utf8().ok()?.into_owned());
        let login = match (url.username(), url.password()) {
            ("", None) => None,
            ("", Some(_)) | (_, None) => return None,
            (user, Some(password)) => Some((decoded(user)?, decoded(password)?.into())),
        };
        let hello_name = match url.path().trim_matches('/') {
            "" => login_host,
            name => name,
        };
        if url.fragment().is_some() || !is_host_name(hello_name) {
            return None;
        }
        Some(Self {
            host,
            port: url.port().unwrap_or(default_port),
            tls,
            login,
            hello_name: hello_name.to_owned(),
        })
    }
}

fn is_host_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !name.is_empty() && name.bytes().all(plain)
}

impl MailConfig {
    pub(crate) fn from_source(source: &Source, http: &HttpConfig) -> Self {
        let default_from = format!("no-reply@{}", http.cookie_domain);
        let from = source.text("MAIL_FROM").unwrap_or(default_from);
        let from = from.parse().unwrap_or_else(|_| {
            source.problem(
                "MAIL_FROM",
                "must be a mail address such as Example <no-reply@example.com>",
            );
            placeholder()
        });
        let url = source.secret("SMTP_URL");
        let smtp = url.as_ref().and_then(|url| {
            let smtp = SmtpConfig::parse(url.expose_secret(), http.login_origin.host());
            if smtp.is_none() {
                source.problem(
                    "SMTP_URL",
                    "must be like smtps://user:password@host:465 or smtp://host:587?tls=required, with special \
                     characters of user and password percent-encoded, such as %23 for #",
                );
            }
            smtp
        });
        if url.is_none() && http.is_production() {
            source.problem(
                "SMTP_URL",
                "must name a mail server in production, such as smtps://user:password@host:465",
            );
        }
        Self { smtp, from }
    }
}

#[expect(
    clippy::expect_used,
    reason = "the constant is an address; a test would fail first"
)]
fn placeholder() -> Mailbox {
    "no-reply@localhost".parse().expect("an address")
}

#[cfg(test)]
mod tests;
