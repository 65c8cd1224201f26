//! `latchkey recipe`.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use crate::{
    clock::Clock,
    vendors::recipes::{TrialUser, check, shipped_names, show, try_out},
};

/// The subcommands of `latchkey recipe`.
#[derive(Subcommand)]
pub enum RecipesCommand {
    /// Print the names of the shipped recipes
    List,
    /// Print what a recipe needs and the code to paste
    Show {
        /// The name of a shipped recipe, or the path of a file
        recipe: String,
    },
    /// Say what is wrong with recipes
    Check {
        /// Names of shipped recipes, or paths of files
        #[arg(required = true)]
        recipes: Vec<String>,
    },
    /// Make a credential for a made-up user with a key of no one, and print what is in it
    Try(TryArguments),
}

/// The arguments of `latchkey recipe try`.
#[derive(Args)]
pub struct TryArguments {
    /// The name of a shipped recipe, or the path of a file
    recipe: String,
    /// A parameter of the request, such as room=lobby
    #[arg(long = "param", value_name = "NAME=VALUE")]
    params: Vec<String>,
    /// A setting by its name in the recipe, such as rooms=lobby,hall
    #[arg(long = "setting", value_name = "NAME=VALUE")]
    settings: Vec<String>,
    /// An attribute of the user, such as plan=pro
    #[arg(long = "attribute", value_name = "NAME=VALUE")]
    attributes: Vec<String>,
    /// The user's ID
    #[arg(long, default_value = "0123456789abcdef0123456789abcdef")]
    id: String,
    /// The user's verified address
    #[arg(long, default_value = "dana@example.com")]
    email: String,
    /// The user's name
    #[arg(long, default_value = "Dana Demo")]
    name: String,
    /// The URL of the user's photo
    #[arg(long)]
    photo: Option<String>,
}

impl RecipesCommand {
    #[expect(clippy::print_stdout, reason = "the command's output")]
    pub(super) fn run(self) -> anyhow::Result<()> {
        match self {
            Self::List => shipped_names().for_each(|name| println!("{name}")),
            Self::Show { recipe } => print!("{}", show(&recipe)?),
            Self::Check { recipes } => check_all(&recipes)?,
            Self::Try(arguments) => arguments.run()?,
        }
        Ok(())
    }
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn check_all(recipes: &[String]) -> anyhow::Result<()> {
    let mut wrong = 0;
    for recipe in recipes {
        match check(recipe) {
            Ok(()) => println!("{recipe}: no mistakes"),
            Err(error) => {
                println!("{error}");
                wrong += 1;
            }
        }
    }
    match wrong {
        0 => Ok(()),
        1 => bail!("one recipe cannot be used"),
        _ => bail!("{wrong} recipes cannot be used"),
    }
}

impl TryArguments {
    #[expect(clippy::print_stdout, reason = "the command's output")]
    fn run(self) -> anyhow::Result<()> {
        let params = pairs("--param", &self.params)?;
        let user = TrialUser {
            id: self.id,
            email: self.email,
            name: self.name,
            photo: self.photo,
            attributes: pairs("--attribute", &self.attributes)?,
            settings: pairs("--setting", &self.settings)?,
        };
        let trial = try_out(&self.recipe, user, &params, Clock::system().now())?;
        if let Some([header, claims]) = trial.shown {
            println!("Header:\n{header}\nClaims:\n{claims}");
        }
        if let Some([url, body]) = trial.request {
            println!("Request to {url}, which was not sent:\n{body}");
        }
        println!(
            "Response:\n{}\nMade with this key of no one:\n{}",
            trial.response,
            trial.key.trim_end()
        );
        Ok(())
    }
}

/// The names and values of options such as `--param NAME=VALUE`.
fn pairs(option: &str, texts: &[String]) -> anyhow::Result<BTreeMap<String, String>> {
    let pair = |text: &String| {
        let (name, value) = text
            .split_once('=')
            .with_context(|| format!("{option} must be NAME=VALUE"))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    texts.iter().map(pair).collect()
}
