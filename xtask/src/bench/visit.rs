//! A simulated visitor: signs in over HTTP as a browser's forms and scripts do, and loads an island's files.

use crate::http_probe::{self, Request, Response};

const EMAIL: &str = "demo%40latchkey.localhost";
const CHAT_BOX: &str = "cb_demo";
const PASSWORD: &str = "correct+horse+battery+staple";
const MAX_REDIRECTS: usize = 3;

/// A visitor of the login on a port.
pub(super) struct Visitor {
    port: u16,
    origin: String,
}

impl Visitor {
    pub(super) fn new(port: u16) -> Self {
        let origin = format!("http://login.latchkey.localhost:{port}");
        Self { port, origin }
    }

    /// Whether a new sign-in leads to the chat box's credential.
    pub(super) fn signs_in(&self) -> bool {
        self.credential()
            .is_some_and(|response| response.status == 200)
    }

    /// Whether the login page names an island's script and wasm, and both are served.
    pub(super) fn has_islands(&self) -> bool {
        let Some(page) = self.login_page() else {
            return false;
        };
        ["data-script", "data-wasm"].iter().all(|name| {
            attribute(&page, name)
                .and_then(|file| self.get(&format!("/pkg/{file}"), ""))
                .is_some_and(|response| response.status == 200)
        })
    }

    /// Whether the login page contains a string.
    pub(super) fn sees(&self, text: &str) -> bool {
        self.login_page().is_some_and(|page| page.contains(text))
    }

    fn login_page(&self) -> Option<String> {
        let response = self
            .get("/login", "")
            .filter(|response| response.status == 200)?;
        Some(String::from_utf8_lossy(&response.body).into_owned())
    }

    /// Signs in as in a popup: the login form, the page it leads to, and the request that this page's script
    /// sends.
    fn credential(&self) -> Option<Response> {
        let form = format!("email={EMAIL}&password={PASSWORD}&chatBoxId={CHAT_BOX}");
        let kind = "application/x-www-form-urlencoded";
        let signed_in = self.post("/login", kind, "", &form)?;
        let cookies: Vec<&str> = signed_in
            .headers("set-cookie")
            .filter_map(|cookie| cookie.split(';').next())
            .collect();
        let cookies = cookies.join("; ");
        let page = self.follow(signed_in, &cookies)?;
        let page = String::from_utf8_lossy(&page.body);
        let path = attribute(&page, "data-credential-path")?;
        let body = format!("{{\"chatBoxId\":\"{CHAT_BOX}\"}}");
        self.post(path, "application/json", &cookies, &body)
    }

    /// The page to which a response leads, after a few redirects.
    fn follow(&self, mut response: Response, cookies: &str) -> Option<Response> {
        for _ in 0..MAX_REDIRECTS {
            let location = response.headers("location").next()?;
            let path = location.strip_prefix(&self.origin).unwrap_or(location);
            response = self.get(path, cookies)?;
            if response.status == 200 {
                return Some(response);
            }
        }
        None
    }

    fn get(&self, path: &str, cookie: &str) -> Option<Response> {
        let host = &self.origin["http://".len()..];
        let request = Request {
            line: &format!("GET {path}"),
            host,
            headers: &[("Cookie", cookie)],
            body: "",
        };
        http_probe::ask(self.port, &request).ok()
    }

    fn post(&self, path: &str, kind: &str, cookie: &str, body: &str) -> Option<Response> {
        let host = &self.origin["http://".len()..];
        let request = Request {
            line: &format!("POST {path}"),
            host,
            headers: &[
                ("Origin", &self.origin),
                ("Content-Type", kind),
                ("Cookie", cookie),
            ],
            body,
        };
        http_probe::ask(self.port, &request).ok()
    }
}

/// The value of an attribute that occurs once in a page.
fn attribute<'a>(html: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = html.split_once(&format!("{name}=\""))?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_by_name() {
        let html = r#"<script data-script="a.js" data-wasm="a.wasm">"#;
        assert_eq!(attribute(html, "data-wasm"), Some("a.wasm"));
        assert_eq!(attribute(html, "data-other"), None);
    }
}
