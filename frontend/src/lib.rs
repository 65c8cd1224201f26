//! The wasm that brings the islands to life.

// Nothing here calls the islands: the page does, by the names they export.
use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Prepares the page for its islands; the boot script then calls each one.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
