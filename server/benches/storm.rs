//! A storm of wrong sign-ins: what the health page and a signed-in user's credential feel of it, and what it costs.
//!
//! `cargo xtask bench storm` runs the real binary with production's hashing. Every wrong sign-in comes from another
//! address for another account, so that no rate limit ends the storm before it reaches the hashing threads.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on has nothing to say"
)]

use std::{
    collections::BTreeMap,
    fs,
    net::TcpListener,
    process::{Child, Command},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use reqwest::{Client, RequestBuilder, redirect::Policy};
use sandbox::Running;
use tokio::time::sleep;

const CLIENTS: usize = 64;
const LENGTH: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() {
    let sandbox = sandbox::start(sandbox::Config::ephemeral()).await.unwrap();
    let server = Server::start(&sandbox).await;
    let cookie = server.sign_in().await;
    println!(
        "{CLIENTS} clients, {} s, {} cores",
        LENGTH.as_secs(),
        cores()
    );
    println!(
        "{:<22} {:>9} {:>9} {:>9} {:>9}",
        "", "requests", "p50 ms", "p99 ms", "max ms"
    );
    probe("idle", &server, &cookie).await;
    let (statuses, _) = tokio::join!(storm(&server), probe("storm", &server, &cookie));
    for (status, count) in statuses {
        println!(
            "wrong sign-ins with {status}: {:.1} per second",
            f64::from(count) / LENGTH.as_secs_f64()
        );
    }
    println!("memory at most: {} MiB", server.peak_kib() / 1024);
}

/// Asks both endpoints again and again, one request at a time each, and prints how long they took.
async fn probe(name: &str, server: &Server, cookie: &str) {
    let health = || server.client.get(server.url("/health/live"));
    let credential = || {
        server
            .own_page("/api/knoon/credentials")
            .header("cookie", cookie)
            .header("content-type", "application/json")
            .body(r#"{"chatBoxId":"cb_demo"}"#)
    };
    let (health, credential) = tokio::join!(times(health), times(credential));
    print_times(&format!("health, {name}"), health);
    print_times(&format!("credential, {name}"), credential);
}

async fn times(request: impl Fn() -> RequestBuilder) -> Vec<Duration> {
    let end = Instant::now() + LENGTH;
    let mut times = Vec::new();
    while Instant::now() < end {
        let began = Instant::now();
        let answer = request().send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.bytes().await.unwrap();
        times.push(began.elapsed());
        sleep(Duration::from_millis(5)).await;
    }
    times
}

fn print_times(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    println!(
        "{name:<22} {:>9} {:>9.1} {:>9.1} {:>9.1}",
        times.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

/// How often each status came back.
async fn storm(server: &Server) -> BTreeMap<u16, u32> {
    let end = Instant::now() + LENGTH;
    let number = Arc::new(AtomicU32::new(0));
    let statuses = Arc::new(Mutex::new(BTreeMap::new()));
    let clients = (0..CLIENTS).map(|_| {
        let (number, statuses) = (Arc::clone(&number), Arc::clone(&statuses));
        async move {
            while Instant::now() < end {
                let number = number.fetch_add(1, Ordering::Relaxed);
                let [_, a, b, c] = number.to_be_bytes();
                let email = format!("somebody-{number}@example.com");
                let form = [
                    ("email", email.as_str()),
                    ("password", "a wrong password of some length"),
                ];
                let request = server
                    .own_page("/login")
                    .header("x-forwarded-for", format!("10.{a}.{b}.{c}"))
                    .form(&form);
                let status = request.send().await.unwrap().status().as_u16();
                *statuses.lock().unwrap().entry(status).or_insert(0) += 1;
            }
        }
    });
    futures_util::future::join_all(clients).await;
    let statuses = statuses.lock().unwrap();
    statuses.clone()
}

struct Server {
    process: Child,
    client: Client,
    origin: String,
    _folder: tempfile::TempDir,
}

impl Server {
    async fn start(sandbox: &Running) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let origin = format!("http://login.latchkey.localhost:{port}");
        let process = Command::new(env!("CARGO_BIN_EXE_latchkey"))
            .env_clear()
            .envs([
                ("LATCHKEY_ENV", "demo".to_owned()),
                ("LATCHKEY_ADDR", format!("127.0.0.1:{port}")),
                ("LATCHKEY_LOGIN_ORIGIN", origin.clone()),
                (
                    "LATCHKEY_SITE_ORIGIN",
                    format!("http://www.latchkey.localhost:{port}"),
                ),
                ("LATCHKEY_COOKIE_DOMAIN", "latchkey.localhost".to_owned()),
                ("LATCHKEY_TRUSTED_PROXIES", "127.0.0.1".to_owned()),
                ("LATCHKEY_LIMIT_CREDENTIAL_BURST", "1000000".to_owned()),
                (
                    "DATABASE_URL",
                    format!("sqlite://{}", folder.path().join("storm.db").display()),
                ),
                ("KNOON_ORG_ID", "org_demo".to_owned()),
                (
                    "KNOON_API_KEY",
                    "knoon-demo-key-not-for-production".to_owned(),
                ),
                ("KNOON_API_URL", format!("{}/knoon", sandbox.url())),
                ("RUST_LOG", "error".to_owned()),
            ])
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
        while server
            .client
            .get(server.url("/health/ready"))
            .send()
            .await
            .is_err()
        {
            sleep(Duration::from_millis(50)).await;
        }
        server
    }

    async fn sign_in(&self) -> String {
        let form = [
            ("email", "demo@latchkey.localhost"),
            ("password", "correct horse battery staple"),
        ];
        let answer = self.own_page("/login").form(&form).send().await.unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// A post as this origin's own pages send it.
    fn own_page(&self, path: &str) -> RequestBuilder {
        self.client
            .post(self.url(path))
            .header("origin", &self.origin)
            .header("sec-fetch-site", "same-origin")
    }

    fn peak_kib(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmHWM:"))
            .unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Whatever went wrong before, nothing is left running.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}
