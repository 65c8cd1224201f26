//! Reads settings from the environment and an optional TOML file, and collects all problems with them.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::Path,
    str::FromStr,
};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{HttpConfig, is_loopback};

/// The raw settings by name. The environment takes precedence over the file.
///
/// Reading a setting never fails. Problems are collected, so that the server reports all of them at once.
#[derive(Default)]
pub struct Source {
    environment: BTreeMap<String, String>,
    file: BTreeMap<String, String>,
    read_names: RefCell<Vec<String>>,
    secret_names: RefCell<BTreeSet<String>>,
    public_names: RefCell<BTreeSet<String>>,
    problems: RefCell<Vec<String>>,
    signing_secrets: RefCell<BTreeMap<String, SecretString>>,
}

/// All problems with the settings. Each sentence names a setting and says what it must be, but never contains
/// a value.
#[derive(Debug, thiserror::Error)]
pub struct ConfigProblems(pub Vec<String>);

impl fmt::Display for ConfigProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl Source {
    /// Settings from pairs of name and value, from the environment or a test.
    pub fn new(environment: impl IntoIterator<Item = (String, String)>) -> Self {
        Self {
            environment: environment.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Adds the settings of the file that `LATCHKEY_CONFIG` names: a flat TOML table with the names of the
    /// environment variables.
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

    /// The trimmed value of a setting; `None` if it is not set or empty.
    pub fn text(&self, name: &str) -> Option<String> {
        self.read_names.borrow_mut().push(name.to_owned());
        let value = self.environment.get(name).or_else(|| self.file.get(name))?;
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// A setting that must be set; `rule` completes the sentence "NAME must …".
    pub fn required(&self, name: &str, rule: &str) -> String {
        self.text(name).unwrap_or_else(|| {
            self.problem(name, &format!("must {rule}"));
            String::new()
        })
    }

    /// A setting with a default, parsed as `T`.
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

    /// A list of values separated by commas; empty if not set. If `parse` returns `None` for a value, the
    /// list is empty and a problem is noted, in which `rule` completes the sentence "NAME must …".
    pub fn list<T>(&self, name: &str, rule: &str, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let text = self.text(name).unwrap_or_default();
        let entries = text.split(',').map(str::trim);
        let entries = entries.filter(|entry| !entry.is_empty());
        let parsed: Option<Vec<T>> = entries.map(parse).collect();
        parsed.unwrap_or_else(|| {
            self.problem(name, &format!("must {rule}"));
            Vec::new()
        })
    }

    /// A setting with two values: whether it is `on`. Not set means `off`.
    pub fn switch(&self, name: &str, [off, on]: [&str; 2]) -> bool {
        match self.text(name).as_deref() {
            None => false,
            Some(value) if value == off => false,
            Some(value) if value == on => true,
            Some(_) => {
                self.problem(name, &format!("must be {off} or {on}"));
                false
            }
        }
    }

    /// A URL to which the server sends requests: https, or outside production also http on this machine.
    pub fn url(&self, name: &str, default: &str, http: &HttpConfig) -> Option<Url> {
        let text = self.text(name);
        let url = Url::parse(text.as_deref().unwrap_or(default)).ok();
        let url = url.filter(|url| is_safe(url, http));
        if url.is_none() {
            self.problem(name, &format!("must be an https URL such as {default}"));
        }
        url
    }

    /// As [`Source::url`], for a URL to which paths are joined: its path ends with a slash.
    pub fn base_url(&self, name: &str, default: &str, http: &HttpConfig) -> Option<Url> {
        let mut url = self.url(name, default, http)?;
        let path = format!("{}/", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Some(url)
    }

    /// Two settings that must be set together; `None` unless both are.
    pub fn pair<A, B>(
        &self,
        first: (&str, Option<A>),
        second: (&str, Option<B>),
    ) -> Option<(A, B)> {
        match (first, second) {
            ((_, Some(first)), (_, Some(second))) => return Some((first, second)),
            ((_, None), (_, None)) => {}
            ((missing, None), (present, Some(_))) | ((present, Some(_)), (missing, None)) => {
                self.problem(missing, &format!("must be set together with {present}"));
            }
        }
        None
    }

    /// A secret, from `NAME` or from the file that `NAME_FILE` names. Of a file, a byte order mark and final
    /// line breaks are cut off; all else is kept.
    pub fn secret(&self, name: &str) -> Option<SecretString> {
        let file_name = format!("{name}_FILE");
        self.secret_names.borrow_mut().insert(name.to_owned());
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

    /// A setting that users may see. It must be no secret of any part, whichever of them is read first.
    pub fn public(&self, name: &str) -> Option<String> {
        self.public_names.borrow_mut().insert(name.to_owned());
        self.text(name)
    }

    /// Registers a secret with which tokens are signed. The same secret under another name is a problem,
    /// since one side would accept tokens that the other has signed.
    pub fn register_signing_secret(&self, name: &str, secret: &SecretString) {
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

    /// Adds a problem with a setting; `sentence` follows its name. A problem that is found twice is reported
    /// once.
    pub fn problem(&self, name: &str, sentence: &str) {
        let problem = format!("{name} {sentence}.");
        let mut problems = self.problems.borrow_mut();
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }

    /// Returns `value` if no problem was found.
    ///
    /// # Errors
    /// All problems that were found, if any.
    pub fn finish<T>(&self, value: T) -> Result<T, ConfigProblems> {
        let secrets = self.secret_names.borrow();
        for name in secrets.intersection(&self.public_names.borrow()) {
            self.problem(name, "must not be shown to users, since it is a secret");
        }
        let problems = self.problems.take();
        if problems.is_empty() {
            Ok(value)
        } else {
            Err(ConfigProblems(problems))
        }
    }

    /// Every setting that was read: its name and its value, `(secret)` for a secret, or `None` if it is not set.
    pub fn used(&self) -> Vec<(String, Option<String>)> {
        let names: Vec<String> = self.read_names.borrow().clone();
        let mut listed = BTreeSet::new();
        let first = names.into_iter().filter(|name| listed.insert(name.clone()));
        let secrets = self.secret_names.borrow();
        first
            .map(|name| {
                let value = self.text(&name).map(|value| match secrets.contains(&name) {
                    true => "(secret)".to_owned(),
                    false => value,
                });
                (name, value)
            })
            .collect()
    }

    /// Names with our prefix that nothing has read, most likely misspelled.
    pub fn unknown_names(&self) -> Vec<String> {
        let read_names = self.read_names.borrow();
        let names = self.environment.keys().chain(self.file.keys());
        names
            .filter(|name| name.starts_with("LATCHKEY_") && !read_names.contains(name))
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

/// Whether requests with secrets may go to a URL: over TLS, or outside production within this machine.
pub(crate) fn is_safe(url: &Url, http: &HttpConfig) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => !http.is_production() && is_loopback(url),
        _ => false,
    }
}

fn scalar(value: toml::Value) -> String {
    match value {
        toml::Value::String(text) => text,
        other => other.to_string(),
    }
}
