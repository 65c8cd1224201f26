//! Builds the server. The command line and the tests use the same function.

mod config;

use std::sync::Arc;

use anyhow::Context;
use app::model::Deployment;

use crate::{
    accounts::Accounts,
    audit::CredentialUses,
    clock::Clock,
    config::HttpConfig,
    demo,
    handoff::Handoffs,
    limits::Limiter,
    mail::MailQueue,
    mailer::MailWorker,
    oauth::OAuth,
    session,
    sweeper::Sweeper,
    vendors::{VendorContext, Vendors},
    web::{
        AppState, Files, Manifest, Pages, SiteSettings,
        handoff::OpenerScript,
        http::{ContentPolicy, HttpService, TrustedProxies},
        router,
    },
    workers::Workers,
};

pub use config::Config;

/// A server that is ready to serve, and its workers, which are not yet started.
pub struct Application {
    pub service: HttpService,
    pub state: AppState,
    pub sweeper: Sweeper,
    pub mails: MailQueue,
    /// Empty without a mail server.
    pub mail_workers: Vec<MailWorker>,
}

/// Opens the database, starts the hashing threads and builds the router.
///
/// # Errors
/// If a part cannot be started; the message is for the operator.
pub async fn build(config: &Config, clock: Clock) -> anyhow::Result<Application> {
    config.extra_roots.install();
    let database = config.database.open().await?;
    let mails = MailQueue::new(clock.clone());
    let mail_workers = MailWorker::team(
        (&config.mail, &config.extra_roots),
        &mails,
        &database,
        &clock,
        &config.http,
    )?;
    let limits = Arc::new(config.limits.clone());
    let limiter = Limiter::new(database.clone(), clock.clone());
    let accounts = Accounts::new(
        &config.accounts,
        database.clone(),
        clock.clone(),
        (limiter.clone(), Arc::clone(&limits)),
        mails.clone(),
    )?;
    let handoffs = Handoffs::new(database.clone(), clock.clone(), &config.http);
    if !config.http.is_production() {
        demo::seed(&accounts, &handoffs, &config.http)
            .await
            .context("cannot write the demo data")?;
    }
    let oauth = OAuth::new(
        &config.oauth,
        &config.http,
        database.clone(),
        clock.clone(),
        (limiter.clone(), Arc::clone(&limits)),
    )?;
    let uses = CredentialUses::new(clock.clone());
    let vendors = Vendors::new(
        &config.vendors,
        &VendorContext {
            http: &config.http,
            limits: &config.limits,
            clock: &clock,
            uses: &uses,
        },
    )?;
    let state = AppState {
        accounts,
        clock: clock.clone(),
        database: database.clone(),
        handoffs,
        limiter,
        limits,
        pages: pages(config, &oauth)?,
        oauth,
        sessions: session::Store::new(database.clone(), clock.clone(), config.session.clone()),
        proxies: TrustedProxies::new(&config.http.trusted_proxies),
        site: SiteSettings::new(&config.http, &vendors),
        uses,
        vendors,
        workers: Workers::default(),
    };
    let cookie_prefix = Vendors::handoff().map(|vendor| vendor.cookie_prefix);
    let opener_script = OpenerScript::new(&config.http, cookie_prefix);
    Ok(Application {
        service: router(&config.http, state.clone(), opener_script),
        state,
        sweeper: Sweeper::new(database, clock, config.session.idle, config.audit.keep),
        mails,
        mail_workers,
    })
}

fn pages(config: &Config, oauth: &OAuth) -> anyhow::Result<Pages> {
    let http = &config.http;
    let manifest = Manifest::of(Files::new(http.assets.clone()));
    let sandbox: Vec<String> = http.sandbox.iter().map(ToString::to_string).collect();
    let mut deployment = Deployment {
        frontend: None,
        css: None,
        site_css: None,
        reload: None,
        site_origin: http.site_origin.to_string(),
        mailbox_url: http.sandbox.as_ref().map(|sandbox| sandbox.url("/mailbox")),
        demo: !http.is_production(),
        providers: oauth.buttons(),
        password_length: (
            config.accounts.passwords.min_length,
            config.accounts.passwords.max_length,
        ),
    };
    manifest.apply(&mut deployment)?;
    if deployment.css.is_none() {
        tracing::warn!(folder = ?http.assets, "no built files: pages have no style");
    }
    Ok(Pages::new(
        deployment,
        Some(manifest).filter(|_| !http.is_production()),
        login_policy(http, &sandbox),
        site_policy(http, &sandbox),
    ))
}

fn login_policy(http: &HttpConfig, sandbox: &[String]) -> ContentPolicy {
    ContentPolicy {
        image_origins: sandbox.to_vec(),
        // A sign-out from the site redirects back to it, and browsers apply `form-action` to redirects as
        // well.
        form_targets: vec![http.site_origin.to_string()],
        ..ContentPolicy::default()
    }
}

fn site_policy(http: &HttpConfig, sandbox: &[String]) -> ContentPolicy {
    ContentPolicy {
        vendors: [sandbox, &[http.login_origin.to_string()]].concat(),
        image_origins: sandbox.to_vec(),
        form_targets: vec![http.login_origin.to_string()],
    }
}
