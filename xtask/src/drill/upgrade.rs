//! An upgrade: servers of another version are replaced by those of this one while users do everything. On one PostgreSQL,
//! both versions run side by side while the first new server migrates the schema; on one file, one follows the other.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use super::Report;
use super::cluster::Cluster;
use super::crowd::Crowd;
use super::nginx::Nginx;
use super::nodes::NODES;
use super::stage::Stage;
use crate::assets::Profile;
use crate::bench::clone;
use crate::postgres::{Durability, Postgres};
use crate::programs::binary;
use crate::{demo, repo, tools};

/// The version before: the commit before the newest migration. Move it with every migration. It is a commit, since a clone
/// may lack tags.
pub(super) const PREVIOUS: &str = "7d60d40818a2";

/// How long servers of both versions run side by side before and after one is replaced.
const SIDE_BY_SIDE: Duration = Duration::from_secs(3);

const MIGRATIONS: &str = "migrations";

/// The programs of both versions.
struct Versions {
    old: PathBuf,
    new: PathBuf,
    /// Whether the new version migrates the schema.
    migrates: bool,
}

pub(super) fn run(stage: &mut Stage) -> Result<Report> {
    let commit = commit(&stage.previous)?;
    let versions = Versions {
        old: server_of(&commit)?,
        new: binary("latchkey")?,
        migrates: migrations_of(&commit)? != migrations()?,
    };
    stage.hash_cheaply();
    stage.trust_nginx();
    let mut report = Report::default();
    println!("  One file:");
    versions.replace(stage, 1, &mut report)?;
    println!("  PostgreSQL:");
    let postgres = Postgres::temporary(Durability::Durable)?;
    stage.settings.set("DATABASE_URL", postgres.url());
    versions.replace(stage, NODES, &mut report)?;
    Ok(report)
}

impl Versions {
    /// Replaces so many old servers by new ones, one after the other, and one of them by an old one again.
    fn replace(&self, stage: &Stage, count: usize, report: &mut Report) -> Result<()> {
        let _sandbox = demo::start_sandbox(&stage.settings, stage.ports)?;
        let mut servers = Cluster::start(&self.old, &stage.settings, count)?;
        let nginx = Nginx::start(stage.ports.site, &servers.ports)?;
        let mut crowd = Crowd::new(stage.client());
        for index in 0..count {
            crowd.during(report, || {
                thread::sleep(SIDE_BY_SIDE);
                servers.replace(index, &self.new)?;
                thread::sleep(SIDE_BY_SIDE);
                Ok(())
            })?;
            report.expect(servers.are_ready(), "a server of one version is not ready");
            report.tries += 1;
        }
        let mut refusal = None;
        crowd.during(report, || {
            if self.migrates {
                refusal = servers.refusal(0, &self.old)?;
                return servers.replace(0, &self.new);
            }
            servers.replace(0, &self.old)?;
            thread::sleep(SIDE_BY_SIDE);
            Ok(())
        })?;
        report.expect(
            refusal.is_some() == self.migrates,
            "the old version starts on the new schema",
        );
        report.tries += 1;
        crowd.finish(report);
        nginx.check(report, &[])
    }
}

/// The server's program of a commit. It is built once and kept in the target folder.
fn server_of(commit: &str) -> Result<PathBuf> {
    let kept = repo::target()?.join("upgrade").join(commit);
    if kept.is_file() {
        return Ok(kept);
    }
    println!("• Building the server of {commit}");
    let clone = clone::Clone::new(commit, "upgrade")?;
    let built = clone.build_server(Profile::Dev)?;
    repo::create_folder(kept.parent().unwrap_or(Path::new(".")))?;
    fs::copy(built, &kept).with_context(|| format!("Cannot write {}.", kept.display()))?;
    Ok(kept)
}

/// The whole id of a commit.
fn commit(name: &str) -> Result<String> {
    let id = git(&["rev-parse", "--verify", &format!("{name}^{{commit}}")]);
    let id = id.with_context(|| {
        format!("Git does not know {name}; fetch it, or name another with --from.")
    })?;
    Ok(id.trim().to_owned())
}

/// The files of the migrations of a commit.
fn migrations_of(commit: &str) -> Result<Vec<String>> {
    let list = git(&["ls-tree", "--name-only", commit, &format!("{MIGRATIONS}/")])?;
    Ok(list.lines().map(str::to_owned).collect())
}

/// The files of the migrations of this version.
fn migrations() -> Result<Vec<String>> {
    let files = repo::entries(&repo::root().join(MIGRATIONS))?;
    let names = files.iter().filter_map(|file| file.file_name()?.to_str());
    Ok(names.map(|name| format!("{MIGRATIONS}/{name}")).collect())
}

fn git(arguments: &[&str]) -> Result<String> {
    tools::output(
        Command::new("git")
            .args(arguments)
            .current_dir(repo::root()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_before_lacks_the_newest_migration_at_most() {
        let Ok(commit) = commit(PREVIOUS) else {
            eprintln!("this clone lacks {PREVIOUS}: nothing to test");
            return;
        };
        let (old, new) = (migrations_of(&commit).unwrap(), migrations().unwrap());
        assert!(
            new.starts_with(&old),
            "{old:?} are not the first of {new:?}"
        );
        assert!(
            new.len() - old.len() <= 1,
            "move PREVIOUS to the commit before {:?}",
            new.last()
        );
    }
}
