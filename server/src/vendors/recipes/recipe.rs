//! A recipe: a vendor's credential, described in TOML. `docs/recipes.md` is the language's reference.

use std::{collections::BTreeMap, time::Duration};

use super::{
    declared::{MAX_LIFETIME, Setting, all, attributes, settings, times, whole},
    document::{File, Mistake, Node, Table},
    exchange::Exchange,
    facts::seconds,
    key::KeyRules,
    param::{self, Param},
    scope::{ParamScope, Scope, Source},
    seal::Seal,
    shape::Shape,
    token::Token,
    value::Object,
};

/// How many seconds a credential is issued before now unless the recipe says otherwise. Many verifiers refuse a
/// token from a clock that is a second ahead of theirs.
const BACKDATE: i64 = 5;

/// What a recipe cannot be called, since its paths begin with its name.
const RESERVED: [&str; 23] = [
    "account",
    "admin",
    "api",
    "assets",
    "check-mail",
    "connect",
    "continue",
    "finish-account",
    "forgot-password",
    "handoff",
    "health",
    "login",
    "logout",
    "oauth",
    "pkg",
    "register",
    "reset-password",
    "sdk",
    "signed-in",
    "switch-account",
    "vendors",
    "verify-email",
    "viewer",
];

/// How sure the facts of a recipe are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sureness {
    /// Compared with what the vendor's own library makes.
    Sdk,
    /// Read in the vendor's published source code.
    Source,
    /// Read in the vendor's documentation.
    Documentation,
    /// Heard of; no one has checked it.
    Unverified,
}

pub(super) const SURENESS: [(&str, Sureness); 4] = [
    ("sdk", Sureness::Sdk),
    ("source", Sureness::Source),
    ("documentation", Sureness::Documentation),
    ("unverified", Sureness::Unverified),
];

/// A recipe that has no mistakes.
#[derive(Debug)]
pub struct Recipe {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) docs: String,
    /// The day on which someone last compared it with the vendor's contract.
    pub(super) checked: String,
    /// The day from which the vendor no longer accepts it, if that is known.
    pub(super) sunset: Option<String>,
    /// Whether a credential tells no user from another: all get the same rights.
    pub(super) names_no_user: bool,
    pub(super) sure: Sureness,
    /// `None` if a credential never expires.
    pub(super) lifetime: Option<Duration>,
    pub(super) backdate: Duration,
    pub(super) max_bytes: usize,
    /// The path that the vendor's own script expects, besides `/api/NAME/credential`.
    pub(super) path: Option<String>,
    /// What a team pastes into its pages.
    pub(super) snippet: Option<String>,
    /// The attributes of the user that it uses.
    pub(super) attributes: Vec<String>,
    pub(super) settings: Vec<Setting>,
    /// Moments, as seconds from now.
    pub(super) times: BTreeMap<String, Duration>,
    pub(super) params: Vec<Param>,
    pub(super) key: KeyRules,
    pub(super) shape: Shape,
    pub(super) response: Object,
}

#[derive(Clone, Copy)]
enum ShapeName {
    Jwt,
    Mac,
    Envelope,
    Exchange,
}

impl Recipe {
    /// Reads a recipe. `file` is its path, for messages; the name of the file is that of the recipe.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(super) fn parse(name: &str, file: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        let file = File::new(file, text);
        file.read(|table| read(name, &table))
    }

    /// The path that is the same for every recipe.
    pub(super) fn credential_path(&self) -> String {
        format!("/api/{}/credential", self.name)
    }
}

