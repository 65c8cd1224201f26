//! The places that connections hold: so many in all, and so many for one client. When they are taken, the
//! connection that has been idle the longest gives up its own.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::pace::Pace;
use crate::{config::ConnectionsConfig, limits::network, web::http::TrustedProxies};

/// How often an idle connection is looked for while all places are taken.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A connection may be idle for so long before it has to give up its place to another client, since the first
/// request of a new one is still on its way.
const MIN_IDLE: Duration = Duration::from_millis(300);

/// The places of a server.
pub(super) struct Places {
    free: Arc<Semaphore>,
    max_per_client: usize,
    proxies: TrustedProxies,
    taken: Mutex<Taken>,
    logged: AtomicBool,
}

#[derive(Default)]
struct Taken {
    next_id: u64,
    connections: HashMap<u64, Connection>,
    /// How many connections each client has.
    clients: HashMap<String, usize>,
}

struct Connection {
    /// `None` for a trusted proxy, which carries the connections of many clients, and for one that has to end.
    client: Option<String>,
    pace: Arc<Pace>,
}

/// A connection's place, free again when this is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    id: u64,
    _permit: OwnedSemaphorePermit,
}

impl Places {
    pub(super) fn new(config: &ConnectionsConfig, proxies: TrustedProxies) -> Self {
        Self {
            free: Arc::new(Semaphore::new(config.max_connections)),
            max_per_client: config.max_per_client,
            proxies,
            taken: Mutex::default(),
            logged: AtomicBool::new(false),
        }
    }

    /// Waits until a connection can be accepted. Meanwhile idle ones are ended.
    pub(super) async fn free(&self) -> Option<OwnedSemaphorePermit> {
        loop {
            let permit = Arc::clone(&self.free).acquire_owned();
            if let Ok(permit) = timeout(LOOK_EVERY, permit).await {
                return permit.ok();
            }
            self.taken().evict(None);
        }
    }

    /// Gives a place to a connection; `None` if its client has too many, all of which are in use.
    pub(super) fn take(
        self: &Arc<Self>,
        permit: OwnedSemaphorePermit,
        peer: IpAddr,
        pace: &Arc<Pace>,
    ) -> Option<Place> {
        let client = (!self.proxies.contains(peer)).then(|| network(peer));
        let mut taken = self.taken();
        if let Some(client) = &client
            && taken.clients.get(client).copied().unwrap_or(0) >= self.max_per_client
            && !taken.evict(Some(client))
        {
            self.log(peer);
            return None;
        }
        let id = taken.next_id;
        taken.next_id += 1;
        if let Some(client) = &client {
            *taken.clients.entry(client.clone()).or_default() += 1;
        }
        let pace = Arc::clone(pace);
        taken.connections.insert(id, Connection { client, pace });
        Some(Place {
            places: Arc::clone(self),
            id,
            _permit: permit,
        })
    }

    fn log(&self, peer: IpAddr) {
        if !self.logged.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                %peer,
                "a client has too many connections; if it is a proxy, add it to LATCHKEY_TRUSTED_PROXIES"
            );
        }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// Ends the connection that has been idle the longest, of one client or of all; returns whether there was
    /// one.
    fn evict(&mut self, client: Option<&String>) -> bool {
        let connections = self.connections.iter();
        let idle = connections
            .filter(|(_, one)| client.is_none() || one.client.as_ref() == client)
            .filter_map(|(id, one)| Some((one.pace.idle_since()?, *id)))
            .filter(|(since, _)| client.is_some() || since.elapsed() >= MIN_IDLE);
        let Some((_, id)) = idle.min() else {
            return false;
        };
        let evicted = self.connections.get_mut(&id);
        let client = evicted.and_then(|one| {
            one.pace.evict();
            one.client.take()
        });
        self.leave(client);
        true
    }

    /// A connection of this client does not count any more.
    fn leave(&mut self, client: Option<String>) {
        let Some(client) = client else { return };
        if let Some(count) = self.clients.get_mut(&client) {
            *count -= 1;
            if *count == 0 {
                self.clients.remove(&client);
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        let connection = taken.connections.remove(&self.id);
        taken.leave(connection.and_then(|connection| connection.client));
    }
}
