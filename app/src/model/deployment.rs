//! What all pages of a deployment share.

use serde::Deserialize;

/// Settings shared by all pages of a deployment.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// What hydrates the islands. Without it, pages stay plain HTML.
    pub frontend: Option<Frontend>,
    /// File name, in `/pkg/`, of the stylesheet of every page.
    pub css: Option<String>,
    /// File name, in `/pkg/`, of the stylesheet that the demo site's pages need beside it.
    pub site_css: Option<String>,
    /// File name, below `/pkg/`, of the script that reloads pages of a site in development.
    pub reload: Option<String>,
    /// Origin of the site that embeds the widgets.
    pub site_origin: String,
    /// The demo's mailbox; `None` in production.
    pub mailbox_url: Option<String>,
    /// Whether to show the demo accounts on the login page.
    pub demo: bool,
    /// Identity providers, in the order of their buttons.
    pub providers: Vec<ProviderButton>,
    /// Minimum and maximum length of a new password, in code points.
    pub password_length: (usize, usize),
}

/// The built islands. Both are the same unless they are built for deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frontend {
    /// Every island.
    pub all: Bundle,
    /// Those of the login's pages, which visitors load first.
    pub login: Bundle,
}

/// File names of some islands' script and wasm in `/pkg/`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Bundle {
    pub script: String,
    pub wasm: String,
}

/// An identity provider to sign in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderButton {
    /// Its name in URLs: `/oauth/<name>/start`.
    pub name: String,
    /// Its display name.
    pub label: String,
}
