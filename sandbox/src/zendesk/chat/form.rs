//! The form that the Web SDK posts.

use url::form_urlencoded;

use crate::zendesk::rejection::Rejection;

/// Its fields, each of which must occur once.
pub(super) struct Form {
    pub(super) account_key: String,
    pub(super) token: String,
    /// The `state` of the previous response, if this is a renewal.
    pub(super) state: Option<String>,
}

impl Form {
    /// # Errors
    /// `malformed_form` for a missing, empty or repeated field, or a format other than JSON.
    pub(super) fn parse(body: &[u8]) -> Result<Self, Rejection> {
        let required = |name| field(body, name)?.ok_or_else(|| fault(name, "is required"));
        if required("format")? != "json" {
            return Err(fault("format", "must be json"));
        }
        Ok(Self {
            account_key: required("account_key")?,
            token: required("token")?,
            state: field(body, "state")?,
        })
    }
}

fn field(body: &[u8], name: &str) -> Result<Option<String>, Rejection> {
    let mut values = form_urlencoded::parse(body).filter(|(key, _)| key == name);
    let value = values.next().map(|(_, value)| value.into_owned());
    if values.next().is_some() {
        return Err(fault(name, "must be there once"));
    }
    if value.as_deref() == Some("") {
        return Err(fault(name, "must not be empty"));
    }
    Ok(value)
}

fn fault(name: &str, fault: &str) -> Rejection {
    Rejection::bad_request("malformed_form", format!("{name} {fault}."))
}
