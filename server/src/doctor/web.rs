//! What the pages look like from outside, through every proxy: proxies add, remove and replace headers, and sign-ins
//! depend on some.

use std::time::Duration;

use anyhow::Context;
use reqwest::{
    Client, Method, Response,
    header::{
        ACCEPT, CONTENT_SECURITY_POLICY, DATE, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN,
        STRICT_TRANSPORT_SECURITY,
    },
};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};
use url::Url;

use super::Finding;
use crate::{clock::Clock, config::Origin, outbound, startup::Config, web::http::POPUP_PATHS};

const TIMEOUT: Duration = Duration::from_secs(10);

/// By how many seconds the clocks may differ: providers and vendors allow little more.
const MAX_SKEW: u64 = 30;

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Requests pages of an origin, perhaps from another address.
struct Browser<'a> {
    client: Client,
    origin: &'a Origin,
    base: Url,
}

impl<'a> Browser<'a> {
    fn new(origin: &'a Origin, url: Option<&Url>) -> anyhow::Result<Self> {
        Ok(Self {
            client: outbound::client(TIMEOUT)?,
            origin,
            base: url.cloned().unwrap_or_else(|| origin.to_url()),
        })
    }

    async fn request(&self, method: Method, path: &str) -> anyhow::Result<Response> {
        let url = self.base.join(path)?;
        let request = self
            .client
            .request(method, url)
            .header(HOST, self.origin.authority())
            .header(ORIGIN, self.origin.as_str())
            .header(ACCEPT, "text/html");
        Ok(request.send().await.map_err(reqwest::Error::without_url)?)
    }

    async fn get(&self, path: &str) -> anyhow::Result<Response> {
        self.request(Method::GET, path).await
    }
}

/// The login's pages.
pub(super) async fn login(
    config: &Config,
    url: Option<&Url>,
    clock: &Clock,
) -> anyhow::Result<Vec<Finding>> {
    let origin = &config.http.login_origin;
    let browser = Browser::new(origin, url)?;
    let live = match browser.get("/health/live").await {
        Ok(response) => response,
        Err(error) => {
            let sentence = format!("{} cannot be reached: {error:#}", browser.base);
            let fix = "Start the server and the proxy, and check DNS, firewall and certificate.";
            return Ok(vec![Finding::problem("reach", sentence, fix)]);
        }
    };
    let mut findings = vec![reached(&live, &browser), clocks(&live, clock)];
    let page = browser.get("/login").await?;
    findings.push(page_of_login(&page));
    findings.push(request_id(&page));
    if origin.is_https() {
        findings.push(hsts(&page));
    }
    findings.push(csp_of_login(page.headers()));
    findings.push(forms(&browser).await?);
    findings.push(script(&browser).await?);
    findings.push(openers(&browser).await?);
    findings.push(readiness(&browser).await?);
    Ok(findings)
}

fn reached(live: &Response, browser: &Browser<'_>) -> Finding {
    const CHECK: &str = "reach";
    match live.status().as_u16() {
        200 => Finding::ok(CHECK, format!("{} responds", browser.base)),
        301..400 => Finding::problem(
            CHECK,
            format!("{} redirects elsewhere", browser.base),
            "Set LATCHKEY_LOGIN_ORIGIN to the origin to which it redirects, or let the proxy not redirect.",
        ),
        status => Finding::problem(
            CHECK,
            format!(
                "{} responds with {status} instead of the server's 200",
                browser.base
            ),
            "Let the proxy pass all paths of this host on to the server.",
        ),
    }
}

/// Both clocks count: providers' tokens are compared with this machine's.
fn clocks(live: &Response, clock: &Clock) -> Finding {
    const CHECK: &str = "clock";
    let date = live.headers().get(DATE).and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| {
        let date = date.replace("GMT", "+0000");
        OffsetDateTime::parse(&date, &Rfc2822).ok()
    });
    let Some(date) = date else {
        return Finding::warning(
            CHECK,
            "the response does not say what time it is there",
            "Let the proxy send the header Date.",
        );
    };
    let skew = date.unix_timestamp().abs_diff(clock.now().seconds());
    if skew > MAX_SKEW {
        return Finding::problem(
            CHECK,
            format!("the clocks here and there differ by {skew} seconds"),
            "Synchronize both with a time server, such as by systemd-timesyncd.",
        );
    }
    Finding::ok(CHECK, "the clocks here and there agree")
}

