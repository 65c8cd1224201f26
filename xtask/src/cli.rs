//! The command line: every command, its options and its help.

use std::ffi::OsString;
use std::fmt::Write;

use anyhow::{Context, Result, bail};
use lexopt::{Arg, Parser, ValueExt};

use crate::{bench, demo, process, test};

/// A parsed command line.
#[derive(Debug)]
pub(crate) enum Command {
    Help(String),
    Demo(demo::Options),
    Dev(demo::Options),
    Test(test::Options),
    Check,
    Tidy {
        rule: Option<String>,
    },
    Build {
        release: bool,
    },
    Size,
    RemoveVendor {
        name: String,
    },
    Bench(bench::Options),
    Drill {
        name: Option<String>,
    },
    /// Internal: runs a program that ends when this one does.
    Guard {
        parent: u32,
        command: Vec<OsString>,
    },
}

/// A command's name and arguments, what it does, and its options.
struct Entry {
    name: &'static str,
    arguments: &'static str,
    about: &'static str,
    options: &'static [(&'static str, &'static str)],
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

const ENTRIES: [Entry; 10] = [
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
                "webkit [FILTER]…",
                "Only try the demo and the hand-off's truth table in WebKitGTK, if it is installed",
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
        arguments: "[NAME]",
        about: "Do to a running server what disks, clocks, clients, vendors and mail servers do, and print what was lost",
        options: &[(
            "NAME",
            "kill, disk-full, log, locked, deleted, damaged, clock, idle, mute-mail, slow-vendor or nodes [default: all]",
        )],
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
            ("before", "Compare them with those of the other commit"),
            ("--against COMMIT", "The other commit [default: 09769f4]"),
            ("--pairs N", "How many times to measure both [default: 3]"),
        ],
    },
];

/// Parses the command line; the first word is this program.
///
/// # Errors
/// If a word is unknown or missing; the message names it.
pub(crate) fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Command> {
    let mut parser = Parser::from_iter(words);
    let name = match parser.next()? {
        None | Some(Arg::Short('h') | Arg::Long("help")) => return Ok(Command::Help(overview())),
        Some(Arg::Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    if name == "help" {
        return Ok(Command::Help(overview()));
    }
    if name == process::GUARD {
        return guard(parser);
    }
    let entry = ENTRIES
        .iter()
        .find(|entry| entry.name == name)
        .with_context(|| {
            format!("There is no command {name:?}; `cargo xtask --help` lists all commands.")
        })?;
    let mut words = Words::default();
    while let Some(word) = parser.next()? {
        match word {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help(details(entry))),
            Arg::Long(option) if entry.has(option) => {
                let option = option.to_owned();
                words.take(&option, &mut parser)?;
            }
            Arg::Value(value) => words.values.push(value.string()?),
            other => return Err(other.unexpected()).with_context(|| usage(entry)),
        }
    }
    words.into_command(entry)
}

impl Entry {
    fn has(&self, option: &str) -> bool {
        self.options.iter().any(|(words, _)| {
            words
                .split(' ')
                .next()
                .and_then(|word| word.strip_prefix("--"))
                == Some(option)
        })
    }
}

/// The options and values of one command line.
#[derive(Default)]
struct Words {
    values: Vec<String>,
    flags: Vec<String>,
    port: Option<u16>,
    against: Option<String>,
    pairs: Option<u32>,
}

impl Words {
    fn take(&mut self, option: &str, parser: &mut Parser) -> Result<()> {
        match option {
            "port" => self.port = Some(parser.value()?.parse()?),
            "against" => self.against = Some(parser.value()?.string()?),
            "pairs" => self.pairs = Some(parser.value()?.parse()?),
            flag => self.flags.push(flag.to_owned()),
        }
        Ok(())
    }

    fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|given| given == flag)
    }

    fn into_command(self, entry: &Entry) -> Result<Command> {
        let most = match entry.name {
            "test" => usize::MAX,
            "bench" | "drill" | "remove-vendor" | "tidy" => 1,
            _ => 0,
        };
        if let Some(extra) = self.values.get(most) {
            bail!("{}: unexpected argument {extra:?}.", usage(entry));
        }
        let demo = demo::Options {
            port: self.port.unwrap_or(3000),
            ephemeral: self.has("ephemeral"),
            postgres: self.has("postgres"),
        };
        Ok(match entry.name {
            "demo" => Command::Demo(demo),
            "dev" => Command::Dev(demo),
            "test" => Command::Test(test::Options {
                no_browser: self.has("no-browser"),
                filters: self.values,
            }),
            "check" => Command::Check,
            "tidy" => Command::Tidy {
                rule: self.values.into_iter().next(),
            },
            "build" => Command::Build {
                release: self.has("release"),
            },
            "size" => Command::Size,
            "drill" => Command::Drill {
                name: self.values.into_iter().next(),
            },
            "remove-vendor" => Command::RemoveVendor {
                name: self
                    .values
                    .into_iter()
                    .next()
                    .with_context(|| usage(entry))?,
            },
            _ => Command::Bench(bench::Options {
                name: self.values.into_iter().next(),
                against: self.against.unwrap_or_else(|| bench::BASELINE.to_owned()),
                pairs: self.pairs.unwrap_or(3),
            }),
        })
    }
}

