//! From where an event comes: the request that is being handled. It surrounds the request as its span of the log
//! does, so that no use case passes it on.

use std::sync::Arc;

use tokio::task_local;

/// How much of a `User-Agent` is kept, in characters. What browsers send is mostly shorter.
const MAX_USER_AGENT: usize = 200;

task_local! {
    static REQUESTER: Arc<dyn Requester>;
}

/// Knows who has sent a request.
pub trait Requester: Send + Sync {
    /// The client's network, as rate limits count it.
    fn client(&self) -> String;
    /// Its `User-Agent`.
    fn user_agent(&self) -> Option<&str>;
    /// The request's ID.
    fn request_id(&self) -> &str;
}

/// Handles a request: what is recorded meanwhile comes from its requester.
pub async fn within_request<T>(
    requester: Arc<dyn Requester>,
    handling: impl Future<Output = T>,
) -> T {
    REQUESTER.scope(requester, handling).await
}

/// The columns of an event that say from where it comes.
#[derive(Debug)]
pub(super) struct Whence {
    pub(super) client: String,
    pub(super) user_agent: Option<String>,
    pub(super) request_id: String,
}

impl Whence {
    /// Of the request that is being handled; `None` for the command line.
    pub(super) fn now() -> Option<Self> {
        REQUESTER
            .try_with(|requester| Self {
                client: requester.client(),
                user_agent: requester.user_agent().map(shortened),
                request_id: requester.request_id().to_owned(),
            })
            .ok()
    }
}

fn shortened(user_agent: &str) -> String {
    let visible = user_agent.chars().filter(|c| !c.is_control());
    visible.take(MAX_USER_AGENT).collect()
}
