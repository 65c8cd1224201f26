//! The slots that connections hold: so many in all, and so many for one client. When they are taken, the
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

use super::activity::Activity;
use crate::{config::ConnectionsConfig, limits::network, web::http::TrustedProxies};

/// How often an idle connection is looked for while all slots are taken.
const EVICT_INTERVAL: Duration = Duration::from_millis(20);

/// A connection may be idle for so long before it has to give up its slot to another client, since the first
/// request of a new one is still on its way.
const MIN_IDLE: Duration = Duration::from_millis(300);

/// The slots of a server.
pub(super) struct ConnectionSlots {
    free: Arc<Semaphore>,
    max_per_client: usize,
    proxies: TrustedProxies,
    open: Mutex<Open>,
    logged: AtomicBool,
}

#[derive(Default)]
struct Open {
    next_id: u64,
    connections: HashMap<u64, Connection>,
    /// How many connections each client has.
    clients: HashMap<String, usize>,
}

struct Connection {
    /// `None` for a trusted proxy, which carries the connections of many clients, and for one that has to end.
    client: Option<String>,
    activity: Arc<Activity>,
}

/// A connection's slot, free again when this is dropped.
pub(super) struct Slot {
    slots: Arc<ConnectionSlots>,
    id: u64,
    _permit: OwnedSemaphorePermit,
}

impl ConnectionSlots {
    pub(super) fn new(config: &ConnectionsConfig, proxies: TrustedProxies) -> Self {
        Self {
            free: Arc::new(Semaphore::new(config.max_connections)),
            max_per_client: config.max_per_client,
            proxies,
            open: Mutex::default(),
            logged: AtomicBool::new(false),
        }
    }

    /// Waits until a connection can be accepted. Meanwhile idle ones are ended.
    pub(super) async fn acquire(&self) -> Option<OwnedSemaphorePermit> {
        loop {
            let permit = Arc::clone(&self.free).acquire_owned();
            if let Ok(permit) = timeout(EVICT_INTERVAL, permit).await {
                return permit.ok();
            }
            self.open().evict(None);
        }
    }

    /// Gives a slot to a connection; `None` if its client has too many, all of which are in use.
    pub(super) fn admit(
        self: &Arc<Self>,
        permit: OwnedSemaphorePermit,
        peer: IpAddr,
        activity: &Arc<Activity>,
    ) -> Option<Slot> {
        let client = (!self.proxies.contains(peer)).then(|| network(peer));
        let mut open = self.open();
        if let Some(client) = &client
            && open.clients.get(client).copied().unwrap_or(0) >= self.max_per_client
            && !open.evict(Some(client))
        {
            self.log(peer);
            return None;
        }
        let id = open.next_id;
        open.next_id += 1;
        if let Some(client) = &client {
            *open.clients.entry(client.clone()).or_default() += 1;
        }
        let activity = Arc::clone(activity);
        open.connections.insert(id, Connection { client, activity });
        Some(Slot {
            slots: Arc::clone(self),
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

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// Ends the connection that has been idle the longest, of one client or of all; returns whether there was
    /// one.
    fn evict(&mut self, client: Option<&String>) -> bool {
        let connections = self.connections.iter();
        let idle = connections
            .filter(|(_, one)| client.is_none() || one.client.as_ref() == client)
            .filter_map(|(id, one)| Some((one.activity.idle_since()?, *id)))
            .filter(|(since, _)| client.is_some() || since.elapsed() >= MIN_IDLE);
        let Some((_, id)) = idle.min() else {
            return false;
        };
        let evicted = self.connections.get_mut(&id);
        let client = evicted.and_then(|one| {
            one.activity.evict();
            one.client.take()
        });
        self.release(client);
        true
    }

    /// A connection of this client does not count any more.
    fn release(&mut self, client: Option<String>) {
        let Some(client) = client else { return };
        if let Some(count) = self.clients.get_mut(&client) {
            *count -= 1;
            if *count == 0 {
                self.clients.remove(&client);
            }
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut open = self.slots.open();
        let connection = open.connections.remove(&self.id);
        open.release(connection.and_then(|connection| connection.client));
    }
}
