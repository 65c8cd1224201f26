//! The environment variables with which server and sandbox are started: the demo's values for the chosen
//! ports. None is a real secret; the keys are the sandbox's own.

mod demo_env;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::ports::Ports;
use crate::repo;

/// Looks up a variable of the caller's environment, which overrides the demo's value.
pub(crate) type Caller = fn(&str) -> Option<OsString>;

/// Names and values of variables, in the order in which they were set.
pub(crate) type Variables = Vec<(String, OsString)>;

/// The variables of server and sandbox.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) server: Variables,
    pub(crate) sandbox: Variables,
}

impl Settings {
    /// The demo's values, except those that `caller` overrides. The sandbox's values follow from the
    /// server's. Variables of vendors are in the `demo.env` files of their folders.
    pub(crate) fn new(
        ports: Ports,
        database: &Path,
        assets: &Path,
        caller: Caller,
    ) -> Result<Self> {
        let places = places(ports, database);
        let own =
            |(name, value): (&str, OsString)| (name.to_owned(), caller(name).unwrap_or(value));
        let mut server: Variables = server(ports, database, assets)
            .into_iter()
            .map(own)
            .collect();
        for line in demo_env::read_all(&repo::root().join("server/src/vendors"))? {
            if let Some((name, value)) = demo_env::variable(&line, &[&places, &server])? {
                server.push(own((&name, value)));
            }
        }
        let mut sandbox: Variables = sandbox(ports, &server).into_iter().map(own).collect();
        for line in demo_env::read_all(&repo::root().join("sandbox/src"))? {
            if let Some((name, value)) = demo_env::variable(&line, &[&places, &server])? {
                sandbox.push(own((&name, value)));
            }
        }
        Ok(Self { server, sandbox })
    }
}

impl Settings {
    /// Replaces the server's database.
    pub(crate) fn use_database(&mut self, url: &str) {
        self.server.push(("DATABASE_URL".to_owned(), url.into()));
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

fn server(ports: Ports, database: &Path, assets: &Path) -> Vec<(&'static str, OsString)> {
    let Ports { site, smtp, .. } = ports;
    vec![
        ("LATCHKEY_ENV", "demo".into()),
        ("LATCHKEY_ADDR", format!("127.0.0.1:{site}").into()),
        ("LATCHKEY_LOGIN_ORIGIN", login_origin(ports).into()),
        ("LATCHKEY_SITE_ORIGIN", site_origin(ports).into()),
        ("LATCHKEY_COOKIE_DOMAIN", "latchkey.localhost".into()),
        ("LATCHKEY_ADMINS", "demo@latchkey.localhost".into()),
        ("LATCHKEY_SANDBOX_URL", sandbox_url(ports).into()),
        ("LATCHKEY_ASSETS", assets.into()),
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
pub(crate) fn login_origin(ports: Ports) -> String {
    format!("http://login.latchkey.localhost:{}", ports.site)
}

/// The demo site's origin.
pub(crate) fn site_origin(ports: Ports) -> String {
    format!("http://www.latchkey.localhost:{}", ports.site)
}

/// The sandbox's origin.
pub(crate) fn sandbox_url(ports: Ports) -> String {
    format!("http://localhost:{}", ports.sandbox)
}

/// One of the two programs by its name, or another one by its path, with its variables and without those that are meant
/// for `xtask`.
pub(crate) fn program(name: impl AsRef<Path>, variables: &Variables) -> Result<Command> {
    let mut command = Command::new(repo::binaries()?.join(name));
    command.current_dir(repo::root());
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    command.env_remove("LATCHKEY_CHROMIUM");
    command.env_remove("LATCHKEY_FIREFOX");
    Ok(command)
}

/// The database of a running demo. A throw-away one is deleted when this is dropped.
pub(crate) struct Database {
    pub(crate) file: PathBuf,
    throw_away: Option<PathBuf>,
}

impl Database {
    /// The database that is kept between two runs on the same port.
    pub(crate) fn kept(ports: Ports) -> Result<Self> {
        let folder = repo::root().join("data");
        repo::create_folder(&folder)?;
        // The demo data contains origins, which contain the port.
        let name = if ports.site == 3000 {
            "demo.db".to_owned()
        } else {
            format!("demo-{}.db", ports.site)
        };
        Ok(Self {
            file: folder.join(name),
            throw_away: None,
        })
    }

    /// An empty database in a temporary folder.
    pub(crate) fn throw_away(ports: Ports) -> Result<Self> {
        let name = format!("latchkey-{}-{}", std::process::id(), ports.site);
        let folder = std::env::temp_dir().join(name);
        repo::create_folder(&folder)?;
        Ok(Self {
            file: folder.join("demo.db"),
            throw_away: Some(folder),
        })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(folder) = &self.throw_away {
            // If this fails, the system deletes it with its other temporary files.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
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

    fn settings(caller: Caller) -> Settings {
        let ports = Ports::from_base(4000).unwrap();
        Settings::new(
            ports,
            Path::new("/tmp/a b?/demo.db"),
            Path::new("/site"),
            caller,
        )
        .unwrap()
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
        let vendors = repo::entries(&repo::root().join("server/src/vendors")).unwrap();
        let settings = settings(|_| None);
        for folder in vendors.iter().filter(|folder| folder.is_dir()) {
            let name = folder.file_name().unwrap().to_str().unwrap();
            let prefix = format!("SANDBOX_{}_", name.to_ascii_uppercase());
            let told = settings
                .sandbox
                .iter()
                .any(|(name, _)| name.starts_with(&prefix));
            assert!(told, "sandbox/src/{name}/demo.env is missing or empty");
        }
    }
}
