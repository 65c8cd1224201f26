//! How to connect: the URL, encryption and time limits.

use secrecy::{ExposeSecret, SecretString};
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::Url;

use crate::config::is_loopback;

/// How long PostgreSQL works on a statement, waits for a lock, and waits for the next statement of a transaction,
/// before it ends them.
const TIME_LIMITS: [(&str, &str); 3] = [
    ("statement_timeout", "5s"),
    ("lock_timeout", "3s"),
    ("idle_in_transaction_session_timeout", "10s"),
];

/// Begins a transaction with the same limits, since a pooler passes on none of a connection.
pub(super) const BEGIN_BEHIND_POOLER: &str = "BEGIN; SET LOCAL statement_timeout = '5s'; \
     SET LOCAL lock_timeout = '3s'; SET LOCAL idle_in_transaction_session_timeout = '10s'";

/// Begins a transaction that sees one state of the database, for as long as it takes.
pub(super) const BEGIN_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0; \
     SET LOCAL idle_in_transaction_session_timeout = 0";

/// Begins a transaction that may wait for locks, and may then take as long as it takes.
pub(super) const BEGIN_FREEZE: &str = "BEGIN; SET LOCAL statement_timeout = 0; \
     SET LOCAL lock_timeout = '30s'; SET LOCAL idle_in_transaction_session_timeout = 0";

/// A setting of our own, by which the server recognizes that the options of its connection have reached PostgreSQL.
pub(super) const RECOGNIZED_BY: (&str, &str) = ("latchkey.direct", "on");

/// Reads a URL and the variables of libpq. Where neither says otherwise, a server on another machine must prove its
/// name by a certificate.
///
/// # Errors
/// A sentence without the URL, which may contain a password.
pub(super) fn parse(url: &SecretString) -> Result<PgConnectOptions, &'static str> {
    const SENTENCE: &str = "must be like postgres://user@host/database";
    let url = Url::parse(url.expose_secret()).map_err(|_| SENTENCE)?;
    let mut options: PgConnectOptions = url.as_str().parse().map_err(|_| SENTENCE)?;
    let said = url
        .query_pairs()
        .any(|(name, _)| matches!(&*name, "sslmode" | "ssl-mode"));
    // A mode that the environment sets is not the default.
    let is_default = matches!(options.get_ssl_mode(), PgSslMode::Prefer);
    if !said && is_default && is_remote(&options) {
        options = options.ssl_mode(PgSslMode::VerifyFull);
    }
    Ok(options
        .application_name("latchkey")
        .disable_statement_logging())
}

fn is_remote(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let is_local = Url::parse(&format!("http://{host}")).is_ok_and(|url| is_loopback(&url));
    options.get_socket().is_none() && !host.starts_with('/') && !is_local
}

/// For a connection to PostgreSQL itself.
pub(super) fn direct(options: PgConnectOptions) -> PgConnectOptions {
    options.options(TIME_LIMITS).options([RECOGNIZED_BY])
}

/// For a connection through a pooler. It accepts no options, and statements cannot be prepared, since the next
/// transaction may run on another connection.
pub(super) fn behind_pooler(options: PgConnectOptions) -> PgConnectOptions {
    options.extra_float_digits(None).statement_cache_capacity(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_another_machine_must_prove_its_name_unless_the_url_says_otherwise() {
        for (url, must) in [
            ("postgres://db.example.com/latchkey", true),
            ("postgres://192.0.2.7:6432/latchkey", true),
            (
                "postgres://db.example.com/latchkey?sslrootcert=/etc/ca.pem",
                true,
            ),
            ("postgres://db.example.com/latchkey?sslmode=disable", false),
            ("postgres://db.example.com/latchkey?sslmode=require", false),
            ("postgres://localhost/latchkey", false),
            ("postgres://127.0.0.1/latchkey", false),
            ("postgres://[::1]/latchkey", false),
            ("postgres:///latchkey?host=/run/postgresql", false),
        ] {
            let options = parse(&SecretString::from(url)).unwrap();
            let mode = options.get_ssl_mode();
            assert_eq!(
                matches!(mode, PgSslMode::VerifyFull),
                must,
                "{url}: {mode:?}"
            );
        }
    }
}
