//! Parameters of OAuth requests: form-encoded, each at most once (RFC 6749, sections 3.1 and 3.2).

use std::collections::{BTreeMap, BTreeSet};

use url::form_urlencoded;

/// The parameters of a request. One without a value counts as omitted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters {
    values: BTreeMap<String, String>,
    repeated: BTreeSet<String>,
}

impl Parameters {
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        let mut parameters = Self::default();
        for (name, value) in form_urlencoded::parse(encoded).into_owned() {
            if value.is_empty() {
                continue;
            }
            if parameters.values.insert(name.clone(), value).is_some() {
                parameters.repeated.insert(name);
            }
        }
        let Self { values, repeated } = &mut parameters;
        values.retain(|name, _| !repeated.contains(name));
        parameters
    }

    /// The value, if the parameter came once.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Removes the parameter and returns its value.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.values.remove(name)
    }

    /// A parameter that came more than once.
    pub(crate) fn repeated(&self) -> Option<&str> {
        self.repeated.first().map(String::as_str)
    }

    /// All parameters that came once.
    pub(crate) fn values(&self) -> &BTreeMap<String, String> {
        &self.values
    }
}
