//! The users who can sign in, one for each case of an email address: verified, unverified, none, and so on.

use serde_json::{Map, Value, json};

use super::settings::EmailVerifiedFault;
use crate::origin::Origin;

/// A user of the provider.
#[derive(Debug, PartialEq, Eq)]
pub struct Persona {
    /// The stable id, which the authorization page's buttons send, too.
    pub sub: &'static str,
    /// The full name.
    pub name: &'static str,
    /// The email address, if the provider knows one.
    pub email: Option<&'static str>,
    /// Whether the provider has verified the address.
    pub email_verified: bool,
    /// The photo's path on the sandbox's origin.
    pub picture: Option<&'static str>,
    /// What this persona demonstrates.
    pub note: &'static str,
}

/// The address of the demo's own user, which two personas claim.
const DEMO_USER: Option<&str> = Some("demo@latchkey.localhost");

/// All personas, in the order in which the authorization page lists them.
pub const PERSONAS: [Persona; 5] = [
    Persona {
        sub: "vera-verified",
        name: "Vera Verified",
        email: Some("vera@people.example"),
        email_verified: true,
        picture: Some("/people/vera.svg"),
        note: "Her address is verified",
    },
    Persona {
        sub: "umut-unverified",
        name: "Umut Unverified",
        email: Some("umut@people.example"),
        email_verified: false,
        picture: None,
        note: "His address is not verified",
    },
    Persona {
        sub: "nora-nomail",
        name: "Nora Nomail",
        email: None,
        email_verified: false,
        picture: None,
        note: "Has no address",
    },
    Persona {
        sub: "mallory-mirror",
        name: "Mallory Mirror",
        email: DEMO_USER,
        email_verified: true,
        picture: None,
        note: "Dana Demo's address, verified",
    },
    Persona {
        sub: "mika-masquerade",
        name: "Mika Masquerade",
        email: DEMO_USER,
        email_verified: false,
        picture: None,
        note: "Dana Demo's address, not verified",
    },
];

impl Persona {
    pub(super) fn find(sub: &str) -> Option<&'static Self> {
        PERSONAS.iter().find(|persona| persona.sub == sub)
    }

    /// The claims of the granted scopes (OpenID Connect Core 1.0, section 5.4).
    pub(super) fn claims(
        &self,
        scope: &str,
        public_url: &Origin,
        fault: EmailVerifiedFault,
    ) -> Map<String, Value> {
        let granted = |name| scope.split(' ').any(|scope| scope == name);
        let mut claims = Map::new();
        claims.insert("sub".to_owned(), self.sub.into());
        if granted("profile") {
            claims.insert("name".to_owned(), self.name.into());
            if let Some(path) = self.picture {
                claims.insert("picture".to_owned(), format!("{public_url}{path}").into());
            }
        }
        if let (true, Some(email)) = (granted("email"), self.email) {
            claims.insert("email".to_owned(), email.into());
            if let Some(verified) = self.written_email_verified(fault) {
                claims.insert("email_verified".to_owned(), verified);
            }
        }
        claims
    }

    fn written_email_verified(&self, fault: EmailVerifiedFault) -> Option<Value> {
        match fault {
            EmailVerifiedFault::None => Some(self.email_verified.into()),
            EmailVerifiedFault::Text => Some(json!("true")),
            EmailVerifiedFault::Number => Some(json!(1)),
            EmailVerifiedFault::Missing => None,
        }
    }
}
