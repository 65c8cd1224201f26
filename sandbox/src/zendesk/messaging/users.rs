//! Messaging's users, identified by `external_id` and by a verified address.

use std::collections::VecDeque;

use axum::http::StatusCode;
use serde::Serialize;

use super::claims::EndUser;
use crate::zendesk::rejection::Rejection;

/// The maximum number of users; the oldest are dropped first.
const CAPACITY: usize = 1000;

/// One user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessagingUser {
    /// The host's id of the user.
    pub external_id: String,
    pub name: Option<String>,
    /// The verified address, if the host has sent one.
    pub email: Option<String>,
    /// Seconds since the Unix epoch.
    pub created: u64,
}

/// All users, oldest first.
#[derive(Default)]
pub(in crate::zendesk) struct Users(VecDeque<MessagingUser>);

impl Users {
    /// Creates or updates the user of a verified token.
    ///
    /// # Errors
    /// 409 `conflict` if the verified address belongs to another `external_id`.
    pub(super) fn find_or_create(
        &mut self,
        user: EndUser,
        now: u64,
    ) -> Result<MessagingUser, Rejection> {
        let same_address = |known: &MessagingUser| match (&known.email, &user.verified_email) {
            (Some(known), Some(told)) => known.eq_ignore_ascii_case(told),
            _ => false,
        };
        let mut others = self
            .0
            .iter()
            .filter(|known| known.external_id != user.external_id);
        if others.any(same_address) {
            let message = "A user with this email has another external_id.";
            return Err(Rejection::new(StatusCode::CONFLICT, "conflict", message));
        }
        let known = self
            .0
            .iter_mut()
            .find(|known| known.external_id == user.external_id);
        if let Some(known) = known {
            known.name = user.name.or(known.name.take());
            known.email = user.verified_email.or(known.email.take());
            return Ok(known.clone());
        }
        if self.0.len() == CAPACITY {
            self.0.pop_front();
        }
        let new = MessagingUser {
            external_id: user.external_id,
            name: user.name,
            email: user.verified_email,
            created: now,
        };
        self.0.push_back(new.clone());
        Ok(new)
    }

    pub(in crate::zendesk) fn all(&self) -> Vec<MessagingUser> {
        self.0.iter().cloned().collect()
    }
}
