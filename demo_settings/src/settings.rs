//! The environment variables with which server and sandbox are started: the demo's values for the chosen
//! ports. None is a real secret; the keys are the sandbox's own.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use anyhow::Result;

use crate::{Ports, demo_env};

/// Names and values of variables, in the order in which they were set.
pub type Variables = Vec<(String, OsString)>;

/// The variables of server and sandbox.
#[derive(Debug, Clone)]
pub struct Settings {
    pub server: Variables,
    pub sandbox: Variables,
}

impl Settings {
    /// The demo's values, except those that `caller` overrides. The sandbox's values follow from the server's.
    ///
    /// # Errors
    /// If a line of a `demo.env` cannot be used.
    pub fn new(
        ports: Ports,
        database: &Path,
        caller: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self> {
        let places = places(ports, database);
        let own =
            |(name, value): (&str, OsString)| (name.to_owned(), caller(name).unwrap_or(value));
        let mut server: Variables = server(ports, database).into_iter().map(own).collect();
        for line in demo_env::SERVER.lines() {
            if let Some((name, value)) = demo_env::variable(line, &[&places, &server])? {
                server.push(own((&name, value)));
            }
        }
        let mut sandbox: Variables = sandbox(ports, &server).into_iter().map(own).collect();
        for line in demo_env::SANDBOX.lines() {
            if let Some((name, value)) = demo_env::variable(line, &[&places, &server])? {
                sandbox.push(own((&name, value)));
            }
        }
        Ok(Self { server, sandbox })
    }

    /// Sets a variable of the server, which replaces its value.
    pub fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.server.push((name.to_owned(), value.into()));
    }
}

/// The names that values in a `demo.env` can use besides variables.
fn places(ports: Ports, database: &Path) -> Variables {
    let folder = database.parent().unwrap_or(Path::new("."));
    vec![
        ("login".to_owned(), login_origin(ports).into()),
        ("site".to_owned(), site_origin(ports).into()),
        ("sandbox".to_owned(), sandbox_url(ports).into()),
        ("sandbox_port".to_owned(), ports.sandbox.to_string().into()),
        // Where server and sandbox exchange files, separate for each port.
        (
            "data".to_owned(),
            folder.join(ports.site.to_string()).into(),
        ),
    ]
}

fn server(ports: Ports, database: &Path) -> Vec<(&'static str, OsString)> {
    let Ports { site, smtp, .. } = ports;
    vec![
        ("LATCHKEY_ENV", "demo".into()),
        ("LATCHKEY_ADDR", format!("127.0.0.1:{site}").into()),
        ("LATCHKEY_LOGIN_ORIGIN", login_origin(ports).into()),
        ("LATCHKEY_SITE_ORIGIN", site_origin(ports).into()),
        ("LATCHKEY_COOKIE_DOMAIN", "latchkey.localhost".into()),
        ("LATCHKEY_ADMINS", "demo@latchkey.localhost".into()),
        ("LATCHKEY_SANDBOX_URL", sandbox_url(ports).into()),
        ("DATABASE_URL", sqlite_url(database)),
        (
            "OAUTH_SSO_ISSUER",
            format!("{}/sso", sandbox_url(ports)).into(),
        ),
        ("OAUTH_SSO_NAME", "Example SSO".into()),
        ("OAUTH_SSO_CLIENT_ID", "latchkey-demo".into()),
        (
            "OAUTH_SSO_CLIENT_SECRET",
            "latchkey-demo-sso-secret-not-for-production".into(),
        ),
        ("SMTP_URL", format!("smtp://localhost:{smtp}").into()),
        (
            "MAIL_FROM",
            "Latchkey Demo <no-reply@latchkey.localhost>".into(),
        ),
        ("RUST_LOG", "warn,tower_sessions=error".into()),
    ]
}

