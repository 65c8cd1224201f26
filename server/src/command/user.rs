//! `latchkey user`.

mod import;

use anyhow::{Context, anyhow};
use clap::Subcommand;

use crate::{
    accounts::{Account, AccountDetails, AccountManager, Email, Profile},
    clock::Clock,
    startup::Config,
};

/// The subcommands of `latchkey user`. A user is named by address or ID.
#[derive(Subcommand)]
pub enum UserCommand {
    /// Print users in the order of their addresses
    List {
        /// Begin after this address
        #[arg(long)]
        after: Option<String>,
        /// How many to print at most
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Print an account, its sign-in methods and how many sessions it has
    Show {
        /// The address or ID of the user
        user: String,
    },
    /// Add a user and print the link with which they choose a password
    Add {
        /// The address, which you know to be theirs: no mail confirms it
        email: String,
        /// The name that others see
        #[arg(long)]
        name: String,
    },
    /// Keep a user from signing in, and end all their sessions
    Disable {
        /// The address or ID of the user
        user: String,
    },
    /// Let a disabled user sign in again
    Enable {
        /// The address or ID of the user
        user: String,
    },
    /// End all sessions of a user
    SignOut {
        /// The address or ID of the user
        user: String,
    },
    /// Delete a user and everything that belongs to the account; in the audit log, a pseudonym takes the user's place
    Delete {
        /// The address or ID of the user
        user: String,
    },
    /// Add the users of a file, with the password hashes of the system that they come from
    Import(import::ImportArguments),
    /// Print all users with their password hashes, one JSON object a line
    Export,
    /// Print a link with which a user chooses a new password; it works once, for an hour
    ResetLink {
        /// The address or ID of the user
        user: String,
    },
}

impl UserCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let config = Config::load()?;
        let database = config.database.open().await?;
        let login = config.http.login_origin.clone();
        let manager = AccountManager::new(database.clone(), Clock::system(), login);
        let outcome = match self {
            Self::Import(arguments) => arguments.run(&database, &config.accounts.passwords).await,
            Self::Export => import::export(&database).await,
            other => other.run_with(&manager).await,
        };
        database.close().await;
        outcome
    }

    async fn run_with(self, manager: &AccountManager) -> anyhow::Result<()> {
        match self {
            Self::List { after, limit } => {
                let after = after.as_deref().map(email).transpose()?;
                for account in manager.list(after.as_ref(), limit).await? {
                    print_line(&account);
                }
            }
            Self::Show { user } => print_details(&manager.show(&user).await?),
            Self::Add { email: text, name } => {
                let profile = Profile::parse(&name, "").map_err(|_| {
                    anyhow!("the name must be one line of visible characters, and not too long")
                })?;
                print_link(&manager.add(&email(&text)?, &profile).await?);
            }
            Self::Disable { user } => manager.disable(&user).await?,
            Self::Enable { user } => manager.enable(&user).await?,
            Self::SignOut { user } => manager.sign_out(&user).await?,
            Self::Delete { user } => manager.delete(&user).await?,
            Self::ResetLink { user } => print_link(&manager.reset_link(&user).await?),
            Self::Import(_) | Self::Export => {}
        }
        Ok(())
    }
}

fn email(text: &str) -> anyhow::Result<Email> {
    Email::parse(text)
        .ok()
        .with_context(|| format!("{text} is not an email address"))
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn print_line(account: &Account) {
    let state = if account.disabled_at.is_some() {
        "  disabled"
    } else {
        ""
    };
    println!(
        "{}  {}  {}{state}",
        account.id, account.email, account.display_name
    );
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn print_details(details: &AccountDetails) {
    let AccountDetails {
        account,
        identities,
        sessions,
    } = details;
    let date = |at: crate::clock::Timestamp| at.date().unwrap_or_default();
    println!("ID        {}", account.id);
    println!("Address   {}", account.email);
    println!("Name      {}", account.display_name);
    println!("Created   {}", date(account.created_at));
    if let Some(at) = account.disabled_at {
        println!("Disabled  {}", date(at));
    }
    println!(
        "Password  {}",
        if account.has_password { "yes" } else { "no" }
    );
    for identity in identities {
        println!(
            "Linked    {} {:?}",
            identity.provider,
            identity.label.as_deref().unwrap_or_default()
        );
    }
    println!("Sessions  {sessions}");
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn print_link(link: &str) {
    println!("{link}");
}
