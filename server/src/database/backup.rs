//! What the commands know of a database that no server has to open.

use std::{fmt, path::PathBuf};

/// A backup is in its place.
#[derive(Debug)]
pub struct Restored {
    /// Where the database is that was there before.
    pub former: Option<PathBuf>,
}

/// A migration that a database lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    pub version: i64,
    pub description: String,
}

impl fmt::Display for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}  {}", self.version, self.description)
    }
}
