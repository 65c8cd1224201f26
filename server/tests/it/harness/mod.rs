//! `TestApp::start().await` gives a running server; `app.anonymous()` and `app.signed_in().await` give browsers.
//!
//! Dropping the `TestApp` stops everything.

mod browser;
mod database;
mod log;
mod postgres_server;
mod process;
mod raw;
mod response;
mod stub;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sandbox::Running;
use server::{
    accounts::Accounts,
    clock::{Clock, Timestamp},
    config::Source,
    database::query,
    mail::MailQueue,
    startup::{Application, Config, build},
    sweeper::Sweeper,
    web::AppState,
    workers::Workers,
};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinSet};

use crate::vendors;

pub use browser::Browser;
pub use database::{DATABASE, database_url, file_url, open, open_with, postgres, run_outside};
pub use log::{Log, assert_none_in};
pub use postgres_server::{PostgresServer, create_database, shared_folder};
pub use process::{Process, free_address, output};
pub use raw::{Connection, status};
pub use response::Response;
pub use stub::{Reply, Stub};

pub const DANA: &str = "demo@latchkey.localhost";
pub const RIVA: &str = "rival@latchkey.localhost";
pub const PASSWORD: &str = "correct horse battery staple";

/// A password that the rules accept, for users that a test registers.
pub const GOOD_PASSWORD: &str = "seven purple kites at dusk";

/// Settings that turn the demo's provider off.
pub const NO_PROVIDER: [(&str, &str); 3] = [
    ("OAUTH_SSO_ISSUER", ""),
    ("OAUTH_SSO_CLIENT_ID", ""),
    ("OAUTH_SSO_CLIENT_SECRET", ""),
];

/// A running server with everything around it.
pub struct TestApp {
    pub addr: SocketAddr,
    pub clock: Clock,
    pub sandbox: Running,
    pub state: AppState,
    pub mails: MailQueue,
    pub sweeper: Sweeper,
    pub folder: TempDir,
    _tasks: JoinSet<()>,
}

impl TestApp {
    /// A demo deployment with cheap hashing.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with some settings changed; an empty value removes a setting.
    pub async fn start_with(changes: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clocks = (Clock::fixed(now()), sandbox::Clock::default());
        Self::start_in(folder, clocks, changes).await
    }

