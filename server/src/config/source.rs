//! Reads settings from the environment and an optional TOML file, and collects everything that is wrong with them.

use std::{cell::RefCell, collections::BTreeMap, fmt, fs, path::Path, str::FromStr};

use secrecy::{ExposeSecret, SecretString};

/// Named raw settings. The environment wins over the file.
///
/// Reading through it never fails: problems are collected, so that one start names all of them.
#[derive(Default)]
pub struct Source {
    environment: BTreeMap<String, String>,
    file: BTreeMap<String, String>,
    asked: RefCell<Vec<String>>,
    problems: RefCell<Vec<String>>,
    signing_secrets: RefCell<BTreeMap<String, SecretString>>,
}

/// Every sentence names a setting and says what it must be; values are never part of it.
#[derive(Debug, thiserror::Error)]
pub struct ConfigProblems(pub Vec<String>);

impl fmt::Display for ConfigProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl Source {
    /// Settings from pairs, as the environment or a test gives them.
    pub fn new(environment: impl IntoIterator<Item = (String, String)>) -> Self {
        Self {
            environment: environment.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Adds the file that `LATCHKEY_CONFIG` names: a flat TOML table with the same names as the environment.
    pub fn with_named_file(mut self) -> Self {
        let Some(path) = self.text("LATCHKEY_CONFIG") else {
            return self;
        };
        let parsed = fs::read_to_string(&path)
            .map_err(|error| error.to_string())
            .and_then(|text| {
                toml::from_str::<toml::Table>(&text).map_err(|e| e.message().to_owned())
            });
        match parsed {
            Ok(table) => self.file = table.into_iter().map(|(k, v)| (k, scalar(v))).collect(),
            Err(reason) => self.problem(
                "LATCHKEY_CONFIG",
                &format!("must name a readable TOML file ({reason})"),
            ),
        }
        self
    }

    /// The trimmed value of a setting; empty counts as not set.
    pub fn text(&self, name: &str) -> Option<String> {
        self.asked.borrow_mut().push(name.to_owned());
        let value = self.environment.get(name).or_else(|| self.file.get(name))?;
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// A setting that must be there; `rule` completes the sentence "NAME must …".
    pub fn required(&self, name: &str, rule: &str) -> String {
        self.text(name).unwrap_or_else(|| {
            self.problem(name, &format!("must {rule}"));
            String::new()
        })
    }

    /// A setting with a default, in any type that can be parsed.
    pub fn parsed<T: FromStr>(&self, name: &str, default: T, rule: &str) -> T {
        match self.text(name).map(|value| value.parse()) {
            None => default,
            Some(Ok(value)) => value,
            Some(Err(_)) => {
                self.problem(name, &format!("must {rule}"));
                default
            }
        }
    }

    /// A whole number within bounds.
    pub fn number(&self, name: &str, default: u64, bounds: std::ops::RangeInclusive<u64>) -> u64 {
        let rule = format!(
            "be a whole number from {} to {}",
            bounds.start(),
            bounds.end()
        );
        let value = self.parsed(name, default, &rule);
        if !bounds.contains(&value) {
            self.problem(name, &format!("must {rule}"));
        }
        value
    }

    /// A secret, from `NAME` or from the file that `NAME_FILE` names. Only a final line break is cut off.
    pub fn secret(&self, name: &str) -> Option<SecretString> {
        let file_name = format!("{name}_FILE");
        match (self.text(name), self.text(&file_name)) {
            (Some(_), Some(_)) => {
                self.problem(name, &format!("must not be set together with {file_name}"));
                None
            }
            (Some(value), None) => Some(value.into()),
            (None, Some(path)) => self.secret_file(&file_name, Path::new(&path)),
            (None, None) => None,
        }
    }

    /// Notes a secret that tokens are signed with. The same one under another name is a problem: what one side signs,
    /// the other would believe.
    pub fn signs_with(&self, name: &str, secret: &SecretString) {
        let mut others = self.signing_secrets.borrow_mut();
        let same = |other: &SecretString| other.expose_secret() == secret.expose_secret();
        if let Some(other) = others
            .iter()
            .find_map(|(other, known)| (other != name && same(known)).then_some(other))
        {
            self.problem(name, &format!("must not be the same secret as {other}"));
        }
        others.insert(name.to_owned(), secret.clone());
    }

    /// Notes what is wrong with a setting; `sentence` follows its name. Two readers of one setting say it once.
    pub fn problem(&self, name: &str, sentence: &str) {
        let problem = format!("{name} {sentence}.");
        let mut problems = self.problems.borrow_mut();
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }

    /// Ends the reading: the value if nothing was wrong, else everything that was.
    pub fn finish<T>(&self, value: T) -> Result<T, ConfigProblems> {
        let problems = self.problems.take();
        if problems.is_empty() {
            Ok(value)
        } else {
            Err(ConfigProblems(problems))
        }
    }

    /// Names with our prefix that nothing has read: almost always a typing error.
    pub fn unknown_names(&self) -> Vec<String> {
        let asked = self.asked.borrow();
        let names = self.environment.keys().chain(self.file.keys());
        names
            .filter(|name| name.starts_with("LATCHKEY_") && !asked.contains(name))
            .cloned()
            .collect()
    }

    fn secret_file(&self, name: &str, path: &Path) -> Option<SecretString> {
        let Ok(text) = fs::read_to_string(path) else {
            self.problem(name, "must name a readable text file");
            return None;
        };
        let text = text
            .trim_start_matches('\u{feff}')
            .trim_end_matches(['\r', '\n']);
        Some(text.to_owned().into())
    }
}

fn scalar(value: toml::Value) -> String {
    match value {
        toml::Value::String(text) => text,
        other => other.to_string(),
    }
}
