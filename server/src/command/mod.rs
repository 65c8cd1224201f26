//! What the program can be told to do.

mod chat_box;
mod serve;

use clap::Subcommand;

/// The subcommands of `latchkey`.
#[derive(Subcommand)]
pub enum Command {
    /// Serve (the default)
    Serve,
    /// List, add or remove the chat boxes that may open the login
    #[command(subcommand)]
    ChatBox(chat_box::ChatBoxCommand),
}

impl Command {
    /// Runs the command to its end.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Serve => serve::run().await,
            Self::ChatBox(command) => command.run().await,
        }
    }
}
