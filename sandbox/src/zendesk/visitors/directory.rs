//! Chat's visitors. Authenticated ones are identified by `external_id` alone, never by address.

use std::collections::VecDeque;

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use super::body::VisitorChange;
use crate::zendesk::chat::claims::Identity;
use crate::zendesk::rejection::Rejection;
use crate::zendesk::settings::{Settings, VisitorIdFormat};

/// The maximum number of visitors; the oldest are dropped first.
const CAPACITY: usize = 1000;
/// The prefix of all visitor ids of the account.
const ACCOUNT: &str = "9855790";
const ID_LENGTH: usize = 14;

/// One visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Visitor {
    /// Such as `9855790.xjj3ukxyIhn6j3`.
    pub id: String,
    /// The id in the numeric formats.
    pub number: u64,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub notes: String,
    pub banned: bool,
    /// Seconds since the Unix epoch.
    pub created: u64,
    /// The host's id of the user; `None` for a visitor that was created by the API.
    pub external_id: Option<String>,
}

impl Visitor {
    /// The response of Show Visitor.
    pub(super) fn to_json(&self, settings: Settings) -> Value {
        let id: Value = match settings.visitor_id {
            VisitorIdFormat::Dotted => self.id.as_str().into(),
            VisitorIdFormat::Text => self.number.to_string().into(),
            VisitorIdFormat::Integer => self.number.into(),
        };
        json!({
            "id": id,
            "name": self.name,
            "email": self.email,
            "phone": self.phone,
            "notes": self.notes,
            "banned": self.banned,
            "created": settings.created.write(self.created),
            "external_id": self.external_id,
        })
    }

    pub(super) fn apply(&mut self, change: VisitorChange) {
        fn set<T>(field: &mut T, to: Option<T>) {
            if let Some(to) = to {
                *field = to;
            }
        }
        set(&mut self.name, change.name);
        set(&mut self.email, change.email);
        set(&mut self.phone, change.phone);
        set(&mut self.notes, change.notes);
        set(&mut self.banned, change.banned);
    }
}

/// All visitors, oldest first.
#[derive(Default)]
pub(in crate::zendesk) struct Directory {
    visitors: VecDeque<Visitor>,
    made: u64,
}

impl Directory {
    /// Creates or updates the visitor of a verified token and returns the visitor's id.
    ///
    /// # Errors
    /// `banned`; a banned visitor is not updated.
    pub(in crate::zendesk) fn find_or_create(
        &mut self,
        identity: &Identity,
        now: u64,
    ) -> Result<String, Rejection> {
        let known = self
            .visitors
            .iter_mut()
            .find(|visitor| visitor.external_id.as_deref() == Some(identity.external_id.as_str()));
        let visitor = match known {
            Some(visitor) if visitor.banned => {
                let message = "This visitor is banned.";
                return Err(Rejection::new(StatusCode::FORBIDDEN, "banned", message));
            }
            Some(visitor) => visitor,
            None => {
                let visitor = self.add(now)?;
                visitor.external_id = Some(identity.external_id.clone());
                visitor
            }
        };
        visitor.name.clone_from(&identity.name);
        visitor.email.clone_from(&identity.email);
        Ok(visitor.id.clone())
    }

    /// Creates a visitor for the API.
    pub(super) fn create(&mut self, change: VisitorChange, now: u64) -> Result<Visitor, Rejection> {
        let visitor = self.add(now)?;
        visitor.apply(change);
        Ok(visitor.clone())
    }

    fn add(&mut self, now: u64) -> Result<&mut Visitor, Rejection> {
        let id = random_id().map_err(|error| Rejection::internal(&error))?;
        if self.visitors.len() == CAPACITY {
            self.visitors.pop_front();
        }
        self.made += 1;
        self.visitors.push_back(Visitor {
            id,
            number: self.made,
            name: String::new(),
            email: String::new(),
            phone: String::new(),
            notes: String::new(),
            banned: false,
            created: now,
            external_id: None,
        });
        let last = self.visitors.len() - 1;
        Ok(&mut self.visitors[last])
    }

    /// Finds a visitor by an id in any of its formats. The API's examples also write the dot as a hyphen.
    pub(super) fn find(&self, id: &str) -> Option<&Visitor> {
        let index = self.position(id)?;
        self.visitors.get(index)
    }

    pub(in crate::zendesk) fn find_mut(&mut self, id: &str) -> Option<&mut Visitor> {
        let index = self.position(id)?;
        self.visitors.get_mut(index)
    }

    fn position(&self, id: &str) -> Option<usize> {
        let (dotted, number) = (id.replacen('-', ".", 1), id.parse::<u64>().ok());
        self.visitors
            .iter()
            .position(|visitor| visitor.id == dotted || Some(visitor.number) == number)
    }

    pub(in crate::zendesk) fn with_external_id(&self, external_id: &str) -> Option<&Visitor> {
        self.visitors
            .iter()
            .find(|visitor| visitor.external_id.as_deref() == Some(external_id))
    }

    pub(in crate::zendesk) fn all(&self) -> Vec<Visitor> {
        self.visitors.iter().cloned().collect()
    }
}

fn random_id() -> anyhow::Result<String> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut bytes = [0; ID_LENGTH];
    getrandom::fill(&mut bytes)?;
    let letters = bytes.map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
    Ok(format!("{ACCOUNT}.{}", letters.iter().collect::<String>()))
}
