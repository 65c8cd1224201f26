//! Hashes passwords with argon2id, on a few threads of the lowest priority behind a bounded queue.
//!
//! Hashing is the most expensive work that an anonymous request can cause. On the async threads, or on one
//! blocking thread for each request, a flood of sign-ins would stop everything else; here it can only fill
//! the queue.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use tokio::sync::oneshot;

use super::password::Password;
use crate::{
    accounts::PasswordConfig,
    metrics::{METRICS, observe},
    random,
};

/// A job that has waited longer than this is dropped: the client has given up or soon will.
const TIMEOUT: Duration = Duration::from_millis(1500);

/// A thread that has hashed nothing for this long returns its memory to the system.
const KEEP_MEMORY: Duration = Duration::from_secs(20);

/// Stored hashes that would cost more than this are not computed, so that a damaged row cannot exhaust the
/// machine.
const MAX_MEMORY_KIB: u32 = 65_536;
const MAX_PASSES: u32 = 10;
const MAX_LANES: u32 = 4;

/// The queue is full, or the job has waited too long. Try again in a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked at the moment")]
pub struct Overloaded;

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, but stored with parameters other than the configured ones. Contains the new hash to store.
    RightAndOutdated(String),
}

/// A handle to the hashing threads.
#[derive(Clone)]
pub struct Hasher {
    jobs: Sender<Job>,
    /// Checked in place of a stored hash if the account does not exist or has no password, so that it costs
    /// the same.
    decoy: Arc<str>,
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
    Verify(String, oneshot::Sender<Verdict>),
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
        let decoy = Worker::new(params.clone()).hash(b"no user's password");
        for number in 0..config.threads {
            let (queue, params) = (queue.clone(), params.clone());
            thread::Builder::new()
                .name(format!("argon2-{number}"))
                .spawn(move || Worker::new(params).run(&queue))?;
        }
        Ok(Self {
            jobs,
            decoy: decoy.into(),
        })
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

    /// Checks a password against a stored hash. Without one, does the same work and returns
    /// [`Verdict::Wrong`].
    ///
    /// # Errors
    /// [`Overloaded`] if the queue is full or the job has waited for longer than 1.5 seconds.
    pub async fn verify(
        &self,
        password: Password,
        stored: Option<&str>,
    ) -> Result<Verdict, Overloaded> {
        let (reply, result) = oneshot::channel();
        let against = stored.unwrap_or(&self.decoy).to_owned();
        self.queue(password, Task::Verify(against, reply))?;
        let verdict = result.await.map_err(|_| Overloaded)?;
        Ok(if stored.is_some() {
            verdict
        } else {
            Verdict::Wrong
        })
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
    memory: Vec<Block>,
}

impl Worker {
    fn new(params: Params) -> Self {
        Self {
            params,
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
        let password = job.password.as_bytes();
        // The send fails if the client has disconnected.
        match job.task {
            Task::Hash(reply) => drop(reply.send(self.hash(password))),
            Task::Verify(stored, reply) => drop(reply.send(self.verify(password, &stored))),
        }
    }

    fn hash(&mut self, password: &[u8]) -> String {
        let salt: [u8; 16] = random::bytes();
        let params = self.params.clone();
        self.phc_string(password, &params, &salt)
            .unwrap_or_else(|error| {
                tracing::error!(%error, "cannot hash a password");
                // No password matches an empty hash.
                String::new()
            })
    }

    fn verify(&mut self, password: &[u8], stored: &str) -> Verdict {
        match self.matches(password, stored) {
            Ok((true, true)) => Verdict::Right,
            Ok((true, false)) => Verdict::RightAndOutdated(self.hash(password)),
            Ok((false, _)) => Verdict::Wrong,
            Err(error) => {
                tracing::error!(%error, "a stored password hash cannot be used");
                Verdict::Wrong
            }
        }
    }

    /// Whether the password is right, and whether it is stored with the configured parameters.
    fn matches(&mut self, password: &[u8], stored: &str) -> anyhow::Result<(bool, bool)> {
        let stored = PasswordHash::new(stored)
            .map_err(|error| anyhow::anyhow!("not a PHC string: {error}"))?;
        let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else {
            anyhow::bail!("salt or hash is missing");
        };
        let params =
            Params::try_from(&stored).map_err(|error| anyhow::anyhow!("parameters: {error}"))?;
        let affordable = params.m_cost() <= MAX_MEMORY_KIB
            && params.t_cost() <= MAX_PASSES
            && params.p_cost() <= MAX_LANES;
        anyhow::ensure!(
            stored.algorithm.as_str() == "argon2id",
            "the algorithm is not argon2id"
        );
        anyhow::ensure!(affordable, "the parameters exceed the limits");
        let computed = self.compute(password, &params, salt, expected.len())?;
        let current = (params.m_cost(), params.t_cost(), params.p_cost())
            == (
                self.params.m_cost(),
                self.params.t_cost(),
                self.params.p_cost(),
            );
        // `Output` compares in constant time.
        Ok((computed == *expected, current))
    }

    fn phc_string(
        &mut self,
        password: &[u8],
        params: &Params,
        salt: &[u8],
    ) -> anyhow::Result<String> {
        let output = self.compute(password, params, salt, Params::DEFAULT_OUTPUT_LEN)?;
        let hash = PasswordHash {
            algorithm: argon2::ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(params).map_err(|error| anyhow::anyhow!("{error}"))?,
            salt: Some(Salt::new(salt).map_err(|error| anyhow::anyhow!("{error}"))?),
            hash: Some(output),
        };
        Ok(hash.to_string())
    }

    fn compute(
        &mut self,
        password: &[u8],
        params: &Params,
        salt: &[u8],
        length: usize,
    ) -> anyhow::Result<Output> {
        let blocks = params.block_count();
        if self.memory.len() < blocks {
            self.memory.resize(blocks, Block::default());
        }
        let mut output = vec![0; length];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
            .hash_password_into_with_memory(password, salt, &mut output, &mut self.memory[..blocks])
            .map_err(|error| anyhow::anyhow!("{error}"))?;
        Output::new(&output).map_err(|error| anyhow::anyhow!("{error}"))
    }
}

#[cfg(test)]
mod tests;
