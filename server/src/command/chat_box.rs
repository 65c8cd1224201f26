//! `latchkey chat-box`.

use clap::Subcommand;

use crate::{
    clock::Clock,
    handoff::{ChatBox, Handoffs},
    startup::Config,
};

/// The subcommands of `latchkey chat-box`.
#[derive(Subcommand)]
pub enum ChatBoxCommand {
    /// Print every chat box with its origins
    List,
    /// Add a chat box, or replace the one with the same ID
    Add {
        /// The vendor's ID of the chat box
        id: String,
        /// The name under which users know it
        #[arg(long)]
        name: String,
        /// An origin whose pages embed it, such as https://www.example.com; may be repeated
        #[arg(long = "origin", required = true)]
        origins: Vec<String>,
        /// The page to which the login redirects if it cannot reach the page that opened it
        #[arg(long)]
        return_url: String,
    },
    /// Remove a chat box
    Remove {
        /// The ID of the chat box
        id: String,
    },
}

impl ChatBoxCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let config = Config::load()?;
        let database = config.database.open().await?;
        let handoffs = Handoffs::new(database.clone(), Clock::system(), &config.http);
        match self {
            Self::List => list(&handoffs).await?,
            Self::Add {
                id,
                name,
                origins,
                return_url,
            } => {
                handoffs
                    .save(&ChatBox::new(&id, &name, &origins, &return_url)?)
                    .await?;
            }
            Self::Remove { id } => {
                anyhow::ensure!(handoffs.remove(&id).await?, "there is no chat box {id}");
            }
        }
        database.close().await;
        Ok(())
    }
}

#[expect(clippy::print_stdout, reason = "the command's output")]
async fn list(handoffs: &Handoffs) -> anyhow::Result<()> {
    for chat_box in handoffs.all().await? {
        let origins: Vec<&str> = chat_box
            .origins
            .iter()
            .map(|origin| origin.as_str())
            .collect();
        println!(
            "{}  {}  {}  {}",
            chat_box.id,
            chat_box.name,
            origins.join(" "),
            chat_box.return_url
        );
    }
    Ok(())
}
