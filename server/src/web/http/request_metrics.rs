//! The times of requests, by route and status.

use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::LazyLock,
    time::Duration,
};

use axum::http::StatusCode;
use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder},
    metrics::family::Family,
    registry::Registry,
};

use super::progress::Route;
use crate::metrics::{Times, observe, times};

static REQUESTS: LazyLock<Times<Labels>> = LazyLock::new(|| Family::new_with_constructor(times));

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Labels {
    route: Route,
    status: u16,
}

impl PartialEq for Route {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Route {}

impl Hash for Route {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl EncodeLabelValue for Route {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        self.as_str().encode(encoder)
    }
}

/// Counts a request.
pub(super) fn count(route: Route, status: StatusCode, took: Duration) {
    let labels = Labels {
        route,
        status: status.as_u16(),
    };
    observe(&REQUESTS.get_or_create(&labels), took);
}

/// Names and explains the metrics of requests.
pub fn register_request_metrics(registry: &mut Registry) {
    registry.register(
        "request_seconds",
        "Time until the response began by route and status",
        REQUESTS.clone(),
    );
}
