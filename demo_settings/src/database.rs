//! Where the demo's data is.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};

use crate::Ports;

/// The database of a running demo. A throw-away one is deleted when this is dropped.
pub struct Database {
    pub file: PathBuf,
    throw_away: Option<PathBuf>,
}

impl Database {
    /// The database in a folder that is kept between two runs on the same port.
    ///
    /// # Errors
    /// If the folder cannot be created.
    pub fn kept(folder: &Path, ports: Ports) -> Result<Self> {
        create(folder)?;
        // The demo data contains origins, which contain the port.
        let name = if ports.site == 3000 {
            "demo.db".to_owned()
        } else {
            format!("demo-{}.db", ports.site)
        };
        Ok(Self {
            file: folder.join(name),
            throw_away: None,
        })
    }

    /// An empty database in a temporary folder.
    ///
    /// # Errors
    /// If the folder cannot be created.
    pub fn throw_away(ports: Ports) -> Result<Self> {
        let name = format!("latchkey-{}-{}", std::process::id(), ports.site);
        let folder = env::temp_dir().join(name);
        create(&folder)?;
        Ok(Self {
            file: folder.join("demo.db"),
            throw_away: Some(folder),
        })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(folder) = &self.throw_away {
            // If this fails, the system deletes it with its other temporary files.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

fn create(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| {
        format!(
            "Cannot create the folder {}; check its parent's permissions.",
            folder.display()
        )
    })
}