fn sandbox(ports: Ports, server: &Variables) -> Vec<(&'static str, OsString)> {
    let Ports { sandbox, smtp, .. } = ports;
    let same = |name: &str| {
        let found = server.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    vec![
        ("SANDBOX_ADDR", format!("127.0.0.1:{sandbox}").into()),
        ("SANDBOX_SMTP_ADDR", format!("127.0.0.1:{smtp}").into()),
        ("SANDBOX_URL", same("LATCHKEY_SANDBOX_URL")),
        ("SANDBOX_LOGIN_ORIGIN", same("LATCHKEY_LOGIN_ORIGIN")),
        ("SANDBOX_SITE_ORIGIN", same("LATCHKEY_SITE_ORIGIN")),
        ("SANDBOX_SSO_CLIENT_ID", same("OAUTH_SSO_CLIENT_ID")),
        ("SANDBOX_SSO_CLIENT_SECRET", same("OAUTH_SSO_CLIENT_SECRET")),
        ("RUST_LOG", same("RUST_LOG")),
    ]
}

/// The login's origin.
pub fn login_origin(ports: Ports) -> String {
    format!("http://login.latchkey.localhost:{}", ports.site)
}

/// The demo site's origin.
pub fn site_origin(ports: Ports) -> String {
    format!("http://www.latchkey.localhost:{}", ports.site)
}

/// The sandbox's origin.
pub fn sandbox_url(ports: Ports) -> String {
    format!("http://localhost:{}", ports.sandbox)
}

/// The URL of a database file. Escapes `?` and `%`, which have a meaning in URLs.
fn sqlite_url(file: &Path) -> OsString {
    let escaped = file
        .as_os_str()
        .to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3F");
    let mut url = OsString::from("sqlite://");
    url.push(OsStr::new(&escaped));
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(caller: fn(&str) -> Option<OsString>) -> Settings {
        let ports = Ports::from_base(4000).unwrap();
        Settings::new(ports, Path::new("/tmp/a b?/demo.db"), caller).unwrap()
    }

    fn value(variables: &Variables, name: &str) -> String {
        let found = variables.iter().find(|(other, _)| *other == name).unwrap();
        found.1.to_string_lossy().into_owned()
    }

    #[test]
    fn the_ports_reach_every_address() {
        let settings = settings(|_| None);
        assert_eq!(
            value(&settings.server, "LATCHKEY_LOGIN_ORIGIN"),
            "http://login.latchkey.localhost:4000"
        );
        assert_eq!(value(&settings.server, "SMTP_URL"), "smtp://localhost:4002");
        assert_eq!(
            value(&settings.sandbox, "SANDBOX_SMTP_ADDR"),
            "127.0.0.1:4002"
        );
        assert_eq!(
            value(&settings.server, "DATABASE_URL"),
            "sqlite:///tmp/a b%3F/demo.db"
        );
    }

    #[test]
    fn the_caller_overrides_and_the_sandbox_follows() {
        let settings = settings(|name| (name == "OAUTH_SSO_CLIENT_ID").then(|| "mine".into()));
        assert_eq!(value(&settings.server, "OAUTH_SSO_CLIENT_ID"), "mine");
        assert_eq!(value(&settings.sandbox, "SANDBOX_SSO_CLIENT_ID"), "mine");
    }

    #[test]
    fn every_vendor_of_the_sandbox_is_told_what_the_server_is_told() {
        let vendors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/src/vendors");
        let settings = settings(|_| None);
        for folder in std::fs::read_dir(&vendors).unwrap() {
            let folder = folder.unwrap().path();
            if !folder.is_dir() {
                continue;
            }
            let name = folder.file_name().unwrap().to_str().unwrap();
            if !vendors.join("../../../sandbox/src").join(name).is_dir() {
                continue;
            }
            let prefix = format!("SANDBOX_{}_", name.to_ascii_uppercase());
            let told = settings
                .sandbox
                .iter()
                .any(|(name, _)| name.starts_with(&prefix));
            assert!(told, "sandbox/src/{name}/demo.env is missing or empty");
        }
    }
}
