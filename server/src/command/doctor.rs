//! `latchkey doctor`.

use anyhow::bail;
use clap::{Args, ValueEnum};
use url::Url;

use crate::{
    doctor::{Finding, Level, examine},
    startup::Config,
};

/// The arguments of `latchkey doctor`.
#[derive(Args)]
pub struct DoctorArguments {
    /// Request the pages from this URL instead of the origins, such as that of the proxy from inside
    #[arg(long)]
    url: Option<Url>,
    /// Sentences for people, or a JSON array for programs
    #[arg(long, value_enum, default_value_t = FormatArgument::Text)]
    format: FormatArgument,
}

/// The formats of the report.
#[derive(Clone, Copy, ValueEnum)]
pub enum FormatArgument {
    Text,
    Json,
}

impl DoctorArguments {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let findings = examine(&Config::load()?, self.url.as_ref()).await?;
        print(&findings, self.format)?;
        let problems = findings.iter().filter(|it| it.level == Level::Problem);
        match problems.count() {
            0 => Ok(()),
            1 => bail!("there is a problem"),
            problems => bail!("there are {problems} problems"),
        }
    }
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn print(findings: &[Finding], format: FormatArgument) -> anyhow::Result<()> {
    match format {
        FormatArgument::Json => println!("{}", serde_json::to_string_pretty(findings)?),
        FormatArgument::Text => {
            for finding in findings {
                println!("{finding}");
            }
        }
    }
    Ok(())
}
