//! Random requests made of unusual pieces. None causes a server error, and the server keeps running.

use super::routes::MUTATING;
use crate::harness::{TestApp, status};

const PIECES: [&str; 24] = [
    "",
    "a",
    "\0",
    "%00",
    "%",
    "%zz",
    "%ff",
    "\u{202e}",
    "＠",
    "ß",
    "\u{1f33b}",
    "'\"><script>",
    "' OR 1=1 --",
    "${x}",
    "{{7*7}}",
    "../../etc/passwd",
    "[]",
    "{\"a\":",
    "1e999",
    "-1",
    "demo@latchkey.localhost",
    "cb_demo",
    "application/json",
    "correct horse battery staple",
];

const FIELDS: [&str; 10] = [
    "email",
    "password",
    "new_password",
    "current_password",
    "display_name",
    "photo_url",
    "token",
    "chatBoxId",
    "next",
    "attempt",
];

/// A small generator with the same sequence in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn text(&mut self) -> String {
        (0..self.below(4)).map(|_| self.of(&PIECES)).collect()
    }

    fn fields(&mut self) -> String {
        let count = self.below(6);
        let fields: Vec<String> = (0..count)
            .map(|_| format!("{}={}", self.of(&FIELDS), self.text()))
            .collect();
        fields.join("&")
    }

    fn request(&mut self, host: &str, cookie: &str) -> String {
        let method = self.of(&["GET", "POST", "POST", "POST", "PUT", "HEAD", "OPTIONS"]);
        let path = self.of(&MUTATING);
        let query = self.fields().replace([' ', '\0'], "+");
        let kind = self.of(&[
            "application/x-www-form-urlencoded",
            "application/json",
            "text/plain",
        ]);
        let body = match self.below(3) {
            0 => format!("{{\"chatBoxId\":\"{}\"}}", self.text()),
            _ => self.fields(),
        };
        let cookie = self.of(&[cookie, "latchkey=x", "=;"]);
        format!(
            "{method} {path}?{query} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\n\
             cookie: {cookie}\r\ncontent-type: {kind}\r\nx-forwarded-for: {}\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.below(300),
            body.len()
        )
    }
}

#[tokio::test]
async fn no_request_is_an_error_of_ours() {
    let app = TestApp::start_with(&[
        ("LATCHKEY_LIMIT_CLIENT_BURST", "100000"),
        ("LATCHKEY_LIMIT_FORM_BURST", "100000"),
        ("LATCHKEY_LIMIT_CREDENTIAL_BURST", "100000"),
    ])
    .await;
    let browser = app.signed_in().await;
    let cookie = format!("latchkey={}", browser.cookie("latchkey").unwrap());
    let mut random = Random(20_261_122);
    for _ in 0..400 {
        let request = random.request(&app.login_host(), &cookie);
        let response = app.raw(&request).await;
        assert!(
            (200..500).contains(&status(&response)),
            "{request}\n\n{response}"
        );
    }
    assert_eq!(app.anonymous().get("/health/ready").await.status, 200);
}
