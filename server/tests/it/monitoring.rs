//! The metrics of a running server, and the queries of `deploy/monitoring` on them.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use server::vendors::Vendors;

use crate::{
    harness::{DANA, PASSWORD, Process, free_address},
    vendors,
};

/// A server on which something of everything has happened, and its metrics.
struct Scraped {
    text: String,
    credentials: usize,
    status_at_login: u16,
}

async fn scrape() -> Scraped {
    let sandbox = sandbox::start(sandbox::Config::ephemeral()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let metrics = free_address();
    let address = metrics.to_string();
    let changes = [("LATCHKEY_METRICS_ADDR", address.as_str())];
    let process = Process::start(&sandbox, folder.path(), &changes).await;
    let browser = process.anonymous();
    browser.sign_in("not an address", "").await;
    browser.sign_in(DANA, "a wrong password").await;
    browser.sign_in(DANA, "a wrong password").await;
    assert_eq!(browser.sign_in(DANA, PASSWORD).await.status, 303);
    let credentials = vendors::credentials(&browser).await;
    let credentials = credentials.iter().filter(|response| response.status == 200);
    let mut credentials = credentials.count();
    if let Some(handoff) = Vendors::handoff() {
        let body = r#"{"chatBoxId":"cb_demo"}"#;
        let handed_over = browser.post_json(handoff.credential_path, body).await;
        assert_eq!(handed_over.status, 200, "{}", handed_over.body);
        credentials += 1;
    }
    let denied = "/oauth/sso/callback?state=x&error=access_denied";
    browser.get("/oauth/sso/start").await;
    browser.get(denied).await;
    browser.get("/c4nary").await;
    browser.post("/forgot-password", &[("email", DANA)]).await;
    for _ in 0..1000 {
        if !sandbox.mailbox().messages_for(DANA).is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let status_at_login = browser.get("/metrics").await.status;
    let url = format!("http://{metrics}/metrics");
    let mut text = String::new();
    // The mail is counted once the server has acknowledged it.
    for _ in 0..500 {
        let response = browser.client.get(&url).send().await.unwrap();
        assert_eq!(response.status(), 200);
        text = response.text().await.unwrap();
        if text.contains("latchkey_mails_total") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    Scraped {
        text,
        credentials,
        status_at_login,
    }
}

/// The sum of the samples whose lines begin so.
fn sum(text: &str, sample: &str) -> f64 {
    let lines = text.lines().filter(|line| line.starts_with(sample));
    lines
        .map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap())
        .sum()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/monitoring")
}

/// The metrics that a text names.
fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let names = words.filter(|word| word.starts_with("latchkey_"));
    names.map(ToOwned::to_owned).collect()
}

/// The queries of the dashboard, with an interval in place of Grafana's variable.
fn queries() -> Vec<String> {
    let text = fs::read_to_string(folder().join("dashboard.json")).unwrap();
    let dashboard: serde_json::Value = serde_json::from_str(&text).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels
        .iter()
        .flat_map(|panel| panel["targets"].as_array().unwrap());
    targets
        .map(|target| {
            let query = target["expr"].as_str().unwrap();
            query.replace("$__rate_interval", "1m")
        })
        .collect()
}

#[tokio::test]
async fn what_happens_is_counted_and_everything_that_is_watched_exists() {
    let Scraped {
        text,
        credentials,
        status_at_login,
    } = scrape().await;
    assert_eq!(status_at_login, 404, "users must not reach the metrics");
    assert!(credentials > 0, "{credentials}");
    for (sample, expected) in [
        (
            "latchkey_sign_ins_total{method=\"password\",outcome=\"invalid\"}",
            1.0,
        ),
        (
            "latchkey_sign_ins_total{method=\"password\",outcome=\"wrong_credentials\"}",
            2.0,
        ),
        (
            "latchkey_sign_ins_total{method=\"password\",outcome=\"signed_in\"}",
            1.0,
        ),
        ("latchkey_credentials_total", credentials as f64),
        (
            "latchkey_call_seconds_count{service=\"mail\",outcome=\"ok\"}",
            1.0,
        ),
        ("latchkey_mails_total{outcome=\"sent\"}", 1.0),
        ("latchkey_hash_queue_length", 0.0),
        ("latchkey_hash_wait_seconds_count", 5.0),
        ("latchkey_hash_rejected_total", 0.0),
        ("latchkey_sessions_active", 1.0),
        ("latchkey_database_up", 1.0),
        ("latchkey_workers_failing", 0.0),
        (
            "latchkey_request_seconds_count{route=\"/login\",status=\"303\"}",
            1.0,
        ),
        (
            "latchkey_request_seconds_count{route=\"/login\",status=\"401\"}",
            2.0,
        ),
    ] {
        assert!(text.contains(&format!("\n{sample}")), "{sample} in\n{text}");
        let counted = sum(&text, sample);
        assert!(
            (counted - expected).abs() < 0.01,
            "{sample} {counted}\n{text}"
        );
    }
    if let Some(vendor) = Vendors::handoff() {
        let name = vendor.name;
        let call = format!("latchkey_call_seconds_count{{service=\"{name}\",outcome=\"ok\"}}");
        assert!(sum(&text, &call) > 0.0, "{call} in\n{text}");
    }
    for sample in [
        "latchkey_database_write_seconds_count",
        "latchkey_database_write_wait_seconds_count",
        "latchkey_database_connections{state=\"idle\"}",
        "latchkey_request_seconds_count{route=\"none\",status=\"404\"}",
        "latchkey_request_seconds_count{route=\"health\",status=\"200\"}",
    ] {
        assert!(sum(&text, sample) > 0.0, "{sample} in\n{text}");
    }
    for secret in ["c4nary", DANA, PASSWORD] {
        assert!(!text.contains(secret), "{secret}");
    }
    for file in ["alerts.yml", "alerts_test.yml", "dashboard.json"] {
        let watched = named(&fs::read_to_string(folder().join(file)).unwrap());
        assert!(watched.len() > 5, "{file} names {watched:?}");
        for name in watched {
            let exists = [' ', '{'].map(|next| text.contains(&format!("\n{name}{next}")));
            assert!(
                exists.contains(&true),
                "{file} names {name}, which is not in\n{text}"
            );
        }
    }
    let page = fs::read_to_string(folder().join("../../docs/monitoring.md")).unwrap();
    let defined = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE latchkey_"));
    for name in defined.map(|line| line.split(' ').next().unwrap()) {
        assert!(
            page.contains(&format!("| `{name}`")),
            "{name} is not explained"
        );
    }
    if let Some(promtool) = promtool() {
        run(&promtool, &["check", "metrics"], &text);
    }
}

/// Debian's `promtool`, which `cargo xtask test monitoring` unpacks.
#[expect(
    clippy::disallowed_methods,
    reason = "a setting of the tests, not of the server"
)]
fn promtool() -> Option<PathBuf> {
    std::env::var_os("LATCHKEY_TEST_PROMTOOL").map(PathBuf::from)
}

fn run(promtool: &Path, arguments: &[&str], input: &str) {
    let mut child = Command::new(promtool)
        .args(arguments)
        .current_dir(folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let said = |bytes| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "promtool {arguments:?}: {} {}",
        said(&output.stdout),
        said(&output.stderr)
    );
}

#[test]
fn promtool_accepts_every_query_and_the_alerts_fire_when_they_should() {
    let Some(promtool) = promtool() else {
        return;
    };
    run(&promtool, &["check", "rules", "alerts.yml"], "");
    run(&promtool, &["check", "config", "prometheus.yml"], "");
    run(&promtool, &["test", "rules", "alerts_test.yml"], "");
    let queries = queries();
    assert!(queries.len() > 10);
    let rules: Vec<_> = queries
        .iter()
        .enumerate()
        .map(|(number, query)| serde_json::json!({"record": format!("query_{number}"), "expr": query}))
        .collect();
    // JSON is YAML.
    let file = serde_json::json!({"groups": [{"name": "dashboard", "rules": rules}]});
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dashboard.yml");
    fs::write(&path, file.to_string()).unwrap();
    run(&promtool, &["check", "rules", path.to_str().unwrap()], "");
}
