//! Recipes for people: what is shipped, what a recipe says, whether it has mistakes, and what it makes.

use std::{collections::BTreeMap, fmt::Write, sync::Arc};

use secrecy::{ExposeSecret, SecretString};

use super::{
    config::{OpenError, open},
    document::Mistake,
    facts::Random,
    issuer::{Issuer, Order},
    json::Json,
    keys::Keys,
    recipe::{Recipe, SURENESS},
    shipped,
};
use crate::{accounts::AttributeValue, clock::Timestamp, vendors::identity::VendorIdentity};

/// Why a recipe cannot be shown or tried.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    #[error(
        "{0:?} is neither a readable .toml file nor a shipped recipe; see `latchkey recipe list`"
    )]
    Unknown(String),
    #[error("{}", sentences(.0))]
    Mistakes(Vec<Mistake>),
    /// The recipe makes no credential for these parameters and this user.
    #[error("{0}")]
    NoCredential(String),
}

/// A credential for a made-up user.
#[derive(Debug)]
pub struct Trial {
    /// The key of no one.
    pub key: String,
    /// Header and claims, if it is a token.
    pub shown: Option<[String; 2]>,
    /// URL and body of the request to the vendor, if the vendor makes the credential. It is not sent.
    pub request: Option<[String; 2]>,
    /// The body of the response.
    pub response: String,
}

/// A user and settings that do not exist.
#[derive(Debug)]
pub struct TrialUser {
    pub id: String,
    pub email: String,
    pub name: String,
    pub photo: Option<String>,
    pub attributes: BTreeMap<String, String>,
    /// Settings by their names in the recipe; the others are made up.
    pub settings: BTreeMap<String, String>,
}

fn sentences(mistakes: &[Mistake]) -> String {
    let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn read(name: &str) -> Result<Recipe, TrialError> {
    open(name).map_err(|error| match error {
        OpenError::Unknown => TrialError::Unknown(name.to_owned()),
        OpenError::Mistakes(mistakes) => TrialError::Mistakes(mistakes),
    })
}

/// The names of the shipped recipes.
pub fn shipped_names() -> impl Iterator<Item = &'static str> {
    shipped::names()
}

/// Reads a recipe and does nothing with it.
///
/// # Errors
/// [`TrialError`], with every mistake.
pub fn check(name: &str) -> Result<(), TrialError> {
    read(name).map(drop)
}

/// What an operator needs to know about a recipe: its facts, its variables, its parameters, the code to paste.
///
/// # Errors
/// [`TrialError`].
pub fn show(name: &str) -> Result<String, TrialError> {
    let recipe = read(name)?;
    let sure = SURENESS.iter().find(|(_, sure)| *sure == recipe.sure);
    let sure = sure.map_or("", |(name, _)| name);
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<12} {value}");
    };
    line("name", recipe.name);
    line("vendor", &recipe.label);
    line("source", &recipe.docs);
    line("checked", &format!("{}, {sure}", recipe.checked));
    if let Some(sunset) = &recipe.sunset {
        line("sunset", sunset);
    }
    match recipe.lifetime {
        Some(lifetime) => line("lifetime", &format!("{} seconds", lifetime.as_secs())),
        None => line("lifetime", "never expires"),
    }
    line("endpoint", &recipe.credential_path());
    if let Some(path) = &recipe.path {
        line("endpoint", path);
    }
    if recipe.names_no_user {
        line("user", "named nowhere: every signed-in user gets the same");
    }
    for setting in &recipe.settings {
        let default = setting.default.as_ref();
        let default = default.map(|default| format!(" (default: {default})"));
        line(
            "setting",
            &format!("{}{}", setting.variable, default.unwrap_or_default()),
        );
    }
    line("key", &format!("{0} or {0}_FILE", recipe.key.variable));
    for attribute in &recipe.attributes {
        line("attribute", attribute);
    }
    for param in &recipe.params {
        let optional = if param.optional { " (optional)" } else { "" };
        line("parameter", &format!("{}{optional}", param.name));
    }
    if let Some(snippet) = &recipe.snippet {
        let _ = write!(text, "\n{}\n", snippet.trim_end());
    }
    Ok(text)
}

/// Makes a credential for a made-up user, with a key of no one.
///
/// # Errors
/// [`TrialError`].
pub fn try_out(
    name: &str,
    user: TrialUser,
    params: &BTreeMap<String, String>,
    now: Timestamp,
) -> Result<Trial, TrialError> {
    let no_credential = |error: &dyn ToString| TrialError::NoCredential(error.to_string());
    let recipe = read(name)?;
    let settings = recipe.settings.iter().map(|setting| {
        let sample = format!("{}-of-no-one", setting.name);
        let value = user
            .settings
            .get(&setting.name)
            .or(setting.default.as_ref());
        (setting.name.clone(), value.cloned().unwrap_or(sample))
    });
    let settings: BTreeMap<String, String> = settings.collect();
    let key = SecretString::from(recipe.key.sample(&recipe.shape).to_owned());
    let keys = Keys::new(&key, None, &recipe.key, &recipe.shape);
    let issuer = Issuer {
        origin: "https://login.example.com".into(),
        keys: Arc::new(keys.map_err(|error| no_credential(&error))?),
        settings: Arc::new(settings),
        recipe: Arc::new(recipe),
    };
    let params = issuer
        .params(params)
        .map_err(|error| no_credential(&error))?;
    let attributes = user.attributes.into_iter();
    let attributes = attributes.map(|(name, value)| (name, AttributeValue::Text(value)));
    let attributes = attributes.collect();
    let order = Order {
        user: &VendorIdentity {
            external_id: user.id,
            email: user.email,
            display_name: user.name,
            photo_url: user.photo,
            member_since: now,
        },
        attributes: &attributes,
        params: &params,
        now,
        random: &Random::default(),
        answers: &issuer.sample_answers(),
    };
    let shown = issuer
        .shown(&order)
        .map_err(|error| no_credential(&error))?;
    let response = issuer
        .issue(&order)
        .map_err(|error| no_credential(&error))?;
    let request = issuer.shown_request(&order);
    let request = request.map_err(|error| no_credential(&error))?;
    Ok(Trial {
        key: key.expose_secret().to_owned(),
        request: request
            .map(|(url, body)| [url.map(String::from).unwrap_or_default(), pretty(&body)]),
        shown: shown.map(|parts| parts.map(|part| pretty(&part))),
        response: pretty(&response),
    })
}

fn pretty(json: &Json) -> String {
    serde_json::to_string_pretty(json).unwrap_or_default()
}
