//! `latchkey config`.

use clap::Subcommand;

use crate::{config::Source, startup::Config};

/// The subcommands of `latchkey config`.
#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Print every setting that is read, without secrets, or what is wrong with them
    Check,
}

impl ConfigCommand {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let Self::Check = self;
        let source = Source::new(std::env::vars()).with_named_file();
        Config::from_source(&source)?;
        print(&source);
        Ok(())
    }
}

/// As in a file of variables: those that are not set are comments.
#[expect(clippy::print_stdout, reason = "the command's output")]
fn print(source: &Source) {
    for (name, value) in source.used() {
        match value {
            Some(value) => println!("{name}={value}"),
            None => println!("# {name} is not set"),
        }
    }
    for name in source.unknown_names() {
        println!("# {name} has no effect: it does not exist, or its feature is off");
    }
}
