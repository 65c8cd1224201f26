//! Puts the server together. `main` and the tests use the same function.

use std::{fs, path::Path, sync::Arc};

use anyhow::Context;
use app::model::{Deployment, Frontend};
use serde::Deserialize;

use crate::{
    accounts::{Accounts, Hasher},
    clock::Clock,
    config::{Config, HttpConfig},
    database::Database,
    demo,
    handoff::{Handoffs, OpenerScript},
    http::{ContentPolicy, HttpService, TrustedProxies},
    limits::Limiter,
    mail::{MailQueue, MailWorker},
    oauth::OAuth,
    random,
    render::Pages,
    router::router,
    session,
    site::SiteSettings,
    state::{AppState, Handles},
    sweeper::Sweeper,
    vendors::{Surroundings, Vendors},
};

/// A server that is ready to serve, and what works beside it.
pub struct Application {
    pub service: HttpService,
    pub state: AppState,
    pub sweeper: Sweeper,
    /// `None` without a mail server.
    pub mail_worker: Option<MailWorker>,
}

/// Opens the database, starts the hashing threads and builds the router.
///
/// # Errors
/// With a sentence for whoever starts the server.
pub async fn build(config: &Config, clock: Clock) -> anyhow::Result<Application> {
    let database = Database::open(&config.database).await?;
    let mails = MailQueue::new(clock.clone());
    let mail_worker = MailWorker::new(
        &config.mail,
        mails.clone(),
        database.clone(),
        clock.clone(),
        config.http.login_origin.clone(),
    )?;
    let accounts = Accounts {
        database: database.clone(),
        clock: clock.clone(),
        hasher: Hasher::start(&config.password)?,
        limiter: Limiter::new(database.clone(), clock.clone()),
        mails,
        passwords: Arc::new(config.password.clone()),
        limits: Arc::new(config.limits.clone()),
        admins: Arc::new(config.admin.clone()),
        registration_open: config.http.registration_open,
        form_key: random::token().into(),
    };
    let handoffs = Handoffs::new(database.clone(), &config.http);
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
        accounts.limiter.clone(),
        Arc::clone(&accounts.limits),
    )?;
    let vendors = vendors(config, &clock)?;
    let state = AppState::from(Handles {
        accounts,
        clock: clock.clone(),
        handoffs,
        pages: pages(config, &oauth)?,
        oauth,
        sessions: session::Store::new(database.clone(), clock.clone(), config.session.clone()),
        proxies: TrustedProxies::new(&config.http.trusted_proxies),
        site: SiteSettings::new(&config.http, &vendors),
        vendors,
    });
    let opener_script = Vendors::HANDOFF
        .map(|vendor| OpenerScript::new(&config.http, vendor.cookie_prefix))
        .transpose()?;
    Ok(Application {
        service: router(&config.http, state.clone(), opener_script),
        state,
        sweeper: Sweeper::new(database, clock, config.session.idle),
        mail_worker,
    })
}

fn vendors(config: &Config, clock: &Clock) -> anyhow::Result<Vendors> {
    let surroundings = Surroundings {
        http: &config.http,
        limits: &config.limits,
        clock,
    };
    Vendors::new(&config.vendors, &surroundings)
}

/// What the build of the browser's files has left beside them: their names.
#[derive(Deserialize)]
struct Assets {
    script: String,
    wasm: String,
    css: String,
}

fn pages(config: &Config, oauth: &OAuth) -> anyhow::Result<Pages> {
    let http = &config.http;
    let assets = assets(&http.assets)?;
    let sandbox: Vec<String> = http.sandbox.iter().map(ToString::to_string).collect();
    let deployment = Deployment {
        frontend: assets.as_ref().map(|assets| Frontend {
            script: assets.script.clone(),
            wasm: assets.wasm.clone(),
        }),
        css: assets.map(|assets| assets.css),
        site_origin: http.site_origin.to_string(),
        mailbox_url: http.sandbox.as_ref().map(|sandbox| sandbox.url("/mailbox")),
        demo: !http.is_production(),
        providers: oauth.buttons(),
        password_length: (config.password.min_length, config.password.max_length),
    };
    Ok(Pages::new(
        deployment,
        login_policy(http, &sandbox),
        site_policy(http, &sandbox),
    ))
}

fn login_policy(http: &HttpConfig, sandbox: &[String]) -> ContentPolicy {
    ContentPolicy {
        pictures: sandbox.to_vec(),
        // Signing out on behalf of the site leads back there, and browsers hold redirects to this rule as well.
        form_targets: vec![http.site_origin.to_string()],
        ..ContentPolicy::default()
    }
}

fn site_policy(http: &HttpConfig, sandbox: &[String]) -> ContentPolicy {
    ContentPolicy {
        vendors: [sandbox, &[http.login_origin.to_string()]].concat(),
        pictures: sandbox.to_vec(),
        form_targets: vec![http.login_origin.to_string()],
    }
}

/// Without a manifest the pages come without style and islands: they still work, and the log says why.
fn assets(folder: &Path) -> anyhow::Result<Option<Assets>> {
    let manifest = folder.join("assets.json");
    match fs::read(&manifest) {
        Ok(text) => serde_json::from_slice(&text)
            .with_context(|| format!("{} cannot be used", manifest.display())),
        Err(error) => {
            tracing::warn!(path = %manifest.display(), %error, "no built files: pages come without style");
            Ok(None)
        }
    }
}
