//! Responses.

use reqwest::header::HeaderMap;
use serde_json::Value;

/// Status, headers and body.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Response {
    pub(super) async fn read(response: reqwest::Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }

    /// A header's value, or an empty string.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The target of a redirect.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// All cookies that were set, as sent.
    pub fn set_cookies(&self) -> Vec<&str> {
        let cookies = self.headers.get_all("set-cookie").iter();
        cookies.map(|value| value.to_str().unwrap()).collect()
    }

    /// All cookies that were set, each with its attributes in alphabetical order.
    pub fn sorted_cookies(&self) -> Vec<String> {
        let sorted = |cookie: &str| {
            let (pair, attributes) = cookie.split_once("; ").unwrap_or((cookie, ""));
            let mut attributes: Vec<&str> = attributes.split("; ").collect();
            attributes.sort_unstable();
            format!("{pair}; {}", attributes.join("; "))
        };
        self.set_cookies().into_iter().map(sorted).collect()
    }

    /// Status, headers and body, without what differs in each response (date, nonce, ID) and without `email`,
    /// to compare responses with each other.
    pub fn essence(&self, email: &str) -> String {
        let policy = self.header("content-security-policy");
        let nonce = policy.split_once("'nonce-").map_or("", |(_, rest)| {
            rest.split_once('\'').expect("the nonce ends").0
        });
        let mut headers: Vec<String> = self
            .headers
            .iter()
            .filter(|(name, _)| *name != "date" && *name != "x-request-id")
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        headers.sort();
        let text = format!("{}\n{}\n\n{}", self.status, headers.join("\n"), self.body);
        let text = text.replace(email, "EMAIL");
        let id = format!("<code>{}</code>", self.header("x-request-id"));
        let text = text.replace(&id, "<code>ID</code>");
        if nonce.is_empty() {
            text
        } else {
            text.replace(nonce, "NONCE")
        }
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}
