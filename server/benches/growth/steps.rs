//! What users do, through the server's own functions: HTTP would hide how long the database takes.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, header::COOKIE};
use secrecy::SecretString;
use server::{
    accounts::Registration,
    clock::Clock,
    config::Source,
    database::query,
    handoff::{Credential, DEMO_CHAT_BOX, Redemption},
    limits::Key,
    random, session,
    startup::{Application, Config, build},
    sweeper::Sweeper,
    web::AppState,
};
use sha2::{Digest, Sha256};
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
};

use crate::{
    population::{Population, Session},
    table::Column,
};

/// The password of every user, which is that of the demo.
const PASSWORD: &str = "correct horse battery staple";

const LOOK_UPS: u32 = 20_000;
const WRITES: u32 = 300;

/// An open database with everything that works on it, but no server.
pub struct Library {
    pub state: AppState,
    pub sweeper: Sweeper,
}

impl Library {
    pub async fn open(url: &str) -> Self {
        let settings = [
            ("LATCHKEY_ENV", "demo"),
            ("LATCHKEY_LOGIN_ORIGIN", "http://login.latchkey.localhost"),
            ("LATCHKEY_SITE_ORIGIN", "http://www.latchkey.localhost"),
            ("LATCHKEY_COOKIE_DOMAIN", "latchkey.localhost"),
            ("DATABASE_URL", url),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut config = Config::from_source(&Source::new(settings)).unwrap();
        (
            config.accounts.passwords.memory_kib,
            config.accounts.passwords.passes,
        ) = (8, 1);
        let Application { state, sweeper, .. } = build(&config, Clock::system()).await.unwrap();
        Self { state, sweeper }
    }

    /// A hash of [`PASSWORD`] that costs nearly nothing.
    pub async fn cheapest_hash(&self) -> String {
        let hash = "SELECT password_hash FROM users LIMIT 1";
        let hash = query(hash).fetch_one(self.state.database.read());
        hash.await.unwrap()
    }

    pub async fn close(self) {
        self.state.database.close().await;
    }

    pub async fn measure(&self, population: &Population, column: &mut Column) {
        let sessions = &population.sessions;
        let session = |n: u32| &sessions[n as usize % sessions.len()];
        let took = times(LOOK_UPS, |n| self.look_up(session(n))).await;
        add(column, "session and user", &took);
        let took = times(WRITES, |n| self.sign_in(population.address(n.into()), n)).await;
        add(column, "signing in", &took);
        let took = times(WRITES, |n| self.register(n)).await;
        add(column, "registering", &took);
        let took = times(WRITES, |n| self.count(n)).await;
        add(column, "counting for a rate limit", &took);
        let took = times(WRITES, |n| self.hand_over(session(n))).await;
        add(column, "issuing and redeeming a code", &took);
    }

    /// The two reads of a request for a credential.
    pub async fn look_up(&self, session: &Session) {
        let mut headers = HeaderMap::new();
        let cookie = format!("{}={}", session::COOKIE, session.id);
        headers.insert(COOKIE, cookie.parse().unwrap());
        let user = session::user_id(&self.state.sessions, &headers)
            .await
            .unwrap();
        let user = self.state.accounts.user(&user.unwrap()).await;
        assert!(user.unwrap().is_some());
    }

    async fn sign_in(&self, address: String, number: u32) {
        let password = SecretString::from(PASSWORD);
        let proof = self
            .state
            .accounts
            .sign_in(&address, &password, client(1, number))
            .await;
        let user = proof.unwrap().user_id;
        let mut record = Record {
            id: Id::default(),
            data: [("user_id".to_owned(), user.into())].into(),
            expiry_date: time::OffsetDateTime::UNIX_EPOCH,
        };
        self.state.sessions.create(&mut record).await.unwrap();
    }

    async fn register(&self, number: u32) {
        let password = SecretString::from("seven purple kites at dusk");
        let form = Registration {
            email: &format!("{}@example.com", random::uid()),
            display_name: "Some One",
            password: &password,
            attempt: &random::token(),
        };
        let registered = self.state.accounts.register(form, client(2, number)).await;
        registered.unwrap();
    }

    /// Counts for a client that has not been counted before.
    pub async fn count(&self, number: u32) {
        let key = Key::codes(client(3, number));
        let keys = [(&key, self.state.limits.codes)];
        self.state.limiter.count(&keys).await.unwrap();
    }

    async fn hand_over(&self, session: &Session) {
        let handoffs = &self.state.handoffs;
        let chat_box = handoffs.chat_box(DEMO_CHAT_BOX).await.unwrap().unwrap();
        let verifier = random::token();
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
        let credential = Credential {
            data: [("jwt".to_owned(), "x".repeat(500).into())]
                .into_iter()
                .collect(),
            expires_at: None,
        };
        let now = self.state.clock.now();
        let code = handoffs
            .issue_code(&session.hash(), &chat_box, &challenge, &credential, now)
            .await
            .unwrap();
        let redemption = Redemption {
            code: &code,
            verifier: &verifier,
            origin: &chat_box.return_origin(),
        };
        let redeemed = handoffs.redeem_code(&chat_box, redemption, now).await;
        assert!(redeemed.unwrap().is_some());
    }
}

/// How long each of several calls takes, after some that are not counted.
pub async fn times<F: Future<Output = ()>>(count: u32, call: impl Fn(u32) -> F) -> Vec<Duration> {
    for n in 0..count / 10 {
        call(count + n).await;
    }
    let mut times = Vec::new();
    for n in 0..count {
        let began = Instant::now();
        call(n).await;
        times.push(began.elapsed());
    }
    times
}

/// Adds the median and the time that one call of a hundred exceeds.
pub fn add(column: &mut Column, what: &str, times: &[Duration]) {
    column.add(&format!("{what}, µs"), micros(times, 0.5));
    column.add(&format!("{what}, 99th percentile, µs"), micros(times, 0.99));
}

/// The time that this share of the times does not exceed.
pub fn micros(times: &[Duration], share: f64) -> f64 {
    let mut times = times.to_vec();
    times.sort_unstable();
    let index = (times.len() - 1) as f64 * share;
    times[index as usize].as_secs_f64() * 1e6
}

/// A client's address, another one for each number.
fn client(kind: u8, number: u32) -> IpAddr {
    let [_, a, b, c] = number.to_be_bytes();
    Ipv4Addr::new(10 + kind, a, b, c).into()
}
