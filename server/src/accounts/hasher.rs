//! Hashes passwords with argon2id, and checks them against hashes of all kinds, on a few threads of the lowest priority
//! behind a bounded queue.
//!
//! Hashing is the most expensive work that an anonymous request can cause. On the async threads, or on one
//! blocking thread for each request, a flood of sign-ins would stop everything else; here it can only fill
//! the queue.

mod decoys;
mod kinds;
mod stored;

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, PoisonError, RwLock},
    thread,
    time::{Duration, Instant},
};

use argon2::{Block, Params};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use tokio::sync::oneshot;

use super::password::Password;
use crate::{
    accounts::PasswordConfig,
    metrics::{METRICS, observe},
    random,
};

pub use decoys::DecoyWorker;
pub(super) use decoys::Decoys;
use kinds::Argon2Hash;
pub(super) use kinds::{
    Digest as Pbkdf2Digest, FirebaseHash, Pbkdf2Hash, check as check_hash, decode as decode_base64,
    encode as encode_base64,
};
pub(super) use stored::HashKeys;
pub use stored::HashProblem;

/// A job that has waited longer than this is dropped: the client has given up or soon will.
const TIMEOUT: Duration = Duration::from_millis(1500);

/// A thread that has hashed nothing for this long returns its memory to the system.
const KEEP_MEMORY: Duration = Duration::from_secs(20);

/// The queue is full, or the job has waited too long. Try again in a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked at the moment")]
pub struct Overloaded;

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, but stored as a hash of another kind or with parameters other than the configured ones. Contains the
    /// new hash to store.
    RightAndOutdated(String),
}

/// A handle to the hashing threads.
#[derive(Clone)]
pub struct Hasher {
    jobs: Sender<Job>,
    keys: HashKeys,
    /// Checked in place of a stored hash if the account does not exist or has no password, so that it costs
    /// the same.
    decoys: Arc<RwLock<Decoys>>,
}

struct Job {
    password: Password,
    queued: Instant,
    task: Task,
    /// The request, for the lines of the log about this job.
    request: tracing::Span,
}

enum Task {
    Hash(oneshot::Sender<String>),
    Verify(Against, oneshot::Sender<Verdict>),
}

/// What a password is checked against.
enum Against {
    Stored(String),
    /// Never right, but as much work.
    Decoy(Arc<str>),
}

impl Hasher {
    /// Starts the threads. They end when the last handle is dropped.
    ///
    /// # Errors
    /// If argon2 rejects the configured parameters or a thread cannot be started.
    pub fn start(config: &PasswordConfig) -> anyhow::Result<Self> {
        let params = Params::new(
            config.memory_kib,
            config.passes,
            1,
            Some(Params::DEFAULT_OUTPUT_LEN),
        )
        .map_err(|error| anyhow::anyhow!("LATCHKEY_ARGON2_…: {error}"))?;
        let (jobs, queue) = bounded(config.queue);
        let keys = config.hash_keys();
        let ours = Worker::new(params.clone(), keys.clone()).hash(b"no user's password");
        for number in 0..config.threads {
            let queue = queue.clone();
            let worker = Worker::new(params.clone(), keys.clone());
            thread::Builder::new()
                .name(format!("argon2-{number}"))
                .spawn(move || worker.run(&queue))?;
        }
        Ok(Self {
            jobs,
            keys,
            decoys: Arc::new(RwLock::new(Decoys::only(ours.into()))),
        })
    }

    /// From now on, addresses without an account cost as much as those of users with these hashes.
    pub(super) fn imitate(&self, key: &str, sample: &[String]) {
        let mut decoys = self.decoys.write().unwrap_or_else(PoisonError::into_inner);
        *decoys = decoys.of_sample(key, sample, &self.keys);
    }

    /// Hashes a new password; the result is a PHC string.
    ///
    /// # Errors
    /// [`Overloaded`] if the queue is full or the job has waited for longer than 1.5 seconds.
    pub async fn hash(&self, password: Password) -> Result<String, Overloaded> {
        let (reply, result) = oneshot::channel();
        self.queue(password, Task::Hash(reply))?;
        result.await.map_err(|_| Overloaded)
    }

    /// Checks a password against the stored hash of an address. Without one, does the work of a hash that a user might
    /// have, always the same for the address, and returns [`Verdict::Wrong`].
    ///
    /// # Errors
    /// [`Overloaded`] if the queue is full or the job has waited for longer than 1.5 seconds.
    pub async fn verify(
        &self,
        password: Password,
        stored: Option<&str>,
        email_key: &str,
    ) -> Result<Verdict, Overloaded> {
        let (reply, result) = oneshot::channel();
        let against = self.against(stored, email_key);
        self.queue(password, Task::Verify(against, reply))?;
        result.await.map_err(|_| Overloaded)
    }

