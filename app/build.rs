//! Turns the text catalogues, `locales/<locale>.json`, into checked code.
//!
//! `leptos_i18n_build` does the same, but brings an ICU data downloader along that nothing here needs.

use std::{env, error::Error, fs, path::Path};

use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};

/// Decides which texts exist; every other catalogue must have the same.
const DEFAULT_LOCALE: &str = "en";

#[expect(
    clippy::disallowed_methods,
    reason = "Cargo names the place in the environment"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");

    let options = ParseOptions::new().interpolate_display(true);
    let config = Config::new(DEFAULT_LOCALE)?
        .add_locales(other_locales()?)?
        .parse_options(options);
    let catalogues = parse_locales(None, config)?;
    // A text that one catalogue lacks is only a warning to the library; here it stops the build.
    for warning in catalogues.diag.warnings().iter() {
        println!("cargo::error={warning}");
    }
    for error in catalogues.diag.errors().iter() {
        println!("cargo::error={error}");
    }

    let code = leptos_i18n_codegen::gen_code(&catalogues, None, false, None, false)?;
    let target = Path::new(&env::var("OUT_DIR")?).join("i18n.rs");
    fs::write(target, code.to_string())?;
    Ok(())
}

/// One for every other file, in a stable order.
fn other_locales() -> Result<Vec<String>, Box<dyn Error>> {
    let mut locales = Vec::new();
    for entry in fs::read_dir("locales")? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|stem| stem.to_str());
        locales.extend(
            name.filter(|name| *name != DEFAULT_LOCALE)
                .map(str::to_owned),
        );
    }
    locales.sort();
    Ok(locales)
}
