//! The settings of HTTP: the address to listen on, the origins, and the trusted proxies.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use ipnet::IpNet;

use super::{ConnectionsConfig, Origin, Source};

/// Whether this is the offline demo or a deployment with real users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    Demo,
    Production,
}

impl FromStr for Environment {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "demo" => Ok(Self::Demo),
            "production" => Ok(Self::Production),
            _ => Err(()),
        }
    }
}

/// The settings of HTTP.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// `LATCHKEY_ENV`: `demo` or `production` (default).
    pub environment: Environment,
    /// `LATCHKEY_ADDR`: address and port to listen on.
    pub addr: SocketAddr,
    /// `LATCHKEY_METRICS_ADDR`: address and port at which Prometheus reads the metrics; off if not set.
    pub metrics_addr: Option<SocketAddr>,
    /// `LATCHKEY_LOGIN_ORIGIN`: origin of the login, the account page and the credential endpoints.
    pub login_origin: Origin,
    /// `LATCHKEY_SITE_ORIGIN`: origin of the site that embeds the widgets.
    pub site_origin: Origin,
    /// `LATCHKEY_COOKIE_DOMAIN`: parent domain that both share, without a leading dot.
    pub cookie_domain: String,
    /// `LATCHKEY_ASSETS`: folder with the browser's files, if they are not those inside this program.
    pub assets: Option<PathBuf>,
    /// `LATCHKEY_TRUSTED_PROXIES`: addresses and networks, separated by commas, whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// `LATCHKEY_SANDBOX_URL`: origin of the sandbox; must not be set in production.
    pub sandbox: Option<Origin>,
    /// `LATCHKEY_POPUP_CONTINUE`: `ask` (default) shows "Continue as NAME" to a signed-in user, `straight` skips it.
    pub continue_straight: bool,
    /// Limits of connections and requests.
    pub connections: ConnectionsConfig,
}

impl HttpConfig {
    pub(crate) fn from_source(source: &Source) -> Self {
        let environment = source.parsed(
            "LATCHKEY_ENV",
            Environment::Production,
            "be demo or production",
        );
        let login_origin = origin(source, "LATCHKEY_LOGIN_ORIGIN");
        let site_origin = origin(source, "LATCHKEY_SITE_ORIGIN");
        let config = Self {
            environment,
            addr: source.parsed(
                "LATCHKEY_ADDR",
                SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
                "be an address and port such as 127.0.0.1:3000",
            ),
            metrics_addr: metrics_addr(source),
            cookie_domain: cookie_domain(source, &login_origin, &site_origin),
            assets: source.text("LATCHKEY_ASSETS").map(PathBuf::from),
            trusted_proxies: source.list(
                "LATCHKEY_TRUSTED_PROXIES",
                "be IP addresses or networks such as 10.0.0.0/8, separated by commas",
                network,
            ),
            sandbox: sandbox(source, environment),
            continue_straight: source.switch("LATCHKEY_POPUP_CONTINUE", ["ask", "straight"]),
            connections: ConnectionsConfig::from_source(source),
            login_origin,
            site_origin,
        };
        if config.metrics_addr == Some(config.addr) {
            let sentence = "must not be the address of LATCHKEY_ADDR, which is that of users";
            source.problem("LATCHKEY_METRICS_ADDR", sentence);
        }
        config.check_production(source);
        config
    }

    /// Whether this is a deployment with real users.
    pub fn is_production(&self) -> bool {
        self.environment == Environment::Production
    }

    fn check_production(&self, source: &Source) {
        if !self.is_production() {
            return;
        }
        for (name, origin) in [
            ("LATCHKEY_LOGIN_ORIGIN", &self.login_origin),
            ("LATCHKEY_SITE_ORIGIN", &self.site_origin),
        ] {
            if !origin.is_https() {
                source.problem(name, "must use https in production");
            }
        }
    }
}

/// An address such as `10.0.0.1` or a network such as `10.0.0.0/8`. IPv4 addresses that are written as IPv6
/// are IPv4.
fn network(text: &str) -> Option<IpNet> {
    let network: IpNet = match text.parse::<IpAddr>() {
        Ok(address) => address.into(),
        Err(_) => text.parse().ok()?,
    };
    match (network.addr().to_canonical(), network.prefix_len()) {
        (IpAddr::V4(address), length @ 96..) => IpNet::new(address.into(), length - 96).ok(),
        _ => Some(network),
    }
}

fn metrics_addr(source: &Source) -> Option<SocketAddr> {
    const NAME: &str = "LATCHKEY_METRICS_ADDR";
    let text = source.text(NAME)?;
    let addr = text.parse().ok();
    if addr.is_none() {
        source.problem(NAME, "must be an address and port such as 127.0.0.1:9464");
    }
    addr
}

fn origin(source: &Source, name: &str) -> Origin {
    let text = source.required(name, "be set to an origin such as https://www.example.com");
    if text.is_empty() {
        return placeholder_origin();
    }
    text.parse().unwrap_or_else(|error| {
        source.problem(name, &format!("must {error}"));
        placeholder_origin()
    })
}

#[expect(
    clippy::expect_used,
    reason = "the constant is an origin; a test would fail first"
)]
fn placeholder_origin() -> Origin {
    "http://localhost".parse().expect("a loopback origin")
}

/// A domain that browsers accept in the `Domain` attribute of cookies from both origins.
fn cookie_domain(source: &Source, login: &Origin, site: &Origin) -> String {
    const NAME: &str = "LATCHKEY_COOKIE_DOMAIN";
    let rule = "be set to the parent domain that both origins share, such as example.com";
    let domain = source.required(NAME, rule);
    let domain = domain
        .strip_prefix('.')
        .unwrap_or(&domain)
        .to_ascii_lowercase();
    let covers = |origin: &Origin| {
        origin.host() == domain
            || origin
                .host()
                .strip_suffix(&domain)
                .is_some_and(|rest| rest.ends_with('.'))
    };
    if domain.is_empty() {
    } else if domain.parse::<IpAddr>().is_ok() || psl::domain_str(&domain).is_none() {
        source.problem(
            NAME,
            "must be a domain of your own, not a public suffix or an address",
        );
    } else if !covers(login) || !covers(site) {
        source.problem(
            NAME,
            "must be a parent of both LATCHKEY_LOGIN_ORIGIN and LATCHKEY_SITE_ORIGIN",
        );
    }
    domain
}

fn sandbox(source: &Source, environment: Environment) -> Option<Origin> {
    const NAME: &str = "LATCHKEY_SANDBOX_URL";
    let text = source.text(NAME)?;
    if environment == Environment::Production {
        source.problem(NAME, "must not be set in production");
        return None;
    }
    text.parse()
        .map_err(|error| source.problem(NAME, &format!("must {error}")))
        .ok()
}
