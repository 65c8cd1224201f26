//! Mistakes in a deployment, and what the doctor says about each.

use std::{fs, net::SocketAddr, process::Command};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    response::Response,
};
use server::{
    config::Source,
    doctor::{Finding, Level, examine},
    startup::Config,
};
use tokio::{net::TcpListener, task::JoinSet};
use url::Url;

use crate::{
    harness::{NO_PROVIDER, TestApp, output, settings},
    vendors,
};

/// What a proxy does that it should not. A path ends with `*` if it stands for all that begin so.
#[derive(Clone, Copy, Debug)]
enum Mistake {
    None,
    Adds(&'static str, &'static str, &'static str),
    Removes(&'static str),
    Replaces(&'static str, &'static str),
    SendsHost(&'static str),
    DropsFromRequest(&'static str),
    RespondsWith(&'static str, u16),
    Serves(&'static str, &'static str),
}

fn covers(pattern: &str, path: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => path.starts_with(prefix),
        None => path == pattern,
    }
}

#[derive(Clone)]
struct Proxy {
    client: reqwest::Client,
    server: SocketAddr,
    mistake: Mistake,
}

async fn forward(State(proxy): State<Proxy>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let url = format!("http://{}{}", proxy.server, request.uri());
    let mut sent = proxy.client.request(request.method().clone(), url);
    let mut headers = request.headers().clone();
    match proxy.mistake {
        Mistake::SendsHost(host) => {
            headers.insert("host", HeaderValue::from_static(host));
        }
        Mistake::DropsFromRequest(name) => {
            headers.remove(name);
        }
        _ => {}
    }
    sent = sent.headers(headers);
    let received = sent.send().await.unwrap();
    let mut response = Response::new(Body::empty());
    *response.status_mut() = received.status();
    *response.headers_mut() = received.headers().clone();
    response.headers_mut().remove("content-length");
    *response.body_mut() = Body::from(received.bytes().await.unwrap());
    let header = |name: &'static str| HeaderName::from_static(name);
    match proxy.mistake {
        Mistake::Adds(pattern, name, value) if covers(pattern, &path) => {
            let value = HeaderValue::from_static(value);
            response.headers_mut().append(header(name), value);
        }
        Mistake::Removes(name) => {
            response.headers_mut().remove(name);
        }
        Mistake::Replaces(name, value) => {
            let value = HeaderValue::from_static(value);
            response.headers_mut().insert(header(name), value);
        }
        Mistake::RespondsWith(pattern, status) if covers(pattern, &path) => {
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
        }
        Mistake::Serves(pattern, body) if covers(pattern, &path) => {
            *response.body_mut() = Body::from(body);
        }
        _ => {}
    }
    response
}

/// Starts a proxy in front of the server.
async fn proxy(app: &TestApp, mistake: Mistake) -> (Url, JoinSet<()>) {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let state = Proxy {
        client,
        server: app.addr,
        mistake,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(forward).with_state(state);
    let mut task = JoinSet::new();
    task.spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url.parse().unwrap(), task)
}

/// Gives the server files for browsers.
fn with_files(app: &TestApp) {
    let site = app.folder.path().join("site");
    fs::create_dir_all(&site).unwrap();
    fs::write(site.join("assets.json"), r#"{"css":"a.css"}"#).unwrap();
}

fn config(app: &TestApp, changes: &[(&str, &str)]) -> Config {
    with_files(app);
    let settings = settings(app.addr, &app.sandbox, app.folder.path(), changes);
    Config::from_source(&Source::new(settings)).unwrap()
}

/// The checks with findings that are not ok, and with their level.
fn complaints(findings: &[Finding]) -> Vec<(&'static str, Level)> {
    let complaints = findings.iter().filter(|it| it.level != Level::Ok);
    complaints.map(|it| (it.check, it.level)).collect()
}

#[tokio::test]
async fn a_deployment_without_mistakes_is_well() {
    let app = TestApp::start().await;
    let (url, _proxy) = proxy(&app, Mistake::None).await;
    let findings = examine(&config(&app, &[]), Some(&url)).await.unwrap();
    assert!(complaints(&findings).is_empty(), "{findings:#?}");
    for check in [
        "reach",
        "opener",
        "forms",
        "script",
        "provider",
        "mail",
        "embedding site",
    ] {
        assert!(findings.iter().any(|it| it.check == check), "{check}");
    }
}

#[tokio::test]
async fn what_a_proxy_does_wrong_is_found() {
    use Mistake::{Adds, DropsFromRequest, Removes, Replaces, RespondsWith, SendsHost, Serves};
    const COOP: &str = "cross-origin-opener-policy";
    const CSP: &str = "content-security-policy";
    let app = TestApp::start().await;
    for (mistake, check, level) in [
        (
            Adds("/login", COOP, "same-origin"),
            "opener",
            Level::Problem,
        ),
        (
            Adds("/connect", COOP, "same-origin-allow-popups"),
            "opener",
            Level::Problem,
        ),
        (
            Replaces(COOP, "same-origin"),
            "embedding site",
            Level::Problem,
        ),
        (
            Adds("/login", CSP, "default-src 'self'"),
            "csp of the login",
            Level::Problem,
        ),
        (Removes(CSP), "csp of the login", Level::Problem),
        (
            Adds("/", CSP, "script-src 'self'"),
            "embedding site",
            Level::Problem,
        ),
        (
            Adds("/", CSP, "connect-src 'self'"),
            "embedding site",
            Level::Problem,
        ),
        (Removes("x-request-id"), "request id", Level::Warning),
        (
            Replaces("date", "Thu, 01 Jan 2026 00:00:00 GMT"),
            "clock",
            Level::Problem,
        ),
        (Replaces("date", "yesterday"), "clock", Level::Warning),
        (SendsHost("backend:3000"), "login page", Level::Problem),
        (DropsFromRequest("origin"), "forms", Level::Problem),
        (RespondsWith("/logout", 405), "forms", Level::Problem),
        (RespondsWith("/latchkey.js", 404), "script", Level::Problem),
        (
            Serves("/latchkey.js", "of another login"),
            "script",
            Level::Problem,
        ),
        (RespondsWith("/health/live", 301), "reach", Level::Problem),
        (RespondsWith("/health/live", 502), "reach", Level::Problem),
        (RespondsWith("/health/ready", 503), "ready", Level::Problem),
        (RespondsWith("/login", 500), "login page", Level::Problem),
    ] {
        let (url, _proxy) = proxy(&app, mistake).await;
        let findings = examine(&config(&app, &[]), Some(&url)).await.unwrap();
        let found = complaints(&findings);
        assert!(found.contains(&(check, level)), "{mistake:?}: {found:?}");
        let without_fix = findings
            .iter()
            .find(|it| it.level != Level::Ok && it.fix.is_empty());
        assert!(without_fix.is_none(), "{without_fix:?}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_settings_and_parts_is_found() {
    let app = TestApp::start().await;
    let (url, _proxy) = proxy(&app, Mistake::None).await;
    for (name, value, check, level) in [
        (
            "LATCHKEY_METRICS_ADDR",
            "0.0.0.0:9464",
            "metrics",
            Level::Warning,
        ),
        ("LATCHKEY_ASSETS", "/nowhere", "assets", Level::Problem),
        (
            "OAUTH_SSO_ISSUER",
            "http://127.0.0.1:9",
            "provider",
            Level::Problem,
        ),
        ("SMTP_URL", "smtp://127.0.0.1:9", "mail", Level::Problem),
        (
            "DATABASE_URL",
            "sqlite:///nowhere/new.db",
            "database",
            Level::Warning,
        ),
        (
            "DATABASE_URL",
            "sqlite://Cargo.toml",
            "database",
            Level::Problem,
        ),
    ] {
        let findings = examine(&config(&app, &[(name, value)]), Some(&url))
            .await
            .unwrap();
        assert_eq!(
            complaints(&findings),
            [(check, level)],
            "{name}: {findings:#?}"
        );
    }
    app.execute("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 12")
        .await;
    let findings = examine(&config(&app, &[]), Some(&url)).await.unwrap();
    assert_eq!(complaints(&findings), [("database", Level::Problem)]);
}

#[tokio::test]
async fn what_is_wrong_in_production_is_found() {
    let app = TestApp::start().await;
    let production = [
        ("LATCHKEY_ENV", "production"),
        ("LATCHKEY_LOGIN_ORIGIN", "https://login.example.com"),
        ("LATCHKEY_SITE_ORIGIN", "https://www.example.com"),
        ("LATCHKEY_COOKIE_DOMAIN", "example.com"),
        ("LATCHKEY_SANDBOX_URL", ""),
        ("MAIL_FROM", "no-reply@elsewhere.test"),
    ];
    let settings = [&production[..], &vendors::off()[..], &NO_PROVIDER].concat();
    let nowhere: Url = "http://127.0.0.1:9".parse().unwrap();
    let findings = examine(&config(&app, &settings), Some(&nowhere))
        .await
        .unwrap();
    let expected = [
        ("proxy", Level::Warning),
        ("sender", Level::Warning),
        ("reach", Level::Problem),
        ("embedding site", Level::Warning),
    ];
    assert_eq!(complaints(&findings), expected, "{findings:#?}");
}

#[tokio::test]
async fn the_command_prints_sentences_or_json_and_its_status_says_whether_there_is_a_problem() {
    let app = TestApp::start().await;
    with_files(&app);
    for (mistake, expected) in [
        (Mistake::None, true),
        (Mistake::Removes("x-request-id"), true),
        (Mistake::DropsFromRequest("origin"), false),
    ] {
        let (url, _proxy) = proxy(&app, mistake).await;
        for format in ["text", "json"] {
            let settings = settings(app.addr, &app.sandbox, app.folder.path(), &[]);
            let arguments = ["doctor", "--url", url.as_str(), "--format", format];
            let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
            command.env_clear().envs(settings).args(arguments);
            let output = output(command).await;
            let text = String::from_utf8(output.stdout).unwrap();
            assert_eq!(output.status.success(), expected, "{mistake:?}: {text}");
            if format == "json" {
                let found: serde_json::Value = serde_json::from_str(&text).unwrap();
                assert!(found.as_array().unwrap().len() > 10, "{text}");
                assert!(found[0]["sentence"].is_string(), "{text}");
            } else {
                assert_eq!(text.contains("PROBLEM  forms: "), !expected, "{text}");
            }
        }
    }
}
