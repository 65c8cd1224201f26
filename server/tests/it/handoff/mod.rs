//! The hand-off: the popup's pages, the opener's script, and the demo site that embeds both.

mod consent;
mod opener;
mod popup;
mod script;
mod site;
