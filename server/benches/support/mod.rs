//! The real program as benchmarks start it: with the hashing cost of production, its own database and the
//! demo's users.

use std::{
    net::TcpListener,
    process::{Child, Command},
    time::Duration,
};

use reqwest::{Client, RequestBuilder, redirect::Policy};
use tempfile::TempDir;
use tokio::time::sleep;

/// A running `latchkey`; killed when dropped.
pub struct Server {
    pub process: Child,
    pub client: Client,
    pub origin: String,
    _folder: TempDir,
}

impl Server {
    /// Starts the program on the files in `folder` and waits until it is ready.
    pub async fn start(folder: TempDir, variables: &[(&'static str, String)]) -> Self {
        let port = free_port();
        let origin = format!("http://login.latchkey.localhost:{port}");
        let site = format!("http://www.latchkey.localhost:{port}");
        let database = format!("sqlite://{}", folder.path().join(DATABASE).display());
        let process = Command::new(env!("CARGO_BIN_EXE_latchkey"))
            .env_clear()
            .env("LATCHKEY_ENV", "demo")
            .env("LATCHKEY_ADDR", format!("127.0.0.1:{port}"))
            .env("LATCHKEY_LOGIN_ORIGIN", &origin)
            .env("LATCHKEY_SITE_ORIGIN", site)
            .env("LATCHKEY_COOKIE_DOMAIN", "latchkey.localhost")
            .env("LATCHKEY_LIMIT_CREDENTIAL_BURST", "1000000")
            .env("DATABASE_URL", database)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .spawn()
            .unwrap();
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .resolve("login.latchkey.localhost", ([127, 0, 0, 1], port).into())
            .build()
            .unwrap();
        let server = Self {
            process,
            client,
            origin,
            _folder: folder,
        };
        let ready = server.url("/health/ready");
        while server.client.get(&ready).send().await.is_err() {
            sleep(Duration::from_millis(50)).await;
        }
        server
    }

    /// Signs in the demo user; returns the session cookie as browsers send it.
    pub async fn sign_in(&self) -> String {
        let form = [
            ("email", "demo@latchkey.localhost"),
            ("password", "correct horse battery staple"),
        ];
        let answer = self.own_page("/login").form(&form).send().await.unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// A POST request as the login's own pages send it.
    pub fn own_page(&self, path: &str) -> RequestBuilder {
        self.client
            .post(self.url(path))
            .header("origin", &self.origin)
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

/// Name of the database file in the server's folder.
pub const DATABASE: &str = "bench.db";

/// A port of this machine that nothing listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}
