//! One line for each request, and the ID that leads to it.

use serde_json::Value;

use crate::harness::{DANA, Log, PASSWORD, Process, TestApp, database_url, run_outside};

/// What the log says about a request: `GET /login 200`.
fn summary(line: &Value) -> String {
    let fields = &line["fields"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    assert!(fields["ms"].is_u64(), "{line}");
    format!(
        "{} {} {}",
        text(&line["span"]["method"]),
        text(&fields["route"]),
        fields["status"]
    )
}

#[tokio::test]
async fn every_request_has_one_line_and_nothing_of_the_user() {
    let sandbox = sandbox::start(sandbox::Config::ephemeral()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let json = [("LATCHKEY_LOG_FORMAT", "json")];
    let process = Process::start(&sandbox, folder.path(), &json).await;
    let browser = process.anonymous();
    browser.get("/login?next=c4nary-query").await;
    browser.sign_in(DANA, "c4nary-password").await;
    browser.sign_in(DANA, PASSWORD).await;
    browser.get("/oauth/c4nary-segment/start").await;
    browser.get("/c4nary-path/c4nary@example.com").await;
    browser.get("/pkg/c4nary.js").await;
    browser.get("/latchkey.js").await;
    browser.get("/health/live").await;
    let odd = browser.request("C4NARY".parse().unwrap(), "/login");
    browser.send(odd).await;
    let broken = format!("UPDATE users SET password_hash = 'not a hash' WHERE email = '{DANA}'");
    run_outside(&database_url(folder.path()), broken).await;
    let unusable = browser.sign_in(DANA, PASSWORD).await;
    process.terminate();
    let (_, log) = process.ended().await;

    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
        .collect();
    let completed = |line: &&Value| line["fields"]["message"] == "request completed";
    let summaries: Vec<String> = lines.iter().filter(completed).map(summary).collect();
    assert_eq!(
        summaries,
        [
            "GET /login 200",
            "POST /login 401",
            "POST /login 303",
            "GET /oauth/{provider}/start 404",
            "GET none 404",
            "other /login 403",
            "POST /login 401",
        ]
    );
    for secret in ["c4nary", "C4NARY", DANA, PASSWORD, "127.0.0.1:"] {
        let found = lines
            .iter()
            .find(|line| completed(line) && line.to_string().contains(secret));
        assert!(found.is_none(), "{secret} in {found:?}");
    }
    assert!(!log.contains("c4nary"), "{log}");
    let of_request = |message: &str| {
        let line = lines
            .iter()
            .find(|line| line["fields"]["message"] == message);
        line.map(|line| line["span"]["id"].as_str().unwrap().to_owned())
    };
    assert_eq!(
        of_request("a stored password hash cannot be used").as_deref(),
        Some(unusable.header("x-request-id")),
        "the line that another thread has written"
    );
}

/// The ID of the response to a request with this header.
async fn id_for(app: &TestApp, sent: &str) -> String {
    let request = format!(
        "GET /login HTTP/1.1\r\nhost: login.latchkey.localhost:{}\r\n{sent}connection: close\r\n\r\n",
        app.addr.port()
    );
    let response = app.raw(request).await;
    let header = response.split("x-request-id: ").nth(1).unwrap();
    header.lines().next().unwrap().to_owned()
}

fn is_own(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[tokio::test]
async fn the_id_of_a_trusted_proxy_is_used_if_it_can_be_written() {
    let app = TestApp::start_with(&[("LATCHKEY_TRUSTED_PROXIES", "127.0.0.1")]).await;
    let longest = "x".repeat(64);
    for id in ["1", "Root=1-67891233-abcdef012345678912345678", &longest] {
        assert_eq!(id_for(&app, &format!("x-request-id: {id}\r\n")).await, id);
    }
    let too_long = "x".repeat(65);
    for id in [
        "", "a b", "a\tb", "<script>", "a\"b", "\u{e9}", "id=%0a", &too_long,
    ] {
        let used = id_for(&app, &format!("x-request-id: {id}\r\n")).await;
        assert!(is_own(&used), "{id:?} as {used:?}");
    }
    let two = id_for(&app, "x-request-id: one\r\nx-request-id: two\r\n").await;
    assert!(is_own(&two), "{two}");
}

#[tokio::test]
async fn a_client_cannot_choose_the_id() {
    let app = TestApp::start().await;
    let ids = [
        id_for(&app, "x-request-id: chosen\r\n").await,
        id_for(&app, "").await,
        id_for(&app, "").await,
    ];
    assert!(ids.iter().all(|id| is_own(id)), "{ids:?}");
    assert_ne!(ids[1], ids[2]);
}

#[tokio::test]
async fn the_page_of_a_problem_shows_the_id() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let not_found = browser.get("/nowhere").await;
    let elsewhere = browser.get(&format!("{}/nowhere", app.site_origin())).await;
    app.execute("ALTER TABLE users RENAME TO elsewhere").await;
    let log = Log::capture();
    let failed = browser.get("/account").await;
    for response in [&not_found, &elsewhere, &failed] {
        let id = response.header("x-request-id");
        let shown = format!("<code>{id}</code>");
        assert!(response.body.contains(&shown), "{}", response.body);
    }
    assert!(failed.status >= 500);
    let lines = log.text();
    let id = failed.header("x-request-id");
    for message in ["a request failed", "request completed"] {
        let mut lines = lines.lines().filter(|line| line.contains(message));
        assert!(lines.all(|line| line.contains(id)), "{message}");
    }
}
