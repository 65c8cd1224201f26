//! Users and what belongs to them, the same in every run: made by the engine itself, with keys in random order.

use std::time::SystemTime;

use server::random;
use tower_sessions::session::Id;

use crate::{engine::Raw, explain::Explained};

/// Sessions whose cookies are known, of users all over the table.
const KNOWN: u64 = 2000;

const DAY: u64 = 24 * 60 * 60 * 1000;

/// Odd numbers, by which a count becomes a number that looks random and comes once.
const ODD: [u64; 4] = [2_654_435_761, 2_246_822_519, 3_266_489_917, 668_265_263];

pub struct Population {
    engine: Explained,
    size: u64,
    now: u64,
    /// The hash of every user's password.
    hash: String,
    pub sessions: Vec<Session>,
}

/// A session that has just been used.
pub struct Session {
    pub id: Id,
    pub user: u64,
}

impl Session {
    /// The key of its row.
    pub fn hash(&self) -> String {
        random::fingerprint(&self.id.to_string())
    }
}

impl Population {
    pub fn new(engine: Explained, size: u64, hash: String) -> Self {
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap();
        let sessions = (0..KNOWN).map(|n| Session {
            id: Id(i128::from(n)),
            user: someone(n, size),
        });
        Self {
            engine,
            size,
            now: u64::try_from(now.as_millis()).unwrap(),
            hash,
            sessions: sessions.collect(),
        }
    }

    /// The address of a user who has a password, for each number another one.
    pub fn address(&self, number: u64) -> String {
        let with_password = |user: &u64| user % 10 < 7 && !user.is_multiple_of(200);
        let user = (0..).map(|step| (someone(number, self.size) + step) % self.size + 1);
        let user = { user }.find(with_password).unwrap();
        format!("{:08x}.{user}@example.com", user * ODD[0] % (1 << 32))
    }

    /// Fills the tables, and creates the indexes afterwards, which takes less time.
    pub async fn fill(&self, raw: &mut Raw) {
        let indexes = raw.indexes().await;
        for (name, _) in &indexes {
            raw.run(format!("DROP INDEX {name}")).await;
        }
        for (rows, insert) in self.inserts() {
            raw.run(self.of_numbers(rows, &insert)).await;
        }
        for session in &self.sessions {
            raw.run(self.known(session)).await;
        }
        for (_, definition) in indexes {
            raw.run(definition).await;
        }
        if self.engine == Explained::Postgres {
            raw.run("VACUUM (ANALYZE)".to_owned()).await;
        }
    }

