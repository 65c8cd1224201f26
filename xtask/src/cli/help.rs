//! Every command with its options, and the help texts.

use std::fmt::Write;

/// A command's name and arguments, what it does, and its options.
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) arguments: &'static str,
    pub(super) about: &'static str,
    pub(super) options: &'static [(&'static str, &'static str)],
}

const PORT: (&str, &str) = (
    "--port PORT",
    "Port of the site; the sandbox takes the two above it [default: 3000]",
);
const EPHEMERAL: (&str, &str) = ("--ephemeral", "Use a throw-away database");

const POSTGRES: (&str, &str) = (
    "--postgres",
    "Use PostgreSQL, which is started for it, instead of SQLite",
);

pub(super) const ENTRIES: [Entry; 11] = [
    Entry {
        name: "demo",
        arguments: "[OPTIONS]",
        about: "Build everything, start it with demo data and print its URLs",
        options: &[PORT, EPHEMERAL, POSTGRES],
    },
    Entry {
        name: "dev",
        arguments: "[OPTIONS]",
        about: "Run the demo; rebuild it and reload the browser whenever a file changes",
        options: &[PORT, EPHEMERAL, POSTGRES],
    },
    Entry {
        name: "test",
        arguments: "[OPTIONS] [FILTER]…",
        about: "Run every test: Rust, the size budget, and the browser tests",
        options: &[
            ("--no-browser", "Skip the browser tests"),
            (
                "FILTER",
                "Only Rust tests whose name contains it, and browser tests whose file does",
            ),
            (
                "removal [NAME]…",
                "Delete each vendor, or the named ones, from a copy of the workspace, and test what is left",
            ),
            (
                "providers [NAME]…",
                "Only sign users in through OpenID providers of other makes, or the named ones, after installing them",
            ),
            (
                "deploy [PART]…",
                "Only try the archive: its units, the proxies with a browser, the image, and a bare machine",
            ),
            (
                "dist",
                "Only build the archive in two clones, and compare the bytes",
            ),
            (
                "webkit [FILTER]…",
                "Only try the demo and the hand-off's truth table in WebKitGTK, if it is installed",
            ),
            (
                "monitoring",
                "Only run the dashboard's queries and the alerts with Debian's promtool, on a server's metrics",
            ),
        ],
    },
    Entry {
        name: "check",
        arguments: "",
        about: "Check format, lints and the tidy rules",
        options: &[],
    },
    Entry {
        name: "tidy",
        arguments: "[RULE]",
        about: "Check the tidy rules, or one by name; `layers` prints every import cycle",
        options: &[],
    },
    Entry {
        name: "build",
        arguments: "[--release]",
        about: "Build the server, the sandbox and the browser's files",
        options: &[(
            "--release",
            "Build for deployment: the optimized server, without the sandbox",
        )],
    },
    Entry {
        name: "dist",
        arguments: "[OPTIONS]",
        about: "Build the archive to deploy: static programs with everything inside, and samples for an operator",
        options: &[(
            "--target TARGET",
            "The Rust target [default: x86_64-unknown-linux-musl]",
        )],
    },
    Entry {
        name: "size",
        arguments: "",
        about: "Print the sizes of the browser's files and check the wasm against its budget",
        options: &[],
    },
    Entry {
        name: "remove-vendor",
        arguments: "NAME",
        about: "Delete a vendor that this fork does not use: its files, tests, settings and registrations",
        options: &[],
    },
    Entry {
        name: "drill",
        arguments: "[NAME] [OPTIONS]",
        about: "Do to a running server what disks, clocks, clients, vendors and mail servers do, and print what was lost",
        options: &[
            (
                "NAME",
                "kill, disk-full, log, locked, deleted, damaged, clock, idle, mute-mail, slow-vendor, restart, nodes or upgrade [default: all]",
            ),
            ("--from COMMIT", "The version that `upgrade` replaces"),
        ],
    },
    Entry {
        name: "bench",
        arguments: "[NAME] [OPTIONS]",
        about: "Run the benchmarks, or one by name, on an optimized build",
        options: &[
            (
                "start",
                "Time the first start on new clones of HEAD and of another commit",
            ),
            (
                "reload",
                "Time a changed line: `dev` on HEAD and `demo` on the other commit",
            ),
            (
                "postgres",
                "Compare credential endpoints with a bare server on PostgreSQL, and three servers with one",
            ),
            (
                "before",
                "Compare credentials and sign-ins with those of the other commit",
            ),
            ("growth", "Measure databases with more and more users"),
            (
                "import",
                "Measure the import and export of many users [default: 1000000]",
            ),
            (
                "counts",
                "Count the instructions of the hot ways by Valgrind; fail if there are more than committed",
            ),
            ("--users N,…", "How many [default: 10000,100000,1000000]"),
            ("--engine ENGINE", "Only sqlite or postgres"),
            ("--against COMMIT", "The other commit [default: 09769f4]"),
            ("--pairs N", "How many times to measure both [default: 3]"),
        ],
    },
];

impl Entry {
    pub(super) fn has(&self, option: &str) -> bool {
        self.options.iter().any(|(words, _)| {
            words
                .split(' ')
                .next()
                .and_then(|word| word.strip_prefix("--"))
                == Some(option)
        })
    }
}

pub(super) fn overview() -> String {
    let mut text = "Builds, starts and tests this workspace\n\n\
                    Usage: cargo xtask COMMAND\n\nCommands:\n"
        .to_owned();
    for Entry { name, about, .. } in &ENTRIES {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name:<15} {about}");
    }
    text.push_str("\n`cargo xtask COMMAND --help` lists a command's options.");
    text
}

pub(super) fn details(entry: &Entry) -> String {
    let mut text = format!("{}\n\n{}", entry.about, usage(entry));
    if !entry.options.is_empty() {
        text.push_str("\n\nOptions:");
    }
    for (words, about) in entry.options {
        let _ = write!(text, "\n  {words:<18} {about}");
    }
    text
}

pub(super) fn usage(entry: &Entry) -> String {
    let line = format!("Usage: cargo xtask {} {}", entry.name, entry.arguments);
    line.trim_end().to_owned()
}
