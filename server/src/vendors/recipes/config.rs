//! Which recipes are loaded, and their settings.

use std::{collections::BTreeMap, fs, path::PathBuf, sync::Arc};

use secrecy::ExposeSecret;

use super::{
    document::Mistake,
    issuer::Issuer,
    key::public_key,
    keys::Keys,
    published::{Published, algorithm},
    recipe::Recipe,
    shipped,
};
use crate::{
    config::{HttpConfig, Source, is_safe},
    signing::{Signer, reject_placeholder},
    vendors::vendor::VendorDefinition,
};

const RECIPES: &str = "LATCHKEY_RECIPES";

/// The recipes that are loaded. On when `LATCHKEY_RECIPES` is set: names of shipped recipes and paths of files,
/// separated by commas.
#[derive(Clone, Debug)]
pub struct RecipesConfig {
    pub(super) issuers: Vec<Issuer>,
    /// `LATCHKEY_ISSUER_KEY` (or `LATCHKEY_ISSUER_KEY_FILE`) is the private key of recipes whose key is published.
    pub(super) published: Option<Published>,
}

impl RecipesConfig {
    pub(super) fn from_source(
        source: &Source,
        http: &HttpConfig,
        vendors: &[&VendorDefinition],
    ) -> Option<Self> {
        let named = source.list(RECIPES, "be names and paths", |name| Some(name.to_owned()));
        let mut issuers: Vec<Issuer> = Vec::new();
        for name in &named {
            let Some(recipe) = recipe(source, name) else {
                continue;
            };
            let names = vendors.iter().map(|vendor| vendor.name);
            let loaded = issuers.iter().map(|issuer| issuer.recipe.name);
            if names.chain(loaded).any(|name| name == recipe.name) {
                let sentence = format!("must not have a second vendor called {}", recipe.name);
                source.problem(RECIPES, &sentence);
                continue;
            }
            let mut paths = vendors
                .iter()
                .flat_map(|vendor| vendor.readable_paths.iter().chain(vendor.login_paths));
            if let Some(path) = paths.find(|path| recipe.path.as_deref() == Some(**path)) {
                let sentence = format!("must not have another vendor at {path}");
                source.problem(RECIPES, &sentence);
                continue;
            }
            issuers.extend(issuer(source, http, recipe));
        }
        let mut audiences = BTreeMap::new();
        for issuer in &issuers {
            let name = issuer.recipe.name;
            let audience = issuer.published_audience();
            if let Some(other) = audience.and_then(|audience| audiences.insert(audience, name)) {
                let sentence = format!(
                    "must not have {other} and {name}, since a token of one is valid for the other: their aud is the same"
                );
                source.problem(RECIPES, &sentence);
            }
        }
        let published = published(source, http, &issuers);
        (!named.is_empty()).then_some(Self { issuers, published })
    }
}

fn recipe(source: &Source, name: &str) -> Option<Recipe> {
    match open(name) {
        Ok(recipe) => Some(recipe),
        Err(OpenError::Unknown) => {
            let names: Vec<&str> = shipped::names().collect();
            source.problem(
                RECIPES,
                &format!(
                    "has {name:?}, which is neither the path of a readable .toml file nor one of the shipped recipes: {}",
                    names.join(", ")
                ),
            );
            None
        }
        Err(OpenError::Mistakes(mistakes)) => {
            for Mistake {
                file,
                line,
                key,
                sentence,
            } in mistakes
            {
                let place = format!("{RECIPES}: {file}:{line}: {key}");
                source.problem(place.trim_end(), &sentence);
            }
            None
        }
    }
}

/// Why a recipe cannot be read.
#[derive(Debug)]
pub(super) enum OpenError {
    Unknown,
    Mistakes(Vec<Mistake>),
}

/// The recipe with the name of a shipped one, or in the file with this path.
///
/// # Errors
/// [`OpenError`].
pub(super) fn open(name: &str) -> Result<Recipe, OpenError> {
    if let Some(text) = shipped::text(name) {
        let file = format!("{name}.toml");
        return Recipe::parse(name, &file, text).map_err(OpenError::Mistakes);
    }
    let path = PathBuf::from(name);
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let is_toml = path
        .extension()
        .is_some_and(|extension| extension == "toml");
    let text = fs::read_to_string(&path).ok();
    match (stem, text) {
        (Some(stem), Some(text)) if is_toml => {
            Recipe::parse(stem, name, &text).map_err(OpenError::Mistakes)
        }
        _ => Err(OpenError::Unknown),
    }
}

/// `LATCHKEY_ISSUER_NEXT_KEY` (or `LATCHKEY_ISSUER_NEXT_KEY_FILE`): the private key that will replace the current one,
/// of the same kind. It is published and does not sign.
fn published(source: &Source, http: &HttpConfig, issuers: &[Issuer]) -> Option<Published> {
    const NEXT: &str = "LATCHKEY_ISSUER_NEXT_KEY";
    let mut published = issuers
        .iter()
        .filter(|issuer| issuer.recipe.key.is_published());
    let issuer = published.next()?;
    let next = source.secret(NEXT).and_then(|next| {
        let algorithm = algorithm(&issuer.recipe)?;
        let pem = next.expose_secret().replace("\\n", "\n");
        match Signer::from_pem(algorithm, &pem) {
            Ok(signer) => public_key(&signer, algorithm).ok(),
            Err(error) => {
                source.problem(NEXT, &error.to_string());
                None
            }
        }
    });
    Some(Published {
        issuer: http.login_origin.as_str().to_owned(),
        next,
    })
}

fn issuer(source: &Source, http: &HttpConfig, recipe: Recipe) -> Option<Issuer> {
    let label = &recipe.label;
    let mut settings = BTreeMap::new();
    for setting in &recipe.settings {
        let variable = &setting.variable;
        let value = source.public(variable).or_else(|| setting.default.clone());
        let rule = format!("be set, since the recipe of {label} needs it");
        let value = value.unwrap_or_else(|| source.required(variable, &rule));
        settings.insert(setting.name.clone(), value);
    }
    let variable = &recipe.key.variable;
    let file = source.text(&format!("{variable}_FILE")).map(PathBuf::from);
    let Some(secret) = source.secret(variable) else {
        source.problem(
            variable,
            &format!("or {variable}_FILE must be set, since the recipe of {label} needs the key"),
        );
        return None;
    };
    // Among the letters of a private key, a word of an example may be there by chance.
    if !recipe.key.is_pem() {
        reject_placeholder(source, variable, &secret, http);
    }
    source.register_signing_secret(variable, &secret);
    let keys = Keys::new(&secret, file, &recipe.key, &recipe.shape);
    match keys {
        Ok(keys) => {
            let issuer = Issuer {
                origin: http.login_origin.as_str().into(),
                recipe: Arc::new(recipe),
                settings: Arc::new(settings),
                keys: Arc::new(keys),
            };
            if !issuer.asks_safely(|url| is_safe(url, http)) {
                let name = issuer.recipe.name;
                let sentence =
                    format!("has the recipe {name}, whose request must go to an https URL");
                source.problem(RECIPES, &sentence);
            }
            Some(issuer)
        }
        Err(error) => {
            source.problem(variable, &error.to_string());
            None
        }
    }
}

#[cfg(test)]
mod tests;
