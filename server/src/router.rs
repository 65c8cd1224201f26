//! Every URL of the server, and the layers that a request passes on its way there.

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, StatusCode, header::CACHE_CONTROL},
    middleware::from_fn_with_state,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use tower::ServiceBuilder;
use tower_http::{
    compression::{CompressionLayer, DefaultPredicate, Predicate, predicate::SizeAbove},
    limit::RequestBodyLimitLayer,
    services::ServeDir,
    set_header::SetResponseHeaderLayer,
    validate_request::ValidateRequestHeaderLayer,
};

use crate::{
    accounts::{account_routes, login_routes, viewer_routes},
    admin,
    config::HttpConfig,
    database::Database,
    handoff::{self, OpenerScript, script_routes},
    http::{self, HostRouters, Hosts, HttpError, HttpService, OriginRules, Readers},
    leptos, oauth, session, site,
    state::AppState,
    vendors::Vendors,
};

/// Forms and JSON bodies are small; nothing here takes files.
const BODY_AT_MOST: usize = 16 * 1024;

/// Smaller answers fit a packet as they are.
const COMPRESSED_FROM: u16 = 1024;

/// The whole server.
pub fn router(
    config: &HttpConfig,
    state: AppState,
    opener_script: Option<OpenerScript>,
) -> HttpService {
    let health = health_routes(state.accounts.database.clone());
    let site_url = config.site_origin.url("/");
    let routers = HostRouters {
        hosts: Hosts::new(config),
        login: login_router(config, state.clone(), opener_script).merge(health.clone()),
        site: site_router(config, state).merge(health.clone()),
        loopback: health
            .clone()
            .fallback(async move || Redirect::to(&site_url)),
        unknown: health.fallback(http::misdirected),
    };
    HttpService::new(routers, config)
}

/// `/health/live`, `/health/ready`: on every host name, without a session.
fn health_routes(database: Database) -> Router {
    Router::new()
        .route("/health/live", get(async || "ok\n"))
        .route("/health/ready", get(ready))
        .with_state(database)
}

/// The login origin: pages, forms, credential endpoints.
fn login_router(
    config: &HttpConfig,
    state: AppState,
    opener_script: Option<OpenerScript>,
) -> Router {
    let sessions = session::layer(state.sessions.clone());
    let rules = OriginRules::new(config.login_origin.clone(), config.site_origin.clone());
    let same_origin = from_fn_with_state(rules, http::same_origin_only);
    let readers = Readers::new([config.login_origin.clone(), config.site_origin.clone()]);
    let pages = Router::new()
        .merge(login_routes())
        .merge(account_routes())
        .merge(admin::routes())
        .merge(handoff::routes())
        .merge(oauth::routes())
        .fallback(not_found)
        .layer(
            ServiceBuilder::new()
                .layer(sessions.clone())
                .layer(from_fn_with_state(state.pages.clone(), http::draw_problems))
                .layer(same_origin.clone()),
        );
    let api = Router::new()
        .merge(Vendors::routes())
        .merge(handoff::opener_routes())
        .merge(leptos::routes())
        .layer(
            ServiceBuilder::new()
                .layer(sessions)
                .map_response(http::write_problems)
                .layer(same_origin),
        );
    // Credentials fit a packet as they are, and to compress one would cost more than to make it.
    let readable = Router::new()
        .merge(Vendors::readable_routes())
        .merge(viewer_routes())
        .layer(
            ServiceBuilder::new()
                .map_response(http::write_problems)
                .layer(readers.cors())
                .layer(ValidateRequestHeaderLayer::custom(readers)),
        );
    pages
        .merge(api)
        .layer(
            ServiceBuilder::new()
                .map_response(IntoResponse::into_response)
                .layer(RequestBodyLimitLayer::new(BODY_AT_MOST))
                .layer(DefaultBodyLimit::disable()),
        )
        .with_state(state.clone())
        .merge(opener_script.map(script_routes).unwrap_or_default())
        .merge(asset_routes(config))
        .layer(compression())
        .merge(readable.with_state(state))
}

fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .gzip(true)
        .br(true)
        .compress_when(DefaultPredicate::new().and(SizeAbove::new(COMPRESSED_FROM)))
}

/// The embedding site's origin: the demo's pages, and the vendors' SDKs, which the login never runs.
fn site_router(config: &HttpConfig, state: AppState) -> Router {
    Router::new()
        .merge(site::routes())
        .fallback(not_found)
        .layer(from_fn_with_state(state.pages.clone(), http::draw_problems))
        .with_state(state)
        .merge(asset_routes(config))
        .merge(folder_routes(config, "sdk", "no-cache"))
        .layer(compression())
}

/// Built files. Those below `/pkg` carry a hash in their name and never change.
fn asset_routes<S: Clone + Send + Sync + 'static>(config: &HttpConfig) -> Router<S> {
    let file = |name: &str| {
        ServiceBuilder::new()
            .layer(SetResponseHeaderLayer::overriding(
                CACHE_CONTROL,
                on_success(HeaderValue::from_static("public, max-age=3600")),
            ))
            .service(tower_http::services::ServeFile::new(
                config.assets.join(name),
            ))
    };
    Router::new()
        .merge(folder_routes(
            config,
            "pkg",
            "public, max-age=31536000, immutable",
        ))
        .route_service("/favicon.svg", file("favicon.svg"))
        .route_service("/showcase.js", file("showcase.js"))
        .route_service("/site.js", file("site.js"))
        .route_service("/viewer.js", file("viewer.js"))
}

/// A folder of built files, compressed where the build has done so.
fn folder_routes<S: Clone + Send + Sync + 'static>(
    config: &HttpConfig,
    name: &str,
    cache: &'static str,
) -> Router<S> {
    let files = ServeDir::new(config.assets.join(name))
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    let cache = SetResponseHeaderLayer::overriding(
        CACHE_CONTROL,
        on_success(HeaderValue::from_static(cache)),
    );
    let files = ServiceBuilder::new().layer(cache).service(files);
    Router::new().nest_service(&format!("/{name}"), files)
}

/// Missing files must not be remembered for a year.
fn on_success<B>(
    value: HeaderValue,
) -> impl Fn(&axum::http::Response<B>) -> Option<HeaderValue> + Clone {
    move |response| response.status().is_success().then(|| value.clone())
}

async fn ready(State(database): State<Database>) -> Response {
    match database.ping().await {
        Ok(()) => "ok\n".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
                .into_response()
        }
    }
}

async fn not_found(_: Request<Body>) -> HttpError {
    HttpError::Refused(app::model::Problem::NotFound)
}
