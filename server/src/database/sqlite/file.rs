//! The database file. It is created only when the server starts, and must stay the same file until it stops:
//! writes into a deleted file would be acknowledged and lost.

use std::{
    fs::{self, OpenOptions},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, ensure};

/// A file, identified by its device and inode.
#[derive(Clone, Debug)]
pub(super) struct DatabaseFile {
    path: Arc<Path>,
    id: (u64, u64),
}

impl DatabaseFile {
    /// The file that is at `path` now.
    ///
    /// # Errors
    /// If there is none.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        Ok(Self {
            path: path.into(),
            id: id(path)?,
        })
    }

    /// Checks that the file is still at its path.
    ///
    /// # Errors
    /// If it was deleted or replaced.
    pub(super) fn check(&self) -> sqlx::Result<()> {
        let path = self.path.display();
        match id(&self.path) {
            Ok(id) if id == self.id => Ok(()),
            Ok(_) => Err(io::Error::other(format!(
                "{path} was replaced while the server was running; restart the server to use the new file"
            ))),
            Err(error) => Err(io::Error::new(
                error.kind(),
                format!("{path} was deleted while the server was running ({error}); restore it and restart the server"),
            )),
        }
        .map_err(sqlx::Error::Io)
    }

    /// Renames the file, so that servers that run on it write nothing more, and none starts on it.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub(super) fn rename_as_moved(&self) -> io::Result<()> {
        fs::rename(&self.path, moved(&self.path))
    }
}

/// Checks that there is a file, and that it can be renamed after a move.
///
/// # Errors
/// If not.
pub(super) fn ensure_exists(path: &Path) -> anyhow::Result<()> {
    refuse_moved(path)?;
    ensure!(path.is_file(), "there is no file {}", path.display());
    let moved = moved(path);
    ensure!(
        !moved.exists(),
        "{} is in the way; put it elsewhere",
        moved.display()
    );
    Ok(())
}

/// Where a file is after its deployment has moved to another database.
fn moved(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".moved");
    name.into()
}

/// # Errors
/// If the deployment has moved to another database, so that a new file would be an empty one beside it.
fn refuse_moved(path: &Path) -> anyhow::Result<()> {
    let moved = moved(path);
    ensure!(
        path.exists() || !moved.exists(),
        "the deployment in {} has moved to another database; start servers on that one. If the move was interrupted at \
         its end, so that servers do not start there either, rename {} back and move again",
        path.display(),
        moved.display()
    );
    Ok(())
}

/// Creates an empty file that only this user may read, and its folder, if they do not exist. SQLite gives the
/// files beside it the same permissions.
pub(super) fn create(path: &Path) -> anyhow::Result<()> {
    refuse_moved(path)?;
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create the folder {}", folder.display()))?;
    }
    let created = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match created {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("cannot create the database {}", path.display()))
        }
        _ => Ok(()),
    }
}

fn id(path: &Path) -> io::Result<(u64, u64)> {
    let metadata = fs::metadata(path)?;
    Ok((metadata.dev(), metadata.ino()))
}
