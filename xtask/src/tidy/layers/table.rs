//! The layers of server and sandbox. A fork that adds a folder adds it here.

/// The layers of one crate, and what its folders may name.
pub(super) struct House {
    /// Where its files are.
    pub(super) root: &'static str,
    /// From top to bottom; a file may import from its own layer and from those below. An entry is a file or a folder,
    /// and the longest that fits a file decides; `*` is every folder without an entry, such as those of the vendors.
    pub(super) layers: &'static [&'static [&'static str]],
    /// Crates that only these files and folders may name.
    pub(super) reserved: &'static [Reserved],
    /// Folders whose files may import each other in larger circles.
    pub(super) entwined: &'static [&'static str],
}

/// Crates that belong to some folders.
pub(super) struct Reserved {
    pub(super) crates: &'static [&'static str],
    /// `*store` is every file whose name ends so.
    pub(super) folders: &'static [&'static str],
}

pub(super) const HOUSES: [House; 2] = [SERVER, SANDBOX];

const SERVER: House = House {
    root: "server/src",
    layers: &[
        &["main", "lib", "command"],
        &["startup", "serve", "sweeper", "demo"],
        &["web"],
        &["oauth", "mailer"],
        &["vendors"],
        &["handoff"],
        &["accounts"],
        &["session", "limits", "mail"],
        &["database"],
        &["config", "http", "clock", "random", "jwt", "outbound"],
    ],
    reserved: &[
        Reserved {
            crates: &["axum", "leptos", "leptos_axum"],
            folders: &["web", "vendors", "serve"],
        },
        Reserved {
            crates: &["http"],
            folders: &["http", "session", "oauth/client"],
        },
        Reserved {
            crates: &["tower_sessions"],
            folders: &["web", "vendors/cookies", "session", "http"],
        },
        Reserved {
            crates: &["sqlx"],
            folders: &["database", "*store"],
        },
    ],
    entwined: &["web"],
};

const SANDBOX: House = House {
    root: "sandbox/src",
    layers: &[
        &["main", "lib"],
        &["startup", "config", "router", "landing"],
        &["services"],
        &["*"],
        &["running"],
        &["service", "pages", "widgets", "people"],
        &[
            "address",
            "body",
            "clock",
            "headers",
            "history",
            "jwt",
            "listen",
            "lock",
            "origin",
            "oversized",
            "parameters",
            "random",
            "rsa_keys",
            "secret",
            "switches",
        ],
    ],
    reserved: &[],
    entwined: &[],
};
