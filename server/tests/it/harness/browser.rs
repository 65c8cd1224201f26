//! A client that handles cookies, `Origin` and `Sec-Fetch-Site` as a browser does, but follows no redirects.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::Mutex,
};

use reqwest::{Client, Method, RequestBuilder, redirect::Policy};

use super::Response;

/// One browser with its cookies.
pub struct Browser {
    pub client: Client,
    pub port: u16,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub fn new(addr: SocketAddr) -> Self {
        Self::with_client(addr, Client::builder())
    }

    /// A browser with another local address, such as 127.0.0.9.
    pub fn at(addr: SocketAddr, local: &str) -> Self {
        let local: IpAddr = local.parse().unwrap();
        Self::with_client(addr, Client::builder().local_address(local))
    }

    fn with_client(addr: SocketAddr, builder: reqwest::ClientBuilder) -> Self {
        let client = builder
            .redirect(Policy::none())
            .no_proxy()
            .resolve("login.latchkey.localhost", addr)
            .resolve("www.latchkey.localhost", addr)
            .build()
            .unwrap();
        Self {
            client,
            port: addr.port(),
            cookies: Mutex::new(BTreeMap::new()),
        }
    }

    /// Gets a page of the login, or any URL.
    pub async fn get(&self, path: &str) -> Response {
        self.send(self.request(Method::GET, path)).await
    }

    /// Posts a form from a page of the login.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        self.send(self.own_page(self.request(Method::POST, path)).form(form))
            .await
    }

    /// Posts JSON from a page of the login.
    pub async fn post_json(&self, path: &str, body: &str) -> Response {
        let request = self.own_page(self.request(Method::POST, path));
        self.send(
            request
                .header("content-type", "application/json")
                .body(body.to_owned()),
        )
        .await
    }

    /// Sends a request with this browser's cookies and stores those of the response.
    pub async fn send(&self, mut request: RequestBuilder) -> Response {
        let cookie = self.cookie_header();
        if !cookie.is_empty() {
            request = request.header("cookie", cookie);
        }
        let response = Response::read(request.send().await.unwrap()).await;
        for cookie in response.set_cookies() {
            self.keep(cookie);
        }
        response
    }

    /// A request without cookies and without the headers that browsers add.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = if path.starts_with('/') {
            format!("{}{path}", self.origin())
        } else {
            path.to_owned()
        };
        self.client.request(method, url)
    }

    /// Adds the headers that a browser adds to requests from pages of the login.
    pub fn own_page(&self, request: RequestBuilder) -> RequestBuilder {
        request
            .header("origin", self.origin())
            .header("sec-fetch-site", "same-origin")
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Response {
        self.post("/login", &[("email", email), ("password", password)])
            .await
    }

    /// Signs in by a form that the login accepts. Returns the response of the page at which the browser arrives,
    /// which sends it on.
    pub async fn sign_in_by(&self, form: &[(&str, &str)]) -> Response {
        let signed_in = self.post("/login", form).await;
        assert_eq!(signed_in.status, 303, "{}", signed_in.body);
        assert!(
            signed_in.location().starts_with("/signed-in"),
            "{signed_in:?}"
        );
        self.get(signed_in.location()).await
    }

    pub async fn register(&self, email: &str, name: &str, password: &str) -> Response {
        self.post(
            "/register",
            &[
                ("email", email),
                ("display_name", name),
                ("password", password),
            ],
        )
        .await
    }

    /// Whether the account page opens.
    pub async fn is_signed_in(&self) -> bool {
        self.get("/account").await.status == 200
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// The session cookie's value.
    pub fn session(&self) -> String {
        self.cookie("latchkey").expect("a session cookie")
    }

    /// Sets a cookie, as another page or an attacker would.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies
            .lock()
            .unwrap()
            .insert(name.to_owned(), value.to_owned());
    }

    fn origin(&self) -> String {
        format!("http://login.latchkey.localhost:{}", self.port)
    }

    fn cookie_header(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        let pairs: Vec<String> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    fn keep(&self, set_cookie: &str) {
        let (pair, attributes) = set_cookie.split_once(';').unwrap_or((set_cookie, ""));
        let (name, value) = pair.split_once('=').unwrap();
        let mut cookies = self.cookies.lock().unwrap();
        if attributes.contains("Max-Age=0") {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
