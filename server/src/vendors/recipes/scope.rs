//! Which values a text of a recipe can use.

use std::{collections::BTreeMap, fmt};

/// Where a value comes from. Nothing of it is the request, apart from parameters that the recipe declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    UserId,
    UserEmail,
    UserName,
    UserPhoto,
    UserMemberSince,
    /// What an import, a provider or an administrator has said of the user.
    Attribute(String),
    /// The moment of the request.
    Now,
    /// When the credential counts as issued: some seconds ago.
    Issued,
    Expires,
    /// Seconds from `issued` to `expires`.
    Lifetime,
    RandomUuid,
    RandomHex,
    RandomDigits,
    /// The part before the colon of a key that is `name:secret`.
    KeyName,
    /// The first four characters of the key.
    KeyStart,
    Setting(String),
    /// A moment that the recipe declares.
    Time(String),
    Param(String),
    /// The login's origin.
    Issuer,
    Payload,
    Token,
    Mac(String),
    /// What a vendor has answered.
    Answer(String),
}

/// The sources that are always the same, with their names.
const FIXED: [(&str, Source); 17] = [
    ("user.id", Source::UserId),
    ("user.email", Source::UserEmail),
    ("user.name", Source::UserName),
    ("user.photo", Source::UserPhoto),
    ("user.member_since", Source::UserMemberSince),
    ("now", Source::Now),
    ("issued", Source::Issued),
    ("expires", Source::Expires),
    ("lifetime", Source::Lifetime),
    ("random.uuid", Source::RandomUuid),
    ("random.hex", Source::RandomHex),
    ("random.digits", Source::RandomDigits),
    ("key.name", Source::KeyName),
    ("key.start", Source::KeyStart),
    ("payload", Source::Payload),
    ("token", Source::Token),
    ("issuer", Source::Issuer),
];

impl Source {
    /// Whether it tells one user from the others.
    pub(super) fn is_identity(&self) -> bool {
        matches!(self, Self::UserId | Self::UserEmail | Self::Attribute(_))
    }

    pub(super) fn is_time(&self) -> bool {
        matches!(
            self,
            Self::Now | Self::Issued | Self::Expires | Self::Time(_)
        )
    }

    /// Whether it differs from one moment to another, or from one connection to another.
    pub(super) fn changes(&self) -> bool {
        self.is_time() || matches!(self, Self::Param(_))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attribute(name) => write!(f, "user.attributes.{name}"),
            Self::Setting(name) => write!(f, "setting.{name}"),
            Self::Time(name) => write!(f, "time.{name}"),
            Self::Param(name) => write!(f, "param.{name}"),
            Self::Mac(name) => write!(f, "mac.{name}"),
            Self::Answer(name) => write!(f, "answer.{name}"),
            other => {
                let found = FIXED.iter().find(|(_, source)| source == other);
                f.write_str(found.map_or("", |(name, _)| name))
            }
        }
    }
}

/// What a text needs to know of a parameter.
#[derive(Clone, Copy, Debug)]
pub(super) struct ParamScope {
    pub(super) optional: bool,
    /// Whether its value may have characters with a meaning in the text around it.
    pub(super) is_free: bool,
}

/// What a recipe has declared, as far as a place in it may use it.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    pub(super) settings: Vec<String>,
    pub(super) attributes: Vec<String>,
    pub(super) times: Vec<String>,
    pub(super) params: BTreeMap<String, ParamScope>,
    pub(super) has_key_name: bool,
    pub(super) has_payload: bool,
    pub(super) has_token: bool,
    pub(super) macs: Vec<String>,
    pub(super) answers: Vec<String>,
    /// Only the response may have the beginning of the key, for the vendors whose format has it.
    pub(super) is_response: bool,
    /// Only what is the same for all users: settings and the key's name.
    pub(super) is_constant: bool,
}

impl Scope {
    /// What is the same for all users: settings and the key's name.
    pub(super) fn constants(&self) -> Self {
        Self {
            settings: self.settings.clone(),
            has_key_name: self.has_key_name,
            is_constant: true,
            ..Self::default()
        }
    }

    /// The source with a name.
    ///
    /// # Errors
    /// A sentence with all names that are allowed.
    pub(super) fn source(&self, name: &str) -> Result<Source, String> {
        let known = self.all();
        let found = known.iter().find(|source| source.to_string() == name);
        found.cloned().ok_or_else(|| {
            let names: Vec<String> = known.iter().map(ToString::to_string).collect();
            format!(
                "has the unknown value {{{name}}}; allowed: {}",
                names.join(", ")
            )
        })
    }

    /// Whether a text is the name of a source, most likely without its braces.
    pub(super) fn looks_like_source(text: &str) -> bool {
        let prefixes = [
            "user.", "param.", "setting.", "random.", "key.", "mac.", "time.", "answer.",
        ];
        let is_name = text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'.' || byte == b'_');
        is_name && prefixes.iter().any(|prefix| text.starts_with(prefix))
            || FIXED[5..9].iter().any(|(name, _)| *name == text)
    }

    pub(super) fn may_be_missing(&self, source: &Source) -> bool {
        match source {
            Source::UserName | Source::UserPhoto | Source::Attribute(_) => true,
            Source::Param(name) => self.params.get(name).is_some_and(|param| param.optional),
            _ => false,
        }
    }

    /// Whether a user or a page chooses it freely, so that it may have any character.
    pub(super) fn is_free(&self, source: &Source) -> bool {
        match source {
            Source::UserEmail | Source::UserName | Source::UserPhoto | Source::Attribute(_) => true,
            Source::Param(name) => self.params.get(name).is_some_and(|param| param.is_free),
            _ => false,
        }
    }

    fn all(&self) -> Vec<Source> {
        let settings = self.settings.iter().cloned().map(Source::Setting);
        if self.is_constant {
            let name = self.has_key_name.then_some(Source::KeyName);
            return settings.chain(name).collect();
        }
        let fixed = FIXED.iter().map(|(_, source)| source.clone());
        let fixed = fixed.filter(|source| match source {
            Source::KeyName => self.has_key_name,
            Source::KeyStart => self.is_response,
            Source::Payload => self.has_payload,
            Source::Token => self.has_token,
            _ => true,
        });
        let params = self.params.keys().cloned().map(Source::Param);
        let attributes = self.attributes.iter().cloned().map(Source::Attribute);
        let times = self.times.iter().cloned().map(Source::Time);
        let macs = self.macs.iter().cloned().map(Source::Mac);
        let answers = self.answers.iter().cloned().map(Source::Answer);
        let own = attributes
            .chain(settings)
            .chain(times)
            .chain(params)
            .chain(macs)
            .chain(answers);
        fixed.chain(own).collect()
    }
}
