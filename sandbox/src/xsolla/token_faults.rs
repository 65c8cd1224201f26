//! The faults that a user JWT can have, one at a time.

use serde_json::{Map, Value, json};

use crate::switches::positions;

/// The `sub` of another user, which some faults put in a token.
const OTHER_USER: &str = "00000000-0000-4000-8000-00000000e11e";
const OTHER_ISSUER: &str = "https://login.evil.example";
const OTHER_PROJECT: &str = "11111111-5d42-11e6-a3ff-005056a0e04a";
const DAY: i64 = 24 * 60 * 60;

positions! {
    /// The one thing that is wrong with a user JWT.
    pub enum TokenFault {
        /// Normal.
        #[default]
        None = "none", "Normal";
        /// `alg` is `none`, and there is no signature.
        AlgNone = "alg_none", "alg none, unsigned";
        /// It is signed with another secret or key.
        Stranger = "stranger", "Signed with another key";
        /// HS256 with the PEM of the public key for a secret.
        PublicKeyAsSecret = "public_key_as_secret", "HS256 with the public key's PEM";
        /// RS256 with the project's key, under a `kid` that is not in the list.
        UnknownKid = "unknown_kid", "RS256 with the kid of no key";
        /// One character of the signature is changed.
        SignatureBroken = "signature_broken", "Broken signature";
        /// It expired yesterday.
        Expired = "expired", "Expired yesterday";
        /// It has no `exp`.
        ExpMissing = "exp_missing", "No expiry";
        /// `iat` and `exp` are in milliseconds.
        Milliseconds = "milliseconds", "Times in milliseconds";
        /// It expires after a month.
        LongLived = "long_lived", "Expires after a month";
        /// `iat` is tomorrow.
        IssuedTomorrow = "issued_tomorrow", "Issued tomorrow";
        /// `iss` is another issuer.
        IssOther = "iss_other", "Another issuer";
        /// It has no `iss`.
        IssMissing = "iss_missing", "No issuer";
        /// It is for another project.
        ProjectOther = "project_other", "Another project's";
        /// It names no project.
        ProjectMissing = "project_missing", "No project";
        /// It has no `sub`.
        SubMissing = "sub_missing", "No sub";
        /// `sub` is empty.
        SubEmpty = "sub_empty", "Empty sub";
        /// `sub` is a number.
        SubNumber = "sub_number", "sub is a number";
        /// `sub` occurs twice, the second time with another user's.
        DuplicateSub = "duplicate_sub", "sub twice, the second another's";
        /// It has no `email`.
        EmailMissing = "email_missing", "No email";
        /// `email` is a number.
        EmailNumber = "email_number", "email is a number";
        /// `email` occurs twice, the second time with Dana Demo's.
        DuplicateEmail = "duplicate_email", "email twice, the second Dana's";
        /// Its type is `oauth`, and it has no `jti`.
        OauthWithoutJti = "oauth_without_jti", "Type oauth without jti";
    }
}

impl TokenFault {
    /// A short description.
    pub(super) fn meaning(self) -> &'static str {
        let mut all = Self::ALL.iter();
        all.find(|(fault, ..)| *fault == self)
            .map_or("", |(_, _, meaning)| meaning)
    }

    /// Makes the fault's change to the claims.
    pub(super) fn spoil(self, claims: &mut Map<String, Value>) {
        let time = |claims: &Map<String, Value>, name| {
            let time = claims.get(name).and_then(Value::as_i64);
            time.unwrap_or_default()
        };
        let (issued_at, expires_at) = (time(claims, "iat"), time(claims, "exp"));
        let changes = match self {
            Self::Expired => vec![
                ("iat", json!(issued_at - 2 * DAY)),
                ("exp", json!(issued_at - DAY)),
            ],
            Self::Milliseconds => vec![
                ("iat", json!(issued_at * 1000)),
                ("exp", json!(expires_at * 1000)),
            ],
            Self::LongLived => vec![("exp", json!(issued_at + 30 * DAY))],
            Self::IssuedTomorrow => vec![
                ("iat", json!(issued_at + DAY)),
                ("exp", json!(expires_at + DAY)),
            ],
            Self::IssOther => vec![("iss", json!(OTHER_ISSUER))],
            Self::ProjectOther => vec![("xsolla_login_project_id", json!(OTHER_PROJECT))],
            Self::SubEmpty => vec![("sub", json!(""))],
            Self::SubNumber => vec![("sub", json!(42))],
            Self::EmailNumber => vec![("email", json!(42))],
            Self::OauthWithoutJti => vec![("type", json!("oauth"))],
            _ => Vec::new(),
        };
        claims.extend(
            changes
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value)),
        );
        let missing = match self {
            Self::ExpMissing => "exp",
            Self::IssMissing => "iss",
            Self::ProjectMissing => "xsolla_login_project_id",
            Self::SubMissing => "sub",
            Self::EmailMissing => "email",
            Self::OauthWithoutJti => "jti",
            _ => return,
        };
        claims.remove(missing);
    }

    /// The claims as JSON, with one of them repeated if that is the fault.
    pub(super) fn write(self, claims: Map<String, Value>) -> String {
        let mut text = Value::Object(claims).to_string();
        let second = match self {
            Self::DuplicateSub => json!({ "sub": OTHER_USER }),
            Self::DuplicateEmail => json!({ "email": "demo@latchkey.localhost" }),
            _ => return text,
        };
        text.pop();
        format!("{text},{}", &second.to_string()[1..])
    }
}
