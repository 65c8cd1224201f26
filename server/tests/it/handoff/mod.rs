//! The hand-off: the popup's pages, the opener's script, and the demo site that embeds both.

mod code;
mod consent;
mod opener;
mod popup;
mod renewal;
mod script;
mod site;
