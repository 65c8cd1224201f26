//! The layers of server and sandbox. If you add a folder, add it here.

/// The layers of a crate, and the crates that its folders may name.
pub(super) struct CrateRules {
    /// The folder of the crate's source files.
    pub(super) root: &'static str,
    /// From top to bottom; a file may import from its own layer and from those below. An entry is a file or a
    /// folder; if several match a file, the longest decides. `*` matches every folder without an entry, such
    /// as those of vendors.
    pub(super) layers: &'static [&'static [&'static str]],
    /// Crates that only these files and folders may name.
    pub(super) reserved: &'static [Reserved],
    /// Folders whose files may form larger import cycles.
    pub(super) cycles_allowed: &'static [&'static str],
}

/// Crates that only some folders may name.
pub(super) struct Reserved {
    pub(super) crates: &'static [&'static str],
    pub(super) folders: &'static [&'static str],
}

pub(super) const CRATES: [CrateRules; 2] = [SERVER, SANDBOX];

const SERVER: CrateRules = CrateRules {
    root: "server/src",
    layers: &[
        &["main", "lib", "command", "allocator"],
        &["startup", "serve", "sweeper", "demo", "doctor"],
        &["web"],
        &["oauth", "mailer"],
        &["vendors"],
        &["handoff"],
        &["accounts"],
        &["session", "limits", "mail", "audit"],
        &["database"],
        &[
            "config", "http", "clock", "random", "seal", "json", "jwt", "log", "metrics",
            "outbound", "signing", "workers",
        ],
    ],
    reserved: &[
        Reserved {
            crates: &["axum", "leptos", "leptos_axum"],
            folders: &["web", "vendors", "serve"],
        },
        Reserved {
            crates: &["http"],
            folders: &[
                "http",
                "session",
                "audit/uses",
                "oauth/client",
                "oauth/exchange",
            ],
        },
        Reserved {
            crates: &["tower_sessions"],
            folders: &["web", "vendors/cookies", "session", "http"],
        },
        Reserved {
            crates: &["sqlx"],
            folders: &["database"],
        },
    ],
    cycles_allowed: &["web"],
};

const SANDBOX: CrateRules = CrateRules {
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
    cycles_allowed: &[],
};
