//! The users of the project, one for each case of an email address that a host has to handle.

use serde_json::{Map, Value, json};

use crate::origin::Origin;
use crate::secret::Secret;

/// The password of the host's demo users, too.
const PASSWORD: &str = "correct horse battery staple";

/// A user of the project.
#[derive(Debug, PartialEq, Eq)]
pub struct Persona {
    /// The user's id in the project, which the login page's buttons send, too.
    pub sub: &'static str,
    /// The full name.
    pub name: &'static str,
    /// The username, an alternative to the address at sign-in; users of social networks have none.
    pub username: Option<&'static str>,
    /// The email address, if the project knows one.
    pub email: Option<&'static str>,
    /// The social network that authenticates the user.
    pub network: Option<&'static str>,
    /// The photo's path on the sandbox's origin.
    pub picture: Option<&'static str>,
    /// What this persona demonstrates.
    pub note: &'static str,
}

/// All personas, in the order in which the login page lists them.
pub const PERSONAS: [Persona; 3] = [
    Persona {
        sub: "a3c1f0de-5b7c-4d19-9e52-6f0b8a7d4c21",
        name: "Dana Demo",
        username: Some("dana"),
        email: Some("demo@latchkey.localhost"),
        network: None,
        picture: Some("/people/dana.svg"),
        note: "Has an account at the host, too",
    },
    Persona {
        sub: "5e8d2b94-0f6a-4c3e-8b1d-27c94e6f1a35",
        name: "Paolo Player",
        username: Some("paolo"),
        email: Some("paolo@players.example"),
        network: None,
        picture: None,
        note: "Only known to Xsolla",
    },
    Persona {
        sub: "c90b7a16-3d2f-4e88-a5c4-81f3d6e2b07a",
        name: "Sasha Social",
        username: None,
        email: None,
        network: Some("twitch"),
        picture: None,
        note: "Social sign-in, no address",
    },
];

impl Persona {
    pub(super) fn find(sub: &str) -> Option<&'static Self> {
        PERSONAS.iter().find(|persona| persona.sub == sub)
    }

    /// The user with this username or address and this password.
    pub(super) fn authenticate(username: &str, password: &str) -> Option<&'static Self> {
        let is_theirs = |persona: &&Self| {
            persona.username.is_some()
                && [persona.username, persona.email].contains(&Some(username))
        };
        PERSONAS
            .iter()
            .find(is_theirs)
            .filter(|_| Secret::from(PASSWORD).is(password))
    }

    /// The claims about the user in a user JWT (<https://developers.xsolla.com/login-api/jwt-structure>).
    pub(super) fn claims(&self, public_url: &Origin) -> Map<String, Value> {
        let claims = json!({
            "sub": self.sub,
            "type": if self.network.is_some() { "social" } else { "xsolla_login" },
            "username": self.username,
            "email": self.email,
            "provider": self.network,
            "id": self.network.map(|_| "4217"),
            "name": self.network.map(|_| self.name),
            "is_cross_auth": self.network.map(|_| false),
            "picture": self.picture.map(|path| format!("{public_url}{path}")),
        });
        let Value::Object(mut claims) = claims else {
            return Map::new();
        };
        claims.retain(|_, value| !value.is_null());
        claims
    }
}