    /// The number of rows of each table, and the statement that makes them of the numbers `i`.
    fn inserts(&self) -> [(u64, String); 9] {
        let (size, now, hash) = (self.size, self.now, &self.hash);
        let [id, email] = [
            self.id("i"),
            format!("{} || '.' || i || '@example.com'", self.hex("i", ODD[0])),
        ];
        let user = format!("(i - 1) % {} + 1", size / 2);
        let user_id = self.id(&user);
        let ago = |odd: u64, range: u64| format!("{now} - i * {odd} % {range}");
        let created = ago(ODD[1], 3 * 365 * DAY);
        [
            (size, format!(
                "users (id, email, email_key, email_verified_at, display_name, photo_url, password_hash, disabled_at, created_at)
                 SELECT {id}, {email}, {email}, {created}, 'User ' || i,
                        CASE WHEN i % 5 = 0 THEN 'https://images.example.com/' || i || '.jpg' END,
                        CASE WHEN i % 10 < 7 THEN '{hash}' END, CASE WHEN i % 200 = 0 THEN {now} END, {created}")),
            (size * 6 / 10, format!(
                "sessions (id_hash, user_id, data, created_at, seen_at, expires_at)
                 SELECT {}, {user_id}, '{{\"user_id\":\"' || {user_id} || '\",\"signed_in_at\":' || ({created}) || '}}', {now} - 8 * {DAY},
                        CASE WHEN i % 50 = 0 THEN {now} - 8 * {DAY} ELSE {} END,
                        CASE WHEN i % 50 = 1 THEN {now} ELSE {now} + 1 + i * {} % {} END",
                self.hash_of("i + 20000000"), ago(ODD[2], 6 * DAY), ODD[3], 30 * DAY)),
            (size * 3 / 10, format!(
                "identities (id, user_id, provider, issuer, subject, label, created_at)
                 SELECT {}, {}, 'sso', 'https://sso.example.com', {}, i || '@example.com', {created}",
                self.id("i + 30000000"), self.id("i * 3"), self.id("i + 40000000"))),
            (size * 6 / 10, format!(
                "vendor_links (vendor, external_id, issuer, user_id, first_at, last_at)
                 SELECT 'support', {id}, CASE WHEN i % 10 = 0 THEN 'https://sso.example.com' END,
                        CASE WHEN i % 10 > 0 THEN {id} END, {created}, {}", ago(ODD[2], 90 * DAY))),
            (size / 10, format!(
                "limits (key, free_at, failures)
                 SELECT {}, CASE WHEN i % 2 = 0 THEN {now} - i % 60000 ELSE {} END,
                        CASE WHEN i % 2 = 0 THEN 0 WHEN i % 20 = 1 THEN 10 ELSE i % 9 + 1 END",
                self.hash_of("i + 50000000"), ago(ODD[3], DAY / 2))),
            (size / 50, format!(
                "registrations (id, attempt, email, email_key, display_name, password_hash, token_hash, expires_at, created_at)
                 SELECT {}, {}, 'new.' || i || '@example.com', 'new.' || i || '@example.com', 'User ' || i, '{hash}', {},
                        {now} + (i % 2) * i * {} % {DAY}, {now} - {DAY}",
                self.id("i + 60000000"), self.hash_of("i + 60000000"), self.hash_of("i + 61000000"), ODD[2])),
            (size / 100, format!(
                "password_resets (user_id, token_hash, expires_at)
                 SELECT {}, {}, {now} + (i % 2) * i * {} % {}", self.id("i * 50"), self.hash_of("i + 70000000"), ODD[2], DAY / 24)),
            (size / 200, format!(
                "oauth_flows (state_hash, browser_hash, provider, flow, created_at, expires_at)
                 SELECT {}, {}, 'sso', '{{}}', {now}, {now} + (i % 2) * 600000",
                self.hash_of("i + 80000000"), self.hash_of("i + 90000000"))),
            (size / 1000, format!(
                "mails (id, kind, recipient, attempts, due_at, created_at)
                 SELECT {}, 'reset-password', 'gone.' || i || '@example.com', 1, {now} + 1800000, {now}", self.id("i + 95000000"))),
        ]
    }

    fn of_numbers(&self, rows: u64, insert: &str) -> String {
        format!(
            "INSERT INTO {} FROM n",
            insert.replacen(
                "SELECT",
                &format!(
                    "WITH RECURSIVE n (i) AS
                         (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) SELECT"
                ),
                1
            )
        )
    }

    fn known(&self, session: &Session) -> String {
        let (now, user) = (self.now, self.id(&session.user.to_string()));
        format!(
            "INSERT INTO sessions (id_hash, user_id, data, created_at, seen_at, expires_at)
             SELECT '{}', {user}, '{{\"user_id\":\"' || {user} || '\",\"signed_in_at\":{now}}}', {now}, {now} + {DAY}, {now} + {}",
            session.hash(),
            30 * DAY
        )
    }

    /// SQL of an ID, from that of a number.
    fn id(&self, number: &str) -> String {
        ODD.map(|odd| self.hex(number, odd)).join(" || ")
    }

    /// SQL of a hash.
    fn hash_of(&self, number: &str) -> String {
        let other = format!("{number} + 1000000000");
        [self.id(number), self.id(&other)].join(" || ")
    }

    fn hex(&self, number: &str, odd: u64) -> String {
        let spread = format!("(CAST({number} AS BIGINT) * {odd}) % 4294967296");
        match self.engine {
            Explained::Sqlite => format!("printf('%08x', {spread})"),
            Explained::Postgres => format!("lpad(to_hex({spread}), 8, '0')"),
        }
    }
}

/// The number of an enabled user, from 1, other users for other numbers.
fn someone(number: u64, size: u64) -> u64 {
    let user = (number + 1) * ODD[1] % size + 1;
    if user.is_multiple_of(200) {
        user - 1
    } else {
        user
    }
}