/// Everything after the parent's ID is another program's command line.
fn guard(mut parser: Parser) -> Result<Command> {
    let parent = parser.value()?.parse()?;
    let mut command: Vec<OsString> = parser.raw_args()?.collect();
    if command.first().is_some_and(|word| word == "--") {
        command.remove(0);
    }
    Ok(Command::Guard { parent, command })
}

fn overview() -> String {
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

fn details(entry: &Entry) -> String {
    let mut text = format!("{}\n\n{}", entry.about, usage(entry));
    if !entry.options.is_empty() {
        text.push_str("\n\nOptions:");
    }
    for (words, about) in entry.options {
        let _ = write!(text, "\n  {words:<18} {about}");
    }
    text
}

fn usage(entry: &Entry) -> String {
    let line = format!("Usage: cargo xtask {} {}", entry.name, entry.arguments);
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command> {
        parse(
            ["xtask"]
                .into_iter()
                .chain(line.split_whitespace())
                .map(OsString::from),
        )
    }

    fn help(line: &str) -> String {
        match parsed(line).unwrap() {
            Command::Help(text) => text,
            other => panic!("{line:?} is {other:?}"),
        }
    }

    #[test]
    fn every_command_is_listed_and_explains_its_options() {
        for entry in &ENTRIES {
            assert!(help("").contains(entry.about));
            let details = help(&format!("{} --help", entry.name));
            assert!(details.contains(entry.about), "{details}");
            for (words, _) in entry.options {
                assert!(details.contains(words), "{details}");
            }
        }
    }

    #[test]
    fn options_reach_their_command() {
        let Command::Demo(options) = parsed("demo --port=4000 --ephemeral").unwrap() else {
            panic!("not the demo")
        };
        assert!(options.port == 4000 && options.ephemeral);
        let Command::Test(options) = parsed("test --no-browser one two").unwrap() else {
            panic!("not the tests")
        };
        assert!(options.no_browser);
        assert_eq!(options.filters, ["one", "two"]);
        assert!(matches!(
            parsed("build --release").unwrap(),
            Command::Build { release: true }
        ));
    }

    #[test]
    fn unknown_words_are_named() {
        for (line, word) in [
            ("dmeo", "dmeo"),
            ("demo --release", "--release"),
            ("demo --port x", "\"x\""),
            ("check all", "\"all\""),
            ("remove-vendor", "NAME"),
        ] {
            let error = format!("{:#}", parsed(line).unwrap_err());
            assert!(error.contains(word), "{line}: {error}");
        }
    }

    #[test]
    fn a_guarded_program_keeps_its_own_options() {
        let Command::Guard { parent, command } = parsed("guard 7 -- cargo build --help").unwrap()
        else {
            panic!("not the guard")
        };
        assert_eq!(parent, 7);
        assert_eq!(command, ["cargo", "build", "--help"]);
    }
}
