//! What the checks have found.

use std::fmt;

use serde::Serialize;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// What was checked is as it should be.
    Ok,
    /// It works, but not as well or as safely as it could.
    Warning,
    /// Something does not work for users.
    Problem,
}

/// What a check has found: a sentence, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A short name, for programs.
    pub check: &'static str,
    pub level: Level,
    pub sentence: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub fix: String,
}

impl Finding {
    pub(super) fn ok(check: &'static str, sentence: impl Into<String>) -> Self {
        Self {
            check,
            level: Level::Ok,
            sentence: sentence.into(),
            fix: String::new(),
        }
    }

    pub(super) fn warning(
        check: &'static str,
        sentence: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            level: Level::Warning,
            fix: fix.into(),
            ..Self::ok(check, sentence)
        }
    }

    pub(super) fn problem(
        check: &'static str,
        sentence: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            level: Level::Problem,
            ..Self::warning(check, sentence, fix)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Ok => "ok     ",
            Level::Warning => "warning",
            Level::Problem => "PROBLEM",
        };
        write!(f, "{level}  {}: {}", self.check, self.sentence)?;
        if !self.fix.is_empty() {
            write!(f, "\n         {}", self.fix)?;
        }
        Ok(())
    }
}
