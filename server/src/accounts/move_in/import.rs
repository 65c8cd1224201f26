//! Adds the users of a file, in batches, while servers run.

use std::{
    io::{self, Write},
    mem,
    path::PathBuf,
    time::Instant,
};

use tokio::{sync::mpsc, task::spawn_blocking, time::sleep};

use super::{
    candidate::{NewAccount, Rejection},
    formats::{FirebaseParameters, Format, FormatError, recognize},
    import_store::{Met, insert, meets},
    source::{self, Layout},
};
use crate::{
    accounts::{PasswordConfig, hasher::HashKeys},
    audit::{self, Event},
    clock::Clock,
    database::{Database, StorageError},
};

/// How many users are added by one transaction. Another batch or two are read ahead.
const BATCH: usize = 250;

/// How a file is imported.
#[derive(Debug)]
pub struct ImportOptions {
    pub file: PathBuf,
    /// Whose export the file is; recognized otherwise.
    pub from: Option<Format>,
    /// What keeps IDs of one system apart from the same ones of another; the format's name otherwise.
    pub namespace: Option<String>,
    /// Whether all addresses count as verified, whatever the file says.
    pub verified: bool,
    pub firebase: FirebaseParameters,
    /// Whether only to say what would happen.
    pub dry_run: bool,
}

/// What an import has done, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub added: u64,
    /// How many have been there before, with the same ID and address.
    pub present: u64,
    pub refused: u64,
}

/// Why an import ended early. What was added until then stays; another one goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Format(#[from] FormatError),
    #[error("cannot read the file to its end: {0}")]
    Input(io::Error),
    #[error("cannot write the report: {0}")]
    Report(io::Error),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// An import into a database.
pub struct Import<'a> {
    database: &'a Database,
    clock: Clock,
    keys: HashKeys,
}

/// Where in the file a user is, and the user or why there is none.
type Numbered = (u64, Result<NewAccount, Rejection>);

impl<'a> Import<'a> {
    pub fn new(database: &'a Database, clock: Clock, passwords: &PasswordConfig) -> Self {
        Self {
            database,
            clock,
            keys: passwords.hash_keys(),
        }
    }

    /// Adds the users of a file that are not there yet. A line for each that is refused, with the reason, goes to
    /// `report`. Running it again skips those that were added.
    ///
    /// # Errors
    /// [`ImportError`].
    pub async fn run(
        &self,
        options: ImportOptions,
        report: &mut (impl Write + Send),
    ) -> Result<Summary, ImportError> {
        let (format, layout) = recognize(&options.file, options.from)?;
        let (batches, mut received) = mpsc::channel(1);
        let dry_run = options.dry_run;
        let keys = self.keys.clone();
        let reading =
            spawn_blocking(move || read_batches(&options, (format, layout), &keys, &batches));
        let mut summary = Summary::default();
        while let Some(batch) = received.recv().await {
            let began = Instant::now();
            let outcomes = match dry_run {
                true => self.look_up(&batch).await?,
                false => self.add(&batch, format).await?,
            };
            for ((number, _), outcome) in batch.into_iter().zip(outcomes) {
                match outcome {
                    Ok(true) => summary.added += 1,
                    Ok(false) => summary.present += 1,
                    Err(rejection) => {
                        summary.refused += 1;
                        writeln!(report, "{number}: {rejection}").map_err(ImportError::Report)?;
                    }
                }
            }
            // Others write meanwhile.
            sleep(began.elapsed() / 4).await;
        }
        report.flush().map_err(ImportError::Report)?;
        match reading.await {
            Ok(read) => read.map_err(ImportError::Input)?,
            Err(error) => return Err(ImportError::Input(io::Error::other(error))),
        }
        Ok(summary)
    }

    /// Adds a batch. For each user, whether they were added, or else were there.
    async fn add(
        &self,
        batch: &[Numbered],
        format: Format,
    ) -> Result<Vec<Result<bool, Rejection>>, StorageError> {
        let now = self.clock.now();
        let mut tx = self.database.write().await?;
        let mut outcomes = Vec::with_capacity(batch.len());
        for (_, account) in batch {
            outcomes.push(match account {
                Err(rejection) => Err(rejection.clone()),
                Ok(new) if insert(&mut tx, new, now).await? => Ok(true),
                Ok(new) => outcome(meets(&mut tx, new).await?),
            });
        }
        let added = outcomes
            .iter()
            .filter(|outcome| **outcome == Ok(true))
            .count();
        if added > 0 {
            let detail = format!("{added} from {}", format.name());
            let event = Event::UsersImported { detail: &detail };
            audit::record(&mut tx, event, None, now).await?;
        }
        tx.commit().await?;
        Ok(outcomes)
    }

    /// What [`add`](Self::add) would return.
    async fn look_up(
        &self,
        batch: &[Numbered],
    ) -> Result<Vec<Result<bool, Rejection>>, StorageError> {
        let mut connection = self.database.read().acquire().await?;
        let mut outcomes = Vec::with_capacity(batch.len());
        for (_, account) in batch {
            outcomes.push(match account {
                Err(rejection) => Err(rejection.clone()),
                Ok(new) => outcome(meets(&mut connection, new).await?),
            });
        }
        Ok(outcomes)
    }
}

/// Reads and checks the users of a file, and sends them on in batches.
fn read_batches(
    options: &ImportOptions,
    (format, layout): (Format, Layout),
    keys: &HashKeys,
    batches: &mpsc::Sender<Vec<Numbered>>,
) -> io::Result<()> {
    let namespace = options.namespace.as_deref().unwrap_or(format.name());
    let mut batch = Vec::with_capacity(BATCH);
    let read = source::read(&options.file, layout, &mut |number, entry| {
        let read = entry.and_then(|entry| format.read(&entry, &options.firebase));
        let account = match read {
            Ok(None) => return true,
            Ok(Some(mut candidate)) => {
                candidate.email_verified |= options.verified;
                candidate.check(namespace, keys)
            }
            Err(rejection) => Err(rejection),
        };
        batch.push((number, account));
        let is_full = batch.len() == BATCH;
        !is_full || batches.blocking_send(mem::take(&mut batch)).is_ok()
    });
    // If the receiver is gone, its own error ends the import.
    let _ = batches.blocking_send(batch);
    read
}

fn outcome(met: Met) -> Result<bool, Rejection> {
    match met {
        Met::None => Ok(true),
        Met::Same => Ok(false),
        Met::Email => Err(Rejection::EmailTaken),
        Met::Id => Err(Rejection::IdTaken),
    }
}
