//! All routes of the server, and the layers that requests pass.

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request},
    middleware::from_fn_with_state,
    response::{IntoResponse, Redirect},
};
use tower::ServiceBuilder;
use tower_http::{
    compression::{CompressionLayer, DefaultPredicate, Predicate, predicate::SizeAbove},
    limit::RequestBodyLimitLayer,
    validate_request::ValidateRequestHeaderLayer,
};

use super::{
    AppState, Files,
    accounts::{account_routes, login_routes, viewer_routes},
    admin, assets,
    handoff::{self, OpenerScript, opener_routes, script_routes},
    health,
    http::{
        AllowedOrigins, HostRouters, Hosts, HttpError, HttpService, OriginRules, misdirected,
        note_route, render_problems, same_origin_only, session_not_saved, write_problems,
    },
    leptos, oauth, site,
};
use crate::{config::HttpConfig, session, vendors::VendorServices};

/// The maximum size of a body in bytes. There are no uploads, only small forms and JSON.
const MAX_BODY: usize = 16 * 1024;

/// The minimum size of a compressed response in bytes. Smaller ones fit into one packet as they are.
const COMPRESSED_FROM: u16 = 1024;

/// The service with all routes, for every host name.
pub fn router(config: &HttpConfig, state: AppState, opener_script: OpenerScript) -> HttpService {
    let files = Files::new(config.assets.clone());
    let health = health::routes(state.database.clone(), state.workers.clone());
    let site_url = config.site_origin.url("/");
    let proxies = state.proxies.clone();
    let routers = HostRouters {
        hosts: Hosts::new(config),
        login: login_router(config, state.clone(), opener_script, &files).merge(health.clone()),
        site: site_router(&files, state).merge(health.clone()),
        loopback: health
            .clone()
            .fallback(async move || Redirect::to(&site_url)),
        unknown: health.fallback(misdirected),
    };
    HttpService::new(routers, config, proxies)
}

/// The login origin: pages, forms, credential endpoints.
fn login_router(
    config: &HttpConfig,
    state: AppState,
    opener_script: OpenerScript,
    files: &Files,
) -> Router {
    let sessions = session::layer(state.sessions.clone());
    let rules = OriginRules::new(config.login_origin.clone(), config.site_origin.clone());
    let same_origin = from_fn_with_state(rules, same_origin_only);
    let origins = AllowedOrigins::new([config.login_origin.clone(), config.site_origin.clone()]);
    let pages = Router::new()
        .merge(login_routes())
        .merge(account_routes())
        .merge(admin::routes())
        .merge(handoff::routes())
        .merge(oauth::routes())
        .fallback(not_found)
        .layer(
            ServiceBuilder::new()
                .layer(from_fn_with_state(state.pages.clone(), render_problems))
                .map_response(session_not_saved)
                .layer(sessions.clone())
                .layer(same_origin.clone()),
        );
    let services = VendorServices::new(
        state.accounts.clone(),
        state.sessions.clone(),
        state.handoffs.clone(),
        state.database.clone(),
        state.vendors.upstream_logins().clone(),
        state.uses.clone(),
    );
    let (vendors, readable_vendors) = state.vendors.routes(&services);
    let api = Router::new()
        .merge(opener_routes())
        .merge(leptos::routes())
        .merge(vendors.with_state(()))
        .layer(
            ServiceBuilder::new()
                .map_response(write_problems)
                .map_response(session_not_saved)
                .layer(sessions)
                .layer(same_origin),
        );
    // Not compressed: credentials fit into one packet, and compressing one would cost more than creating it.
    let readable = Router::new()
        .merge(readable_vendors.with_state(()))
        .merge(viewer_routes())
        .layer(
            ServiceBuilder::new()
                .map_request(note_route)
                .map_response(write_problems)
                .layer(origins.cors())
                .layer(ValidateRequestHeaderLayer::custom(origins)),
        );
    pages
        .merge(api)
        .layer(
            ServiceBuilder::new()
                .map_request(note_route)
                .map_response(IntoResponse::into_response)
                .layer(RequestBodyLimitLayer::new(MAX_BODY))
                .layer(DefaultBodyLimit::disable()),
        )
        .with_state(state.clone())
        .merge(script_routes(opener_script))
        .merge(assets::routes(files))
        .layer(compression())
        .merge(readable.with_state(state))
}

fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .gzip(true)
        .br(true)
        .compress_when(DefaultPredicate::new().and(SizeAbove::new(COMPRESSED_FROM)))
}

/// The site origin: the demo's pages, and the vendors' SDKs, which are not served at the login origin.
fn site_router(files: &Files, state: AppState) -> Router {
    Router::new()
        .merge(site::routes())
        .fallback(not_found)
        .layer(
            ServiceBuilder::new()
                .map_request(note_route)
                .layer(from_fn_with_state(state.pages.clone(), render_problems)),
        )
        .with_state(state)
        .merge(assets::routes(files))
        .merge(assets::sdk_routes(files))
        .layer(compression())
}

async fn not_found(_: Request<Body>) -> HttpError {
    HttpError::Rejected(app::model::Problem::NotFound)
}