    /// A demo deployment on a database file, whatever the other tests run on.
    pub async fn start_on_file() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = database::file_url(folder.path());
        let clocks = (Clock::fixed(now()), sandbox::Clock::default());
        Self::start_in(folder, clocks, &[("DATABASE_URL", &url)]).await
    }

    /// A demo deployment at another time, on a database file from another version.
    pub async fn start_on(dump: &'static str, at: Timestamp, changes: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        database::load(dump, folder.path()).await;
        let url = database::file_url(folder.path());
        let changes = [changes, &[("DATABASE_URL", url.as_str())]].concat();
        let seconds = u64::try_from(at.0 / 1000).unwrap();
        let clocks = (Clock::fixed(at), sandbox::Clock::frozen_at(seconds));
        Self::start_in(folder, clocks, &changes).await
    }

    async fn start_in(
        folder: TempDir,
        (clock, sandbox_clock): (Clock, sandbox::Clock),
        changes: &[(&str, &str)],
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let sandbox = sandbox::start(sandbox::Config {
            login_origin: origin("login", addr).parse().unwrap(),
            site_origin: origin("www", addr).parse().unwrap(),
            clock: sandbox_clock,
            ..sandbox::Config::ephemeral()
        });
        let sandbox = sandbox.await.unwrap();
        let config = config(addr, &sandbox, &folder, changes);
        let Application {
            service,
            state,
            sweeper,
            mails,
            mail_workers,
        } = build(&config, clock.clone()).await.unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(server::serve::serve(
            listener,
            service,
            config.http.connections.clone(),
            state.proxies.clone(),
            std::future::pending(),
        ));
        for worker in mail_workers {
            state.workers.start(worker);
        }
        Self {
            addr,
            clock,
            sandbox,
            state,
            mails,
            sweeper,
            folder,
            _tasks: tasks,
        }
    }

    /// A second server on the same database, clock and settings, as after a restart.
    pub async fn restarted(&self, changes: &[(&str, &str)]) -> (Browser, (JoinSet<()>, Workers)) {
        self.restarted_until(std::future::pending(), changes).await
    }

    /// The same, until `stop` completes.
    pub async fn restarted_until(
        &self,
        stop: impl Future<Output = ()> + Send + 'static,
        changes: &[(&str, &str)],
    ) -> (Browser, (JoinSet<()>, Workers)) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let config = config(addr, &self.sandbox, &self.folder, changes);
        let application = build(&config, self.clock.clone()).await.unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(server::serve::serve(
            listener,
            application.service,
            config.http.connections.clone(),
            application.state.proxies.clone(),
            stop,
        ));
        let workers = application.state.workers;
        for worker in application.mail_workers {
            workers.start(worker);
        }
        (Browser::new(addr), (tasks, workers))
    }

    /// A browser without cookies.
    pub fn anonymous(&self) -> Browser {
        Browser::new(self.addr)
    }

    /// A browser in which Dana has signed in.
    pub async fn signed_in(&self) -> Browser {
        self.signed_in_as(DANA, PASSWORD).await
    }

    /// A browser in which a user has signed in.
    pub async fn signed_in_as(&self, email: &str, password: &str) -> Browser {
        let browser = self.anonymous();
        let response = browser.sign_in(email, password).await;
        assert_eq!(
            response.status, 303,
            "cannot sign in as {email}: {}",
            response.body
        );
        browser
    }

    /// Waits until an address has more than `already` mails, and returns the text of the newest.
    pub async fn mail_to(&self, address: &str, already: usize) -> String {
        for _ in 0..2000 {
            let messages = self.sandbox.mailbox().messages_for(address);
            if messages.len() > already {
                return messages[0].text.clone();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no mail to {address} after twenty seconds");
    }

    /// The number of mails to an address, once the queue is empty.
    pub async fn mails_to(&self, address: &str) -> usize {
        for _ in 0..2000 {
            let waiting: i64 = self.count("SELECT COUNT(*) FROM mails").await;
            if waiting == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.sandbox.mailbox().messages_for(address).len()
    }

    /// The number that a query returns.
    pub async fn count(&self, sql: &'static str) -> i64 {
        query(sql)
            .fetch_one(self.state.database.read())
            .await
            .unwrap()
    }

    /// The URL of the deployment's database.
    pub fn database_url(&self) -> String {
        database::database_url(self.folder.path())
    }

    /// The deployment's schema of the PostgreSQL server.
    pub fn schema(&self) -> String {
        database::schema(self.folder.path())
    }

    /// Everything that the database stores.
    pub async fn stored(&self) -> Vec<u8> {
        database::stored(self.folder.path()).await
    }

    /// Changes the database without the server's knowledge.
    pub async fn execute(&self, sql: &'static str) {
        let mut tx = self.state.database.write().await.unwrap();
        query(sql).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Registers a user and clicks the link of the mail.
    pub async fn register(&self, email: &str, password: &str) {
        let token = self.registration_token(email, password).await;
        let response = self
            .anonymous()
            .post("/verify-email", &[("token", &token)])
            .await;
        assert_eq!(response.status, 303, "{}", response.body);
    }

    /// Requests a link to choose a new password, and returns the token in the mail.
    pub async fn reset_token(&self, email: &str) -> String {
        let already = self.mails_to(email).await;
        let response = self
            .anonymous()
            .post("/forgot-password", &[("email", email)])
            .await;
        assert_eq!(response.status, 200, "{}", response.body);
        token_in(&self.mail_to(email, already).await)
    }

    /// Registers a user, and returns the token in the mail.
    pub async fn registration_token(&self, email: &str, password: &str) -> String {
        let already = self.mails_to(email).await;
        let response = self.anonymous().register(email, "Some One", password).await;
        assert_eq!(response.status, 200, "{}", response.body);
        token_in(&self.mail_to(email, already).await)
    }

    /// The same accounts, but every request to hash a password is rejected at once, as by a full queue.
    pub fn accounts_without_hashing(&self) -> Accounts {
        let mut config = config(self.addr, &self.sandbox, &self.folder, &[]).accounts;
        config.passwords.threads = 0;
        let state = &self.state;
        let limits = (state.limiter.clone(), Arc::clone(&state.limits));
        Accounts::new(
            &config,
            state.database.clone(),
            self.clock.clone(),
            limits,
            self.mails.clone(),
        )
        .unwrap()
    }

    /// The path of the database file.
    pub fn database_file(&self) -> PathBuf {
        self.folder.path().join(DATABASE)
    }

    /// The status of `/health/ready`, once the previous result is too old to be reused.
    pub async fn readiness(&self) -> u16 {
        tokio::time::sleep(Duration::from_millis(1100)).await;
        self.anonymous().get("/health/ready").await.status
    }

    /// Waits until `/health/ready` responds with 200. Workers that have failed in an outage try again after a while.
    pub async fn becomes_ready(&self) {
        for _ in 0..20 {
            if self.readiness().await == 200 {
                return;
            }
        }
        panic!("not ready after twenty seconds");
    }

    /// The login's origin as browsers know it.
    pub fn login_origin(&self) -> String {
        origin("login", self.addr)
    }

    /// The embedding site's origin.
    pub fn site_origin(&self) -> String {
        origin("www", self.addr)
    }
}

/// The token of the link in a mail.
pub fn token_in(mail: &str) -> String {
    let rest = mail.split_once("token=").expect("a link with a token").1;
    rest.chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_')
        .collect()
}

fn config(
    addr: SocketAddr,
    sandbox: &Running,
    folder: &TempDir,
    changes: &[(&str, &str)],
) -> Config {
    let settings = settings(addr, sandbox, folder.path(), changes);
    Config::from_source(&Source::new(settings)).unwrap()
}

/// The origin `name` of the server at `addr`.
fn origin(name: &str, addr: SocketAddr) -> String {
    format!("http://{name}.latchkey.localhost:{}", addr.port())
}

/// The variables of a demo deployment with cheap hashing, whose files are in `folder`.
pub fn settings(
    addr: SocketAddr,
    sandbox: &Running,
    folder: &Path,
    changes: &[(&str, &str)],
) -> Vec<(String, String)> {
    let mut settings = vec![
        ("LATCHKEY_ENV", "demo".to_owned()),
        ("LATCHKEY_ADDR", addr.to_string()),
        ("LATCHKEY_LOGIN_ORIGIN", origin("login", addr)),
        ("LATCHKEY_SITE_ORIGIN", origin("www", addr)),
        ("LATCHKEY_COOKIE_DOMAIN", "latchkey.localhost".to_owned()),
        ("LATCHKEY_SANDBOX_URL", sandbox.url().to_owned()),
        ("LATCHKEY_ASSETS", folder.join("site").display().to_string()),
        ("LATCHKEY_ARGON2_MEMORY_KIB", "7168".to_owned()),
        ("LATCHKEY_ARGON2_PASSES", "1".to_owned()),
        ("DATABASE_URL", database::database_url(folder)),
        ("LATCHKEY_DATABASE_CONNECTIONS", "6".to_owned()),
        ("SMTP_URL", format!("smtp://{}", sandbox.smtp)),
        ("OAUTH_SSO_ISSUER", sandbox.sso().issuer().to_owned()),
        ("OAUTH_SSO_NAME", "Example SSO".to_owned()),
        ("OAUTH_SSO_CLIENT_ID", "latchkey-demo".to_owned()),
        (
            "OAUTH_SSO_CLIENT_SECRET",
            "latchkey-demo-sso-secret-not-for-production".to_owned(),
        ),
    ];
    settings.extend(vendors::settings(sandbox, folder));
    settings.extend(
        changes
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned())),
    );
    settings
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the fixed clock starts at the current time"
)]
fn now() -> Timestamp {
    let since_epoch = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    Timestamp(i64::try_from(since_epoch.as_millis()).unwrap())
}
