//! `cargo xtask`: the workspace's own commands, so that nothing but Rust has to be installed first.
//! The commands are listed here; what each does is in the module of its name.

mod assets;
mod bench;
mod check;
mod demo;
mod http_probe;
mod ports;
mod process;
mod removal;
mod repo;
mod settings;
mod test;
mod tidy;
mod tools;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Builds, starts and tests this workspace"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything, start it with demo data and print where it answers
    Demo(demo::Options),
    /// Run every test: Rust, the size budget, and the browser tests
    Test(test::Options),
    /// Check format, lints and the tidy rules
    Check,
    /// Check the tidy rules, or one by name; `layers` prints every circle of imports
    Tidy { rule: Option<String> },
    /// Build the browser's files, the server and the sandbox
    Build,
    /// Print the sizes of the browser's files and hold the wasm to its budget
    Size,
    /// Delete a vendor that this fork does not use: its files, tests, settings and lines in the registries
    RemoveVendor { name: String },
    /// Run the benchmarks, or one by name, on an optimized build
    Bench { name: Option<String> },
    /// Run a program that ends when this one does
    #[command(hide = true, name = process::GUARD)]
    Guard {
        parent: u32,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        command: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Demo(options) => demo::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Check => check::run(),
        Command::Tidy { rule } => tidy::run(rule.as_deref()),
        Command::Build => assets::build_all().map(drop),
        Command::Size => assets::print_sizes(),
        Command::RemoveVendor { name } => removal::run(&name),
        Command::Bench { name } => bench::run(name.as_deref()),
        Command::Guard { parent, command } => process::guard(parent, &command),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}
