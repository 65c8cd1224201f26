//! Generates what only the server needs; the wasm has no texts.

#[cfg(feature = "ssr")]
mod catalogue;
#[cfg(not(feature = "ssr"))]
mod no_catalogue;

#[cfg(feature = "ssr")]
use catalogue::generate;
#[cfg(not(feature = "ssr"))]
use no_catalogue::generate;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build");
    generate()
}
