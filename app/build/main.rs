//! Generates what only the server needs; the wasm has no texts.

#[cfg(feature = "ssr")]
mod catalogue;

#[cfg(not(feature = "ssr"))]
mod catalogue {
    pub(crate) fn generate() -> Result<(), Box<dyn std::error::Error>> {
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build");
    catalogue::generate()
}