    /// A stored hash that cannot be used costs as much as none, or its address would be answered at once.
    fn against(&self, stored: Option<&str>, email_key: &str) -> Against {
        match stored.map(|stored| (stored, kinds::parse(stored, &self.keys))) {
            Some((stored, Ok(_))) => return Against::Stored(stored.to_owned()),
            Some((_, Err(error))) => {
                tracing::error!(%error, "a stored password hash cannot be used");
            }
            None => {}
        }
        let decoys = self.decoys.read().unwrap_or_else(PoisonError::into_inner);
        Against::Decoy(decoys.draw(email_key))
    }

    fn queue(&self, password: Password, task: Task) -> Result<(), Overloaded> {
        let job = Job {
            password,
            queued: Instant::now(),
            task,
            request: tracing::Span::current(),
        };
        // Before the job is sent, since a thread may take it at once.
        METRICS.hash_queue.inc();
        self.jobs.try_send(job).map_err(|_| {
            METRICS.hash_queue.dec();
            METRICS.hash_rejected.inc();
            Overloaded
        })
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasher")
    }
}

/// Does the queued jobs until the last handle is dropped; `None` says that there was none for `idle`. A job that panics is
/// lost as if the queue had been full, but the thread goes on: without threads, no one could sign in until a restart.
fn serve(queue: &Receiver<Job>, idle: Duration, mut work: impl FnMut(Option<Job>)) {
    loop {
        let job = match queue.recv_timeout(idle) {
            Ok(job) => Some(job),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let request = job.as_ref().map_or_else(tracing::Span::none, |job| {
            METRICS.hash_queue.dec();
            observe(&METRICS.hash_wait, job.queued.elapsed());
            job.request.clone()
        });
        let _entered = request.enter();
        if catch_unwind(AssertUnwindSafe(|| work(job))).is_err() {
            tracing::error!("hashing a password panicked; see the message above");
        }
    }
}

/// The state of one thread. It reuses its memory while there is work: in fresh memory, a hash would spend most of its
/// time on page faults.
struct Worker {
    params: Params,
    /// That of new hashes.
    class: String,
    keys: HashKeys,
    memory: Vec<Block>,
}

impl Worker {
    fn new(params: Params, keys: HashKeys) -> Self {
        Self {
            class: Argon2Hash::class_of_new(&params),
            params,
            keys,
            memory: Vec::new(),
        }
    }

    fn run(mut self, queue: &Receiver<Job>) {
        // On Linux, this changes the priority of the thread, not of the process.
        if let Err(error) = rustix::process::nice(19) {
            tracing::warn!(%error, "hashing runs at normal priority");
        }
        serve(queue, KEEP_MEMORY, |job| match job {
            Some(job) => self.work(job),
            None => self.memory = Vec::new(),
        });
    }

    fn work(&mut self, job: Job) {
        let gone = match &job.task {
            Task::Hash(reply) => reply.is_closed(),
            Task::Verify(_, reply) => reply.is_closed(),
        };
        let too_late = job.queued.elapsed() > TIMEOUT;
        if gone || too_late {
            METRICS.hash_rejected.inc_by(u64::from(too_late));
            return;
        }
        let password = &job.password;
        // The send fails if the client has disconnected.
        match job.task {
            Task::Hash(reply) => drop(reply.send(self.hash(password.as_bytes()))),
            Task::Verify(against, reply) => drop(reply.send(self.verify(password, &against))),
        }
    }

    fn hash(&mut self, password: &[u8]) -> String {
        let salt: [u8; 16] = random::bytes();
        let hash = Argon2Hash::of(password, &self.params, salt, &mut self.memory);
        hash.and_then(|hash| hash.phc_string())
            .unwrap_or_else(|error| {
                tracing::error!(%error, "cannot hash a password");
                // No password matches an empty hash.
                String::new()
            })
    }

    fn verify(&mut self, password: &Password, against: &Against) -> Verdict {
        let (stored, is_decoy) = match against {
            Against::Stored(stored) => (stored.as_str(), false),
            Against::Decoy(stored) => (&**stored, true),
        };
        match self.matches(password, stored) {
            _ if is_decoy => Verdict::Wrong,
            Ok((true, true)) => Verdict::Right,
            Ok((true, false)) => Verdict::RightAndOutdated(self.hash(password.as_bytes())),
            Ok((false, _)) => Verdict::Wrong,
            Err(error) => {
                tracing::error!(%error, "a stored password hash cannot be used");
                Verdict::Wrong
            }
        }
    }

    /// Whether the password is right, and whether it is stored as it would be now.
    fn matches(&mut self, password: &Password, stored: &str) -> anyhow::Result<(bool, bool)> {
        let stored = kinds::parse(stored, &self.keys)?;
        let is_current = stored.class() == self.class;
        for spelling in password.spellings() {
            if stored.matches(spelling, &mut self.memory)? {
                return Ok((true, is_current));
            }
        }
        Ok((false, is_current))
    }
}

#[cfg(test)]
mod tests;
