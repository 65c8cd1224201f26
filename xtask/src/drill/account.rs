//! What users do with their accounts, as requests of a script, which gets 200 where a page would be redirected to one
//! that says so.

use demo_settings::login_origin;

use super::stage::Client;
use crate::http_probe::Response;

impl Client {
    /// Whether the server has promised a mail with a link that registers this user.
    pub(super) fn registers(self, email: &str, password: &str) -> bool {
        let form = form(&[
            ("email", email),
            ("display_name", "Some One"),
            ("password", password),
        ]);
        self.status("POST /register", "", &form) == 200
    }

    /// Whether the server has created the account for which this token was sent.
    pub(super) fn confirms(self, token: &str) -> bool {
        let response = self.send("POST /verify-email", "", &form(&[("token", token)]));
        leads_to(response.as_ref(), "/login?notice=email-verified")
    }

    /// Whether the server has promised a mail with a link to choose a new password.
    pub(super) fn asks_for_mail(self, email: &str) -> bool {
        self.status("POST /forgot-password", "", &form(&[("email", email)])) == 200
    }

    /// Whether the server has stored a new password.
    pub(super) fn resets(self, token: &str, password: &str) -> bool {
        let form = form(&[("token", token), ("new_password", password)]);
        let response = self.send("POST /reset-password", "", &form);
        leads_to(response.as_ref(), "/login?notice=password-reset")
    }

    /// Whether the server has stored a new name.
    pub(super) fn renames(self, cookie: &str, name: &str) -> bool {
        let form = form(&[("display_name", name), ("photo_url", "")]);
        let response = self.send("POST /account/profile", cookie, &form);
        leads_to(response.as_ref(), "/account?notice=profile-saved")
    }

    /// The account page of a session.
    pub(super) fn account(self, cookie: &str) -> Option<String> {
        let page = self.send("GET /account", cookie, "")?;
        (page.status == 200).then(|| page.text())
    }

    /// Signs a user in; the session's cookie, or `None` if the server did not say that it did.
    pub(super) fn sign_in_as(self, email: &str, password: &str) -> Option<String> {
        let response = self.send_sign_in(email, password)?;
        session(&response).filter(|_| response.status == 303)
    }

    /// The response to a user's sign-in.
    pub(super) fn send_sign_in(self, email: &str, password: &str) -> Option<Response> {
        let form = form(&[("email", email), ("password", password)]);
        self.send("POST /login", "", &form)
    }

    /// Whether the server has linked an account at the provider to that of a session.
    pub(super) fn links(self, cookie: &str, persona: &str) -> bool {
        let linked = || {
            let page = self.send("POST /oauth/sso/link", cookie, "")?;
            let url = page.headers("refresh").next()?.strip_prefix("0; url=")?;
            let cookies = format!("{cookie}; {}", first_cookie(&page)?);
            self.choose(url, &cookies, persona)
        };
        leads_to(linked().as_ref(), "/account?notice=account-linked")
    }

    /// Signs in through the provider; the session's cookie.
    pub(super) fn sign_in_at_provider(self, persona: &str) -> Option<String> {
        let start = self.send("GET /oauth/sso/start", "", "")?;
        let response = self.choose_at_provider(&start, persona)?;
        session(&response).filter(|_| response.location() == "/account")
    }

    /// Chooses a user on the provider's page to which `start` has redirected; the login's response afterwards.
    pub(super) fn choose_at_provider(self, start: &Response, persona: &str) -> Option<Response> {
        self.choose(start.location(), &first_cookie(start)?, persona)
    }

    fn choose(self, url: &str, cookies: &str, persona: &str) -> Option<Response> {
        let (_, query) = url.split_once('?')?;
        let form = format!("{query}&choice={persona}");
        let chosen = self.send_to_sandbox("POST /sso/authorize", &form)?;
        let callback = chosen.location().strip_prefix(&login_origin(self.ports))?;
        self.send(&format!("GET {callback}"), cookies, "")
    }
}

fn leads_to(response: Option<&Response>, location: &str) -> bool {
    response.is_some_and(|response| response.status == 303 && response.location() == location)
}

/// Name and value of the first cookie that a response sets.
fn first_cookie(response: &Response) -> Option<String> {
    let cookie = response.headers("set-cookie").next()?;
    Some(cookie.split(';').next()?.to_owned())
}

/// The cookie of the session that a response begins.
fn session(response: &Response) -> Option<String> {
    let mut cookies = response.headers("set-cookie");
    let cookie = cookies.find(|cookie| cookie.starts_with("latchkey="))?;
    Some(cookie.split(';').next()?.to_owned())
}

/// A form. Of all that has to be escaped, addresses have `@` and texts have spaces.
fn form(fields: &[(&str, &str)]) -> String {
    let fields = fields.iter().map(|(name, value)| {
        let value = value.replace('@', "%40").replace(' ', "+");
        format!("{name}={value}")
    });
    fields.collect::<Vec<_>>().join("&")
}
