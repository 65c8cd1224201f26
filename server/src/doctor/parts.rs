//! The settings that are valid and nevertheless most likely a mistake, and the parts that they configure.

use std::net::IpAddr;

use secrecy::SecretString;

use super::Finding;
use crate::{
    audit::CredentialUses,
    clock::Clock,
    mailer,
    oauth::{Authorization, Hints, Provider},
    random,
    startup::Config,
    vendors::{VendorContext, Vendors},
    web::{Files, Manifest},
};

/// Settings.
pub(super) fn settings(config: &Config) -> Vec<Finding> {
    let http = &config.http;
    let mut findings = Vec::new();
    if http.is_production() && http.addr.ip().is_loopback() && http.trusted_proxies.is_empty() {
        findings.push(Finding::warning(
            "proxy",
            "no proxy is trusted, so that all users together have the rate limits of one client",
            "Set LATCHKEY_TRUSTED_PROXIES to the address from which the proxy connects, such as 127.0.0.1.",
        ));
    }
    if let Some(addr) = http.metrics_addr
        && !is_private(addr.ip())
    {
        findings.push(Finding::warning(
            "metrics",
            format!("the metrics are served at {addr}, where others may read them"),
            "Set LATCHKEY_METRICS_ADDR to an address of this machine or of a private network.",
        ));
    }
    let sender = config.mail.from.email.domain();
    let (own, theirs) = (
        psl::domain_str(&http.cookie_domain),
        psl::domain_str(sender),
    );
    if http.is_production() && own != theirs {
        findings.push(Finding::warning(
            "sender",
            format!("mails come from {sender}, which is not a domain of {}", http.cookie_domain),
            "Set MAIL_FROM to an address of your own domain, or see to it that its SPF and DKIM allow your mail server.",
        ));
    }
    if !Manifest::of(Files::new(http.assets.clone())).exists() {
        findings.push(Finding::problem(
            "assets",
            "there are no files for browsers, so that pages have no style",
            "Set LATCHKEY_ASSETS to the folder of the build, or use the program of the archive.",
        ));
    }
    findings.push(Finding::ok(
        "settings",
        format!(
            "users sign in at {}, for pages of {}; cookies with credentials are for {} and all names below it",
            http.login_origin, http.site_origin, http.cookie_domain
        ),
    ));
    findings
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

/// Whether the database can be read and has the schema of this version.
pub(super) async fn database(config: &Config) -> Finding {
    const CHECK: &str = "database";
    match config.database.pending_migrations().await {
        Ok(pending) if pending.is_empty() => Finding::ok(
            CHECK,
            "the database can be read and has the schema of this version",
        ),
        Ok(pending) => Finding::warning(
            CHECK,
            format!("the database lacks {} migrations", pending.len()),
            "Start the server or run `latchkey migrate`; `latchkey migrate --dry-run` names them.",
        ),
        Err(error) => Finding::problem(
            CHECK,
            format!("the database cannot be used: {error:#}"),
            "Correct DATABASE_URL, or see docs/log-messages.md.",
        ),
    }
}

/// Whether vendors would accept what their keys sign.
pub(super) fn vendors(config: &Config, clock: &Clock) -> Finding {
    const CHECK: &str = "vendors";
    let context = VendorContext {
        http: &config.http,
        limits: &config.limits,
        clock,
        uses: &CredentialUses::new(clock.clone()),
    };
    match Vendors::new(&config.vendors, &context) {
        Ok(_) => Finding::ok(
            CHECK,
            "the keys of all vendors that are on sign valid credentials",
        ),
        Err(error) => Finding::problem(
            CHECK,
            format!("a vendor cannot be used: {error:#}"),
            "Correct the setting or key file that the sentence names.",
        ),
    }
}

/// Whether each provider tells where users sign in, as it does before every sign-in.
pub(super) async fn providers(config: &Config, clock: &Clock) -> Vec<Finding> {
    let providers = match config.oauth.providers(clock) {
        Ok(providers) => providers,
        Err(error) => {
            let sentence = format!("the providers cannot be used: {error:#}");
            return vec![Finding::problem(
                "providers",
                sentence,
                "Correct what it names.",
            )];
        }
    };
    let mut findings = Vec::new();
    for provider in providers {
        findings.push(self::provider(config, &*provider).await);
    }
    findings
}

async fn provider(config: &Config, provider: &dyn Provider) -> Finding {
    const CHECK: &str = "provider";
    let mut redirect_uri = config.http.login_origin.to_url();
    redirect_uri.set_path(&format!("/oauth/{}/callback", provider.name()));
    let request = Authorization {
        redirect_uri: redirect_uri.clone(),
        state: random::token(),
        nonce: random::token(),
        pkce_verifier: SecretString::from(random::token()),
    };
    let name = provider.name();
    match provider
        .authorization_url(&request, &Hints::default())
        .await
    {
        Ok(_) => Finding::ok(
            CHECK,
            format!("{name} can be reached; {redirect_uri} must be registered there"),
        ),
        Err(error) => Finding::problem(
            CHECK,
            format!("no one can sign in through {name}: {error}"),
            error.cause.explanation().action,
        ),
    }
}

/// Whether the mail server takes mails of this sender.
pub(super) async fn mail(config: &Config) -> Option<Finding> {
    const CHECK: &str = "mail";
    match mailer::check(&config.mail, &config.extra_roots).await? {
        Ok(()) => Some(Finding::ok(
            CHECK,
            "the mail server can be used; no mail was sent",
        )),
        Err(error) => Some(Finding::problem(
            CHECK,
            format!("mails cannot be sent: {error}"),
            "Correct SMTP_URL; docs/log-messages.md, Mail, explains the error.",
        )),
    }
}
