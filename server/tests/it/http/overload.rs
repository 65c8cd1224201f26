//! A flood of sign-ins fills only the queue of the password hashes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{task::JoinSet, time::timeout};

use crate::{
    harness::{Browser, DANA, PASSWORD, TestApp},
    vendors,
};

/// Long enough for slow machines.
const TIMEOUT: Duration = Duration::from_secs(20);

const SETTINGS: [(&str, &str); 7] = [
    ("LATCHKEY_HASH_THREADS", "1"),
    ("LATCHKEY_HASH_QUEUE", "2"),
    ("LATCHKEY_ARGON2_PASSES", "5"),
    ("LATCHKEY_LIMIT_ACCOUNT_BURST", "1000000"),
    ("LATCHKEY_LIMIT_CLIENT_BURST", "1000000"),
    ("LATCHKEY_LIMIT_FORM_BURST", "1000000"),
    ("LATCHKEY_LIMIT_CREDENTIAL_BURST", "1000000"),
];

/// Clients that send forms until they are stopped, and the statuses of the responses.
struct Storm {
    stop: Arc<AtomicBool>,
    clients: JoinSet<Vec<u16>>,
}

impl Storm {
    fn begin(app: &TestApp, path: &'static str) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut clients = JoinSet::new();
        for client in 0..32 {
            clients.spawn(client_of_a_storm(
                app.anonymous(),
                path,
                client,
                Arc::clone(&stop),
            ));
        }
        Self { stop, clients }
    }

    async fn end(self) -> Vec<u16> {
        self.stop.store(true, Ordering::Relaxed);
        self.clients.join_all().await.concat()
    }
}

async fn client_of_a_storm(
    browser: Browser,
    path: &'static str,
    client: usize,
    stop: Arc<AtomicBool>,
) -> Vec<u16> {
    let mut statuses = Vec::new();
    let email = format!("storm{client}@example.test");
    let form = [
        ("email", email.as_str()),
        ("display_name", "Storm"),
        ("password", "a wrong and long password"),
    ];
    while !stop.load(Ordering::Relaxed) {
        let response = browser.post(path, &form).await;
        if response.status == 503 {
            assert_eq!(response.header("retry-after"), "2");
            assert!(response.body.starts_with("<!DOCTYPE html>"));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        statuses.push(response.status);
    }
    statuses
}

async fn in_time<T>(work: impl Future<Output = T>) -> T {
    timeout(TIMEOUT, work).await.expect("an response in time")
}

async fn survives(path: &'static str, outcomes: [u16; 2]) {
    let app = TestApp::start_with(&SETTINGS).await;
    let dana = app.signed_in().await;
    let storm = Storm::begin(&app, path);
    for _ in 0..10 {
        let stranger = app.anonymous();
        assert_eq!(in_time(stranger.get("/health/ready")).await.status, 200);
        assert_eq!(in_time(stranger.get("/login")).await.status, 200);
        in_time(vendors::all_answer(&dana, 200)).await;
    }
    let statuses = in_time(storm.end()).await;
    for outcome in outcomes {
        assert!(statuses.contains(&outcome), "no {outcome} in {statuses:?}");
    }
    let others = statuses.iter().filter(|status| !outcomes.contains(status));
    assert_eq!(others.count(), 0, "{statuses:?}");
    // No thread and no place in the queue is lost.
    let retried = async {
        while app.anonymous().sign_in(DANA, PASSWORD).await.status != 303 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    in_time(retried).await;
}

#[tokio::test]
async fn a_storm_of_wrong_passwords_stops_no_one_else() {
    survives("/login", [401, 503]).await;
}

#[tokio::test]
async fn a_storm_of_registrations_stops_no_one_else() {
    survives("/register", [200, 503]).await;
}
