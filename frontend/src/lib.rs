//! The wasm that hydrates the islands.

// Links the islands, which the boot script calls by their exported names.
use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Sets up hydration; the boot script then calls each island.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
