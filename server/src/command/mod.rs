//! The subcommands of `latchkey`.

mod audit;
mod backup;
mod chat_box;
mod config;
mod demo;
mod doctor;
mod health;
mod migrate;
mod probe;
mod recipes;
mod serve;
mod user;

use clap::Subcommand;

use crate::startup::Config;

/// The subcommands of `latchkey`.
#[derive(Subcommand)]
pub enum Command {
    /// Serve (the default)
    Serve,
    /// Run the whole demo: this server with demo data, and the sandbox, which stands in for vendors and providers
    Demo(demo::DemoArguments),
    /// Succeed if the server that runs with these settings is ready
    Health,
    /// Move the deployment to another database; without options, migrate the schema of DATABASE_URL
    Migrate(migrate::MigrateArguments),
    /// Write a copy of the database to a file, while servers run
    Backup(backup::BackupArguments),
    /// Put a backup in the place of the database, on which no server runs
    Restore(backup::RestoreArguments),
    /// Check the settings
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Look for mistakes in the settings, the parts and the pages of a deployment
    Doctor(doctor::DoctorArguments),
    /// List, add or remove the chat boxes that may open the login
    #[command(subcommand)]
    ChatBox(chat_box::ChatBoxCommand),
    /// Print the audit log
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// List, show, check and try recipes of vendors
    #[command(subcommand, name = "recipe", alias = "recipes")]
    Recipes(recipes::RecipesCommand),
    /// List, show, add, import, export, disable, enable, sign out or delete users, or help them to a new password
    #[command(subcommand)]
    User(user::UserCommand),
}

impl Command {
    /// What is logged unless `RUST_LOG` says otherwise.
    pub fn log_filter(&self) -> &'static str {
        match self {
            // Its table is what matters.
            Self::Demo(_) => "warn,tower_sessions=error",
            _ => "info,tower_sessions=error",
        }
    }

    /// Runs the command.
    ///
    /// # Errors
    /// If the command fails; the message is for the operator.
    pub async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Serve => serve::run(&Config::load()?).await,
            Self::Demo(arguments) => arguments.run().await,
            Self::Health => health::run().await,
            Self::Migrate(arguments) => arguments.run().await,
            Self::Backup(arguments) => arguments.run().await,
            Self::Restore(arguments) => arguments.run().await,
            Self::Config(command) => command.run(),
            Self::Doctor(arguments) => arguments.run().await,
            Self::ChatBox(command) => command.run().await,
            Self::Audit(command) => command.run().await,
            Self::Recipes(command) => command.run(),
            Self::User(command) => command.run().await,
        }
    }
}
