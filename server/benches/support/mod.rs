//! The real program as benchmarks start it: with the hashing cost of production, its own database and the
//! demo's users, as behind a proxy that ends TLS.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command},
    time::Duration,
};

use reqwest::{
    Client, RequestBuilder, Response,
    header::{HOST, HeaderMap, HeaderValue},
    redirect::Policy,
};
use tokio::time::sleep;

/// The host of the login, which every server has.
pub const LOGIN: &str = "login.example.com";

/// This workspace's program.
pub const LATCHKEY: &str = env!("CARGO_BIN_EXE_latchkey");

/// A variable that not every server has.
pub type Variable = (&'static str, String);

/// A running `latchkey`; killed when dropped.
pub struct Server {
    pub process: Child,
    pub client: Client,
    pub port: u16,
}

impl Server {
    /// Starts a program on a database and waits until it is ready.
    pub async fn start(program: impl AsRef<Path>, database: &str, variables: &[Variable]) -> Self {
        let port = free_port();
        let process = Command::new(program.as_ref())
            .env_clear()
            .env("LATCHKEY_ENV", "demo")
            .env("LATCHKEY_ADDR", format!("127.0.0.1:{port}"))
            .env("LATCHKEY_LOGIN_ORIGIN", format!("https://{LOGIN}"))
            .env("LATCHKEY_SITE_ORIGIN", "https://www.example.com")
            .env("LATCHKEY_COOKIE_DOMAIN", "example.com")
            .env("LATCHKEY_LIMIT_CREDENTIAL_BURST", "1000000")
            .env("DATABASE_URL", database)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            // Into a file, as operators do: a line for every request.
            .stderr(tempfile::tempfile().unwrap())
            .spawn()
            .unwrap();
        let host = HeaderMap::from_iter([(HOST, HeaderValue::from_static(LOGIN))]);
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .default_headers(host)
            .build()
            .unwrap();
        let server = Self {
            process,
            client,
            port,
        };
        let ready = server.url("/health/ready");
        while server.client.get(&ready).send().await.is_err() {
            sleep(Duration::from_millis(50)).await;
        }
        server
    }

    /// Signs in the demo user; returns the session cookie as browsers send it.
    pub async fn sign_in(&self) -> String {
        let response = self.submit_sign_in().await;
        let cookie = response.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Submits the demo user's address and password.
    pub async fn submit_sign_in(&self) -> Response {
        let form = [
            ("email", "demo@latchkey.localhost"),
            ("password", "correct horse battery staple"),
        ];
        self.own_page("/login").form(&form).send().await.unwrap()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// A POST request as the login's own pages send it.
    pub fn own_page(&self, path: &str) -> RequestBuilder {
        self.client
            .post(self.url(path))
            .header("origin", format!("https://{LOGIN}"))
            .header("sec-fetch-site", "same-origin")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The URL of a database file in a folder.
pub fn database_in(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("bench.db").display())
}

/// A port of this machine that nothing listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}
