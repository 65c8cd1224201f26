//! Whether the file is damaged. The check reads all of it, so a large file is checked while the server serves: a start
//! must not take longer with every user.

use std::{
    fmt, fs,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    thread,
};

use anyhow::{Context, bail};
use rusqlite::{Connection, InterruptHandle, OpenFlags};

use super::setup::LOCK_TIMEOUT;

/// In bytes: the most that is read before the server starts.
const CHECKED_AT_START: u64 = 32 << 20;

/// The verdict on an undamaged file.
const OK: &str = "ok";

/// The check of an open file. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Integrity(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// What is damaged.
    damage: OnceLock<String>,
    /// Ends a check that is still running.
    running: Mutex<Option<InterruptHandle>>,
}

impl Integrity {
    /// Checks a small file at once, and a large one on a thread of the lowest priority.
    ///
    /// # Errors
    /// If a small file is damaged, or the file cannot be opened.
    pub(super) fn check(path: &Path) -> anyhow::Result<Self> {
        Self::check_up_to(CHECKED_AT_START, path)
    }

    fn check_up_to(limit: u64, path: &Path) -> anyhow::Result<Self> {
        let integrity = Self::default();
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(LOCK_TIMEOUT)?;
        if fs::metadata(path)?.len() <= limit {
            let verdict = verdict(&connection).context(
                "cannot read it; is it a SQLite file, and may the server write to its folder?",
            )?;
            if verdict != OK {
                bail!("it is damaged ({verdict}); restore a backup");
            }
            return Ok(integrity);
        }
        *integrity.running() = Some(connection.get_interrupt_handle());
        let checked = integrity.clone();
        thread::Builder::new()
            .name("integrity".to_owned())
            .spawn(move || checked.run(connection))?;
        Ok(integrity)
    }

    /// # Errors
    /// If the file is known to be damaged.
    pub(super) fn damage(&self) -> sqlx::Result<()> {
        match self.0.damage.get() {
            None => Ok(()),
            Some(verdict) => Err(sqlx::Error::Io(std::io::Error::other(format!(
                "the file is damaged ({verdict}); restore a backup"
            )))),
        }
    }

    /// Ends a check that is still running.
    pub(super) fn stop(&self) {
        if let Some(running) = self.running().take() {
            running.interrupt();
        }
    }

    fn run(&self, connection: Connection) {
        // On Linux, this changes the priority of the thread, not of the process.
        let _ = rustix::process::nice(19);
        let verdict = verdict(&connection);
        let was_stopped = self.running().take().is_none();
        drop(connection);
        match verdict {
            Ok(verdict) if verdict == OK => tracing::debug!("the database file is not damaged"),
            Err(_) if was_stopped => {}
            verdict => {
                let verdict = verdict.unwrap_or_else(|error| error.to_string());
                tracing::error!(verdict, "the database file is damaged; restore a backup");
                let _ = self.0.damage.set(verdict);
            }
        }
    }

    fn running(&self) -> MutexGuard<'_, Option<InterruptHandle>> {
        let running = self.0.running.lock();
        running.unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Integrity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Integrity").field(&self.0.damage).finish()
    }
}

fn verdict(connection: &Connection) -> rusqlite::Result<String> {
    connection.query_row("PRAGMA quick_check(1)", (), |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Seek, SeekFrom, Write},
        time::Duration,
    };

    use super::*;

    /// A file of three tables' pages, the last of them overwritten if `damaged`.
    fn file(folder: &Path, damaged: bool) -> std::path::PathBuf {
        let path = folder.join("test.db");
        let connection = Connection::open(&path).unwrap();
        let tables =
            "CREATE TABLE a (x); CREATE TABLE b (x); CREATE TABLE c (x); INSERT INTO c VALUES (1)";
        connection.execute_batch(tables).unwrap();
        connection.close().unwrap();
        if damaged {
            let mut file = fs::File::options().write(true).open(&path).unwrap();
            file.seek(SeekFrom::End(-4096)).unwrap();
            file.write_all(&[0x5a; 4096]).unwrap();
        }
        path
    }

    #[test]
    fn a_small_damaged_file_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), true);
        let error = Integrity::check(&path).unwrap_err().to_string();
        assert!(error.contains("it is damaged"), "{error}");
    }

    #[test]
    fn a_large_one_is_checked_meanwhile() {
        for damaged in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let integrity = Integrity::check_up_to(0, &file(folder.path(), damaged)).unwrap();
            while integrity.running().is_some() {
                thread::sleep(Duration::from_millis(1));
            }
            while damaged && integrity.damage().is_ok() {
                thread::sleep(Duration::from_millis(1));
            }
            assert_eq!(integrity.damage().is_err(), damaged);
        }
    }

    #[test]
    fn a_check_that_is_stopped_accuses_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let integrity = Integrity::check_up_to(0, &file(folder.path(), false)).unwrap();
        integrity.stop();
        assert!(integrity.damage().is_ok());
    }
}
