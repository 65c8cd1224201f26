//! The subcommands of `latchkey`.

mod chat_box;
mod demo;
mod health;
mod migrate;
mod probe;
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
    /// List, add or remove the chat boxes that may open the login
    #[command(subcommand)]
    ChatBox(chat_box::ChatBoxCommand),
    /// List, show, add, disable, enable or sign out users, or help them to a new password
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
            Self::ChatBox(command) => command.run().await,
            Self::User(command) => command.run().await,
        }
    }
}
