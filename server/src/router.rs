//! Every URL of the server, and the layers that a request passes on its way there.

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, StatusCode, header::CACHE_CONTROL},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::get,
};
use tower::{ServiceBuilder, service_fn};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, DefaultPredicate, Predicate, predicate::SizeAbove},
    limit::RequestBodyLimitLayer,
    services::ServeDir,
    set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
    trace::TraceLayer,
};
use tower_sessions::SessionManagerLayer;

use crate::{
    accounts::{account_routes, login_routes, viewer_routes},
    admin,
    config::HttpConfig,
    database::Database,
    handoff::{self, OpenerScript, script_routes},
    http::{self, Hosts, HttpError, OriginRules, Readers, Tls},
    leptos, oauth, session, site,
    state::AppState,
    vendors::Vendors,
};

/// Forms and JSON bodies are small; nothing here takes files.
const BODY_AT_MOST: usize = 16 * 1024;

/// Credentials and other small answers fit a packet as they are, and compressing one costs more than making it.
const COMPRESSED_FROM: u16 = 1024;

/// The whole server as one service.
pub fn router(
    config: &HttpConfig,
    state: AppState,
    sessions: SessionManagerLayer<session::Store>,
    opener_script: Option<OpenerScript>,
) -> Router {
    let health = health_routes(state.accounts.database.clone());
    let login = login_router(config, state.clone(), sessions, opener_script);
    let site = site_router(config, state);
    let hosts = Hosts::new(config);
    let by_host = service_fn(move |request| {
        http::dispatch(hosts.clone(), login.clone(), site.clone(), request)
    });
    let tls = Tls(config.login_origin.is_https());
    // One service and not a layer for each: whatever axum layers on a router it boxes, and clones for every request.
    health.fallback_service(by_host).layer(
        ServiceBuilder::new()
            .layer(
                TraceLayer::new_for_http()
                    .make_span_with(http::request_span)
                    .on_request(())
                    .on_response(http::log_response)
                    .on_body_chunk(())
                    .on_eos(())
                    .on_failure(()),
            )
            .map_response(move |response| http::security_headers(tls, response))
            .layer(
                CompressionLayer::new()
                    .gzip(true)
                    .br(true)
                    .compress_when(DefaultPredicate::new().and(SizeAbove::new(COMPRESSED_FROM))),
            )
            .layer(CatchPanicLayer::new())
            .layer(TimeoutLayer::with_status_code(
                StatusCode::SERVICE_UNAVAILABLE,
                config.connections.request_time,
            ))
            // Both make answers of their own, whose bodies are of different types.
            .map_response(IntoResponse::into_response)
            .layer(RequestBodyLimitLayer::new(BODY_AT_MOST))
            .layer(DefaultBodyLimit::disable()),
    )
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
    sessions: SessionManagerLayer<session::Store>,
    opener_script: Option<OpenerScript>,
) -> Router {
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
                .layer(sessions.clone())
                .map_response(http::write_problems)
                .layer(same_origin),
        );
    let readable = Router::new()
        .merge(Vendors::readable_routes())
        .merge(viewer_routes())
        .layer(
            ServiceBuilder::new()
                .layer(sessions)
                .map_response(http::write_problems)
                .layer(readers.cors())
                .layer(from_fn_with_state(readers, http::readers_only)),
        );
    pages
        .merge(api)
        .merge(readable)
        .with_state(state)
        .merge(opener_script.map(script_routes).unwrap_or_default())
        .merge(asset_routes(config))
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
