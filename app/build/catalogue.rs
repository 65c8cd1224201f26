//! Generates checked code from the text catalogues, `locales/<locale>.json`.
//!
//! `leptos_i18n_build` does the same, but depends on an ICU data downloader that isn't needed here.

use std::{env, error::Error, fs, path::Path};

use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};

/// The reference catalogue; every other one must have the same keys.
const DEFAULT_LOCALE: &str = "en";

/// Writes `i18n.rs` to Cargo's output folder. A text that a catalogue lacks fails the build.
#[expect(
    clippy::disallowed_methods,
    reason = "Cargo names the place in the environment"
)]
pub(crate) fn generate() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");

    let options = ParseOptions::new().interpolate_display(true);
    let config = Config::new(DEFAULT_LOCALE)?
        .add_locales(other_locales()?)?
        .parse_options(options);
    let catalogues = parse_locales(None, config)?;
    // The library only warns about a text that a catalogue lacks; fail the build instead.
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

/// The other catalogues, in a stable order.
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
