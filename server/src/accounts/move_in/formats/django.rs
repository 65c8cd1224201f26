//! Django: `manage.py dumpdata auth.user`, or that of a user model of one's own
//! (<https://docs.djangoproject.com/en/stable/ref/django-admin/#dumpdata>).

use serde_json::{Map, Value};

use super::{Candidate, Rejection, fields};
use crate::accounts::{AttributeValue, Attributes};

pub(super) fn read(entry: &Map<String, Value>) -> Result<Option<Candidate>, Rejection> {
    let user = fields::object(entry, "fields")?;
    if !user.contains_key("password") {
        return Ok(None);
    }
    let name = |field| fields::text(&user, field).map(Option::unwrap_or_default);
    let full_name = format!("{} {}", name("first_name")?, name("last_name")?);
    let mut attributes = Attributes::default();
    if let Some(username) = fields::text(&user, "username")? {
        attributes.set("username", AttributeValue::Text(username))?;
    }
    Ok(Some(Candidate {
        id: fields::text(entry, "pk")?,
        email: fields::text(&user, "email")?.unwrap_or_default(),
        // Django does not know.
        email_verified: false,
        display_name: Some(full_name.trim().to_owned()),
        photo_url: None,
        password_hash: fields::text(&user, "password")?,
        created_at: fields::time(&user, "date_joined")?,
        disabled: user.contains_key("is_active") && !fields::flag(&user, "is_active")?,
        attributes,
    }))
}