fn page_of_login(page: &Response) -> Finding {
    const CHECK: &str = "login page";
    match page.status().as_u16() {
        200 => Finding::ok(CHECK, "the login page is shown"),
        421 => Finding::problem(
            CHECK,
            "the server does not know the host name with which requests reach it",
            "Let the proxy pass the client's Host on (nginx: `proxy_set_header Host $http_host;`), and compare \
             LATCHKEY_LOGIN_ORIGIN with what browsers show.",
        ),
        status => Finding::problem(
            CHECK,
            format!("the login page responds with {status}"),
            "Look for the request's line in the log.",
        ),
    }
}

fn request_id(page: &Response) -> Finding {
    const CHECK: &str = "request id";
    match page.headers().contains_key(REQUEST_ID) {
        true => Finding::ok(
            CHECK,
            "responses have the ID with which the log is searched",
        ),
        false => Finding::warning(
            CHECK,
            "responses have no X-Request-Id",
            "Let the proxy pass the header on, so that a user's problem is found in the log.",
        ),
    }
}

fn hsts(page: &Response) -> Finding {
    const CHECK: &str = "hsts";
    match page.headers().contains_key(STRICT_TRANSPORT_SECURITY) {
        true => Finding::ok(CHECK, "browsers use TLS for every later visit"),
        false => Finding::warning(
            CHECK,
            "responses have no Strict-Transport-Security",
            "Let the proxy pass the header on.",
        ),
    }
}

/// Browsers apply every policy, so that one which a proxy adds may block the page.
fn csp_of_login(headers: &HeaderMap) -> Finding {
    const CHECK: &str = "csp of the login";
    let policies = headers.get_all(CONTENT_SECURITY_POLICY).iter().count();
    match policies {
        1 => Finding::ok(CHECK, "the login page has the server's policy alone"),
        0 => Finding::problem(
            CHECK,
            "the login page has no Content-Security-Policy",
            "Let the proxy pass the header on.",
        ),
        _ => Finding::problem(
            CHECK,
            "the login page has a second Content-Security-Policy",
            "Let the proxy add none for the login's host: browsers apply both.",
        ),
    }
}

/// A sign-out without a session changes nothing, and passes the check of forms.
async fn forms(browser: &Browser<'_>) -> anyhow::Result<Finding> {
    const CHECK: &str = "forms";
    let response = browser.request(Method::POST, "/logout").await?;
    Ok(match response.status().as_u16() {
        303 => Finding::ok(CHECK, "forms can be sent"),
        403 => Finding::problem(
            CHECK,
            "forms are rejected, since their Origin is not the login's when it reaches the server",
            "Let the proxy pass Origin and Sec-Fetch-Site on, and compare LATCHKEY_LOGIN_ORIGIN with what browsers show.",
        ),
        status => Finding::problem(
            CHECK,
            format!("a form gets {status}"),
            "Let the proxy pass POST requests on, and look for the request's line in the log.",
        ),
    })
}

async fn script(browser: &Browser<'_>) -> anyhow::Result<Finding> {
    const CHECK: &str = "script";
    let response = browser.get("/latchkey.js").await?;
    let status = response.status();
    let text = response.text().await.context("the script is incomplete")?;
    Ok(if !status.is_success() {
        Finding::problem(
            CHECK,
            format!("/latchkey.js responds with {status}"),
            "Let the proxy pass this path on to the server.",
        )
    } else if text.contains(browser.origin.as_str()) {
        Finding::ok(CHECK, "/latchkey.js is served for this login")
    } else {
        Finding::problem(
            CHECK,
            "/latchkey.js is that of another login, or an old copy of it",
            "Clear the proxy's cache, and let it cache nothing longer than the server says.",
        )
    })
}

