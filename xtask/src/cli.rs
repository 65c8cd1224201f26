//! The command line: every command, its options and its help.

mod help;

use std::ffi::OsString;

use anyhow::{Context, Result, bail};
use lexopt::{Arg, Parser, ValueExt};

use self::help::{ENTRIES, Entry, details, overview, usage};
use crate::{bench, demo, dist, drill, process, test};

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
    Dist {
        target: String,
    },
    Bench(bench::Options),
    Drill(drill::Options),
    /// Internal: runs a program that ends when this one does.
    Guard {
        parent: u32,
        command: Vec<OsString>,
    },
}

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

/// The options and values of one command line.
#[derive(Default)]
struct Words {
    values: Vec<String>,
    flags: Vec<String>,
    port: Option<u16>,
    against: Option<String>,
    from: Option<String>,
    pairs: Option<u32>,
    users: Option<String>,
    engine: Option<String>,
    target: Option<String>,
}

impl Words {
    fn take(&mut self, option: &str, parser: &mut Parser) -> Result<()> {
        match option {
            "port" => self.port = Some(parser.value()?.parse()?),
            "against" => self.against = Some(parser.value()?.string()?),
            "from" => self.from = Some(parser.value()?.string()?),
            "pairs" => self.pairs = Some(parser.value()?.parse()?),
            "users" => self.users = Some(parser.value()?.string()?),
            "target" => self.target = Some(parser.value()?.string()?),
            "engine" => self.engine = Some(parser.value()?.string()?),
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
            "dist" => Command::Dist {
                target: self.target.unwrap_or_else(|| dist::TARGET.to_owned()),
            },
            "drill" => Command::Drill(drill::Options {
                name: self.values.into_iter().next(),
                from: self.from,
            }),
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
                users: self.users,
                engine: self.engine,
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
        let Command::Drill(drill) = parsed("drill upgrade --from v1").unwrap() else {
            panic!("not the drills")
        };
        assert_eq!(drill.from.as_deref(), Some("v1"));
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
