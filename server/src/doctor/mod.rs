//! Looks for mistakes in a deployment: in its settings, its parts, and what its pages look like from outside. It
//! changes nothing.

mod parts;
mod report;
mod web;

use url::Url;

use crate::{clock::Clock, startup::Config};

pub use report::{Finding, Level};

/// Checks a deployment with these settings. Its pages are requested from `url`, or else from its origins.
///
/// # Errors
/// If no HTTP client can be made.
pub async fn examine(config: &Config, url: Option<&Url>) -> anyhow::Result<Vec<Finding>> {
    config.extra_roots.install();
    let clock = Clock::system();
    let mut findings = parts::settings(config);
    findings.push(parts::database(config).await);
    findings.push(parts::vendors(config, &clock));
    findings.extend(parts::providers(config, &clock).await);
    findings.extend(parts::mail(config).await);
    findings.extend(web::login(config, url, &clock).await?);
    findings.extend(web::site(config, url).await?);
    Ok(findings)
}