fn read(name: &str, table: &Table<'_>) -> Option<Recipe> {
    let name = recipe_name(name, table);
    let label = table.required("label").and_then(Node::text);
    let docs = table.required("docs").and_then(https);
    let checked = table.required("checked").and_then(Node::date);
    let sunset = table.optional("sunset").map(Node::date);
    let sure = table
        .required("sure")
        .and_then(|node| node.one_of(&SURENESS));
    let names_no_user = table.optional("names_no_user").map(Node::flag);
    let snippet = table.optional("snippet").map(Node::text);
    let backdate = number(table, "backdate", 0..=300).unwrap_or(Some(BACKDATE));
    let lifetime = lifetime(table, backdate.unwrap_or(0));
    let max_bytes = number(table, "max_bytes", 1..=65536).unwrap_or(Some(8192));
    let settings = settings(table);
    let times = times(table);
    let attributes = attributes(table);
    let path = table
        .optional("path")
        .map(|node| path(node, name.unwrap_or_default()));
    let names = settings
        .iter()
        .flatten()
        .map(|setting| setting.name.clone());
    let mut scope = Scope {
        settings: names.collect(),
        attributes: attributes.clone().unwrap_or_default(),
        times: times
            .iter()
            .flat_map(|times| times.keys().cloned())
            .collect(),
        ..Scope::default()
    };
    let params = param::read(table, &scope);
    scope.params = params
        .iter()
        .flatten()
        .map(|param| {
            let (optional, is_free) = (param.optional, param.is_free);
            (param.name.clone(), ParamScope { optional, is_free })
        })
        .collect();
    let shapes = [
        ("jwt", ShapeName::Jwt),
        ("mac", ShapeName::Mac),
        ("envelope", ShapeName::Envelope),
        ("exchange", ShapeName::Exchange),
    ];
    let shape = table
        .required("shape")
        .and_then(|node| node.one_of(&shapes));
    let key = KeyRules::read(table);
    scope.has_key_name = key.as_ref().is_some_and(KeyRules::has_name);
    let Some(shape) = shape else {
        // Known to one of the shapes.
        for name in [
            "header", "claims", "payload", "mac", "request", "answer", "response",
        ] {
            table.optional(name);
        }
        return None;
    };
    let (shape, response) = match shape {
        ShapeName::Jwt => {
            let token = Token::read(table, &scope);
            scope.has_token = true;
            (token.map(Shape::Jwt), true)
        }
        ShapeName::Mac => (Seal::read(table, &mut scope, false).map(Shape::Seal), false),
        ShapeName::Envelope => (Seal::read(table, &mut scope, true).map(Shape::Seal), false),
        ShapeName::Exchange => {
            let exchange = Exchange::read(table, &mut scope);
            (exchange.map(Shape::Exchange), false)
        }
    };
    scope.is_response = true;
    let response = response_of(table, &scope, response);
    let recipe = Recipe {
        name: name?,
        label: label?,
        docs: docs?,
        checked: checked?,
        sunset: all(sunset)?,
        names_no_user: names_no_user.unwrap_or(Some(false))?,
        sure: sure?,
        lifetime: lifetime?,
        backdate: whole(backdate?),
        max_bytes: usize::try_from(max_bytes?).ok()?,
        path: all(path)?,
        snippet: all(snippet)?,
        attributes: attributes?,
        settings: settings?,
        times: times?,
        params: params?,
        key: key?,
        shape: shape?,
        response: response?,
    };
    check(recipe, table)
}

/// What only shows when everything has been read.
fn check(recipe: Recipe, table: &Table<'_>) -> Option<Recipe> {
    recipe.key.check(&recipe.shape, table)?;
    let names_user = recipe.shape.uses(Source::is_identity);
    match (names_user, recipe.names_no_user) {
        (false, false) => {
            return table.wrong(
                "names no user in what is signed or sent, so every user would get the same rights; add {user.id}, or names_no_user = true if that is meant",
            );
        }
        (true, true) => {
            return table.wrong("has names_no_user = true and names the user; remove one of them");
        }
        _ => {}
    }
    if let Shape::Jwt(token) = &recipe.shape
        && recipe.key.is_published()
        && !token.names_both_sides()
    {
        return table.wrong(
            "needs the claims iss = \"{issuer}\" and an aud of constants and settings, since one key signs for all backends, and each must know its own tokens",
        );
    }
    let is_fresh = match &recipe.shape {
        Shape::Jwt(token) => token.expires(),
        Shape::Seal(seal) => seal.uses(Source::changes) || recipe.response.uses(Source::changes),
        // The vendor decides.
        Shape::Exchange(_) => return Some(recipe),
    };
    match (recipe.lifetime, is_fresh, &recipe.shape) {
        (Some(_), false, Shape::Jwt(_)) => table.wrong(
            "makes a token that never expires; add the claim exp = \"{expires}\", or eternal = true in the place of lifetime",
        ),
        (Some(_), false, Shape::Seal(_)) => table.wrong(
            "makes the same credential forever, since no time and no parameter is in it; write eternal = true in the place of lifetime",
        ),
        (None, true, Shape::Jwt(_)) => {
            table.wrong("has eternal = true and the claim exp; remove one of them")
        }
        _ => Some(recipe),
    }
}