/// A single page of the popup with this header severs it from the page that opened it.
async fn openers(browser: &Browser<'_>) -> anyhow::Result<Finding> {
    const CHECK: &str = "opener";
    for path in POPUP_PATHS {
        let response = browser.get(path).await?;
        let sent = response.headers().get(&COOP);
        if sent.is_some_and(|value| value != "unsafe-none") {
            return Ok(Finding::problem(
                CHECK,
                format!(
                    "{path} has a Cross-Origin-Opener-Policy, which severs the popup from its opener"
                ),
                "Let the proxy add no such header for the login's host: the server sets it where it belongs.",
            ));
        }
    }
    Ok(Finding::ok(
        CHECK,
        "no page of the popup severs it from its opener",
    ))
}

async fn readiness(browser: &Browser<'_>) -> anyhow::Result<Finding> {
    const CHECK: &str = "ready";
    let response = browser.get("/health/ready").await?;
    let status = response.status();
    let text = response.text().await.unwrap_or_default();
    Ok(match status.is_success() {
        true => Finding::ok(CHECK, "the server is ready"),
        false => Finding::problem(
            CHECK,
            format!("the server is not ready: {}", text.trim()),
            "See docs/log-messages.md, Database and disk.",
        ),
    })
}

/// The embedding site's home page.
pub(super) async fn site(config: &Config, url: Option<&Url>) -> anyhow::Result<Vec<Finding>> {
    const CHECK: &str = "embedding site";
    let origin = &config.http.site_origin;
    let browser = Browser::new(origin, url)?;
    let page = match browser.get("/").await {
        Ok(page) => page,
        Err(error) => {
            return Ok(vec![Finding::warning(
                CHECK,
                format!("{origin} cannot be reached from here: {error:#}"),
                "Check LATCHKEY_SITE_ORIGIN, or run the doctor where the site can be reached.",
            )]);
        }
    };
    let mut findings = Vec::new();
    if page
        .headers()
        .get(&COOP)
        .is_some_and(|value| value == "same-origin")
    {
        findings.push(Finding::problem(
            CHECK,
            format!("{origin} has Cross-Origin-Opener-Policy: same-origin, which severs it from the popup"),
            "Use same-origin-allow-popups on pages that open the login.",
        ));
    }
    let login = &config.http.login_origin;
    for directive in ["script-src", "connect-src"] {
        let mut policies = page.headers().get_all(CONTENT_SECURITY_POLICY).iter();
        if policies.any(|policy| !allows(policy, directive, login)) {
            findings.push(Finding::problem(
                CHECK,
                format!(
                    "the Content-Security-Policy of {origin} does not allow {login} in {directive}"
                ),
                format!("Add {login} to {directive}."),
            ));
        }
    }
    if findings.is_empty() {
        findings.push(Finding::ok(
            CHECK,
            format!("{origin} may open the login and load its script"),
        ));
    }
    Ok(findings)
}

/// Whether a policy lets a page load scripts of an origin, or connect to it.
fn allows(policy: &HeaderValue, directive: &str, origin: &Origin) -> bool {
    let Ok(policy) = policy.to_str() else {
        return false;
    };
    let sources = |name: &str| {
        let mut directives = policy.split(';').map(str::split_ascii_whitespace);
        directives.find_map(|mut words| {
            let is_it = words
                .next()
                .is_some_and(|word| word.eq_ignore_ascii_case(name));
            is_it.then(|| words.collect::<Vec<_>>())
        })
    };
    let Some(sources) = sources(directive).or_else(|| sources("default-src")) else {
        return true;
    };
    let scheme = if origin.is_https() { "https:" } else { "http:" };
    let host = origin.host();
    sources.iter().any(|source| {
        let parent = source.trim_start_matches("https://").strip_prefix("*.");
        *source == "*"
            || *source == scheme
            || *source == origin.as_str()
            || *source == host
            || parent.is_some_and(|parent| host.ends_with(&format!(".{parent}")))
    })
}

#[cfg(test)]
mod tests;
