//! A server without a socket, and its signed-in user.

use std::net::{Ipv4Addr, SocketAddr};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, StatusCode, request::Builder},
    response::Response,
};
use http_body_util::BodyExt;
use server::{
    clock::{Clock, Timestamp},
    config::Source,
    session,
    startup::{Application, Config, build},
    web::{AppState, http::HttpService},
};
use tempfile::TempDir;
use tokio::runtime::{self, Runtime};

/// 1 January 2026.
pub const NOW: Timestamp = Timestamp(1_767_225_600_000);

const HOST: &str = "login.example.com";

pub struct Stage {
    pub runtime: Runtime,
    pub state: AppState,
    /// The hash of the session's ID.
    pub session: String,
    service: HttpService,
    cookie: String,
    _folder: TempDir,
}

impl Stage {
    pub fn new(variables: &[(&str, &str)]) -> Self {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("counts.db").display());
        let settings = [
            ("LATCHKEY_ENV", "demo"),
            ("LATCHKEY_LOGIN_ORIGIN", "https://login.example.com"),
            ("LATCHKEY_SITE_ORIGIN", "https://www.example.com"),
            ("LATCHKEY_COOKIE_DOMAIN", "example.com"),
            ("MAIL_FROM", "Latchkey <no-reply@example.com>"),
            ("LATCHKEY_ARGON2_MEMORY_KIB", "7168"),
            ("LATCHKEY_ARGON2_PASSES", "1"),
            ("LATCHKEY_LIMIT_CREDENTIAL_BURST", "1000000"),
            ("DATABASE_URL", &url),
        ];
        let settings = settings.iter().chain(variables);
        let settings = settings.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let config = Config::from_source(&Source::new(settings)).unwrap();
        let application = runtime.block_on(build(&config, Clock::fixed(NOW)));
        let Application { service, state, .. } = application.unwrap();
        let mut stage = Self {
            runtime,
            state,
            session: String::new(),
            service,
            cookie: String::new(),
            _folder: folder,
        };
        stage.cookie = stage.sign_in();
        let signed_in = stage.signed_in("/");
        stage.session = session::id_hash(signed_in.headers()).unwrap();
        stage
    }

    pub fn now(&self) -> Timestamp {
        NOW
    }

    pub fn get(&self, path: &str) -> Request<Body> {
        own(Request::get(path)).body(Body::empty()).unwrap()
    }

    /// A request of the signed-in user.
    pub fn signed_in(&self, path: &str) -> Request<Body> {
        self.with_cookie(path, &self.cookie)
    }

    /// A request with a cookie.
    pub fn with_cookie(&self, path: &str, cookie: &str) -> Request<Body> {
        let request = own(Request::get(path)).header("cookie", cookie);
        request.body(Body::empty()).unwrap()
    }

    /// Lets the server respond, and reads the response.
    pub fn respond(&self, request: Request<Body>) {
        self.runtime.block_on(async {
            let response = self.service.respond(request).await;
            assert_eq!(response.status(), StatusCode::OK);
            response.into_body().collect().await.unwrap();
        });
    }

    fn sign_in(&self) -> String {
        let form = "email=demo%40latchkey.localhost&password=correct+horse+battery+staple";
        let request = own(Request::post("/login"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", format!("https://{HOST}"))
            .body(Body::from(form));
        let request = request.unwrap();
        let response: Response = self.runtime.block_on(self.service.respond(request));
        let cookie = response.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }
}

fn own(request: Builder) -> Builder {
    let client: SocketAddr = (Ipv4Addr::LOCALHOST, 40_000).into();
    request
        .header("host", HOST)
        .header("sec-fetch-site", "same-origin")
        .extension(ConnectInfo(client))
}