/// A name in lower case, for paths and file names. It lives as long as the process, as those of other vendors do;
/// recipes are only read when it starts.
fn recipe_name(name: &str, table: &Table<'_>) -> Option<&'static str> {
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > 40 || !name.bytes().all(is_name) {
        return table.wrong(
            "must be in a file whose name has at most 40 lower-case letters, digits and hyphens, and ends in .toml",
        );
    }
    if RESERVED.contains(&name) {
        return table.wrong(&format!(
            "must not be called {name}, since other pages are at /{name}"
        ));
    }
    Some(String::leak(name.to_owned()))
}

fn https(node: &Node<'_>) -> Option<String> {
    let text = node.text()?;
    match text.starts_with("https://") {
        true => Some(text),
        false => node.wrong("must be an https URL"),
    }
}

fn number(
    table: &Table<'_>,
    name: &str,
    bounds: std::ops::RangeInclusive<i64>,
) -> Option<Option<i64>> {
    table.optional(name).map(|node| node.number(bounds))
}

/// `lifetime` and its cap, or `eternal`.
fn lifetime(table: &Table<'_>, backdate: i64) -> Option<Option<Duration>> {
    let most = number(table, "max_lifetime", 1..=MAX_LIFETIME).unwrap_or(Some(MAX_LIFETIME))?;
    let eternal = table.optional("eternal").map(Node::flag);
    let lifetime = table.optional("lifetime");
    match (eternal.unwrap_or(Some(false))?, lifetime) {
        (true, None) => Some(None),
        (false, Some(node)) => {
            let lifetime = node.number(1..=most)?;
            match lifetime > backdate {
                true => Some(Some(whole(lifetime))),
                false => node.wrong("must be longer than backdate"),
            }
        }
        _ => table.wrong("needs either lifetime, in seconds, or eternal = true"),
    }
}

/// A path that no other part of the server can have.
fn path(node: &Node<'_>, name: &str) -> Option<String> {
    let path = node.text()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte);
    let starts = [format!("/{name}/"), format!("/api/{name}/")];
    let is_own = starts
        .iter()
        .any(|start| path.starts_with(start) && path != *start);
    if !is_own
        || !path.bytes().all(is_plain)
        || path
            .split('/')
            .skip(1)
            .any(|part| part.is_empty() || part.starts_with('.'))
        || path == format!("/api/{name}/credential")
    {
        return node.wrong(&format!(
            "must be a path below /{name}/ or /api/{name}/, of letters, digits and - _ ., other than credential"
        ));
    }
    Some(path)
}

/// The fields of the response; for a token that is `{ token }` unless the recipe says otherwise.
fn response_of(table: &Table<'_>, scope: &Scope, is_token: bool) -> Option<Object> {
    let Some(node) = table.optional("response") else {
        return match is_token {
            true => Some(Object::token()),
            false => {
                table.wrong("needs [response], with the names that the vendor's script expects")
            }
        };
    };
    let response = Object::read(&node.table()?, scope)?;
    if response.field("expiresIn").is_some() {
        return node.wrong("must not have expiresIn, which every response has");
    }
    Some(response)
}

impl Recipe {
    /// In how many seconds the credential expires after it was made.
    pub(super) fn expires_in(&self) -> Option<i64> {
        let lifetime = self.lifetime?;
        Some(seconds(lifetime.saturating_sub(self.backdate)))
    }
}

#[cfg(test)]
mod tests;
