//! The settings of the log.

use std::str::FromStr;

use crate::config::Source;

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// Words for people.
    #[default]
    Text,
    /// An object for programs.
    Json,
}

impl LogFormat {
    /// `LATCHKEY_LOG_FORMAT`: `text` (default) or `json`.
    pub fn from_source(source: &Source) -> Self {
        source.parsed("LATCHKEY_LOG_FORMAT", Self::Text, "be text or json")
    }
}

impl FromStr for LogFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}
