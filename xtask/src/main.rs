//! `cargo xtask`: the workspace's commands, which need nothing but Rust. The command line is in [`cli`]; each
//! command is in the module of its name.

mod anonymous;
mod assets;
mod bench;
mod browsers;
mod check;
mod cli;
mod demo;
mod deploy;
mod dev;
mod dist;
mod drill;
mod http_probe;
mod monitoring;
mod postgres;
mod process;
mod programs;
mod providers;
mod removal;
mod repo;
mod steps;
mod test;
mod tidy;
mod tools;
mod webkit;

use std::process::ExitCode;

use anyhow::Result;
use cli::Command;

fn main() -> ExitCode {
    match cli::parse(std::env::args_os()).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Help(text) => {
            println!("{text}");
            Ok(())
        }
        Command::Demo(options) => demo::run(&options),
        Command::Dev(options) => dev::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Check => check::run(),
        Command::Tidy { rule } => tidy::run(rule.as_deref()),
        Command::Build { release } => build(release),
        Command::Size => assets::print_sizes(),
        Command::RemoveVendor { name } => removal::run(&name),
        Command::Dist { target } => dist::run(&target),
        Command::Bench(options) => bench::run(&options),
        Command::Drill(options) => drill::run(&options),
        Command::Guard { parent, command } => process::guard(parent, &command),
    }
}

fn build(release: bool) -> Result<()> {
    process::listen_for_stop()?;
    if release {
        assets::build_release()
    } else {
        assets::build_all().map(drop)
    }
}
