//! The system's PostgreSQL: where its programs are, and how commands and tests run them on data of their own.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io};

/// The user who runs PostgreSQL, which refuses to run as root, and PostgreSQL's own superuser. Debian's package creates
/// the former.
pub const USER: &str = "postgres";

/// Where Debian puts the programs, in a folder for each version; they are not in the PATH.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder of PostgreSQL's programs.
#[derive(Debug, Clone)]
pub struct Programs(PathBuf);

impl Programs {
    /// The newest ones of Debian, or else those in the PATH; `None` if PostgreSQL is not installed.
    pub fn find() -> Option<Self> {
        let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
        let versions = versions.map(|version| version.path().join("bin"));
        let path = path().unwrap_or_default();
        newest(versions.collect(), env::split_paths(&path)).map(Self)
    }

    /// One of the programs, as a user who may run it.
    pub fn command(&self, name: &str) -> Command {
        as_user(&self.0.join(name))
    }

    /// Creates the files of a new server, with the superuser [`USER`], in a folder that this user may create.
    ///
    /// # Errors
    /// If the program cannot be started or fails; the error has what it said.
    pub fn create(&self, data: &Path) -> io::Result<()> {
        let mut initdb = self.command("initdb");
        initdb
            .args(["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"])
            .args(["--username", USER, "--no-instructions", "-D"])
            .arg(data);
        let output = initdb.output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(io::Error::other(
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ))
    }

    /// The server for these files, on a port of this machine and a socket in a folder, with these settings.
    pub fn server<'a>(
        &self,
        data: &Path,
        port: u16,
        socket: &Path,
        settings: impl IntoIterator<Item = &'a str>,
    ) -> Command {
        let mut server = self.command("postgres");
        server.arg("-D").arg(data);
        server.args(["-c", "listen_addresses=127.0.0.1"]);
        server.args(["-c", &format!("port={port}")]);
        server.args([
            "-c",
            &format!("unix_socket_directories={}", socket.display()),
        ]);
        for setting in settings {
            server.args(["-c", setting]);
        }
        server
    }

    /// Whether the server on a port accepts connections.
    pub fn is_ready(&self, port: u16) -> bool {
        let mut program = self.command("pg_isready");
        program.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
        program.status().is_ok_and(|status| status.success())
    }
}

/// The URL of the database of the superuser of the server on a port.
pub fn url(port: u16) -> String {
    format!("postgres://{USER}@127.0.0.1:{port}/{USER}")
}

/// A program, as [`USER`] if this process is root's, in a folder that every user may read. It ends with this process.
pub fn as_user(program: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        // The change of user cancels what ties the program to this process.
        command
            .args(["--reuid", USER, "--regid", USER, "--clear-groups"])
            .args(["--pdeathsig", "KILL", "--"])
            .arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/").stdin(Stdio::null());
    command
}

/// Whether this process is root's.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The first folder with the programs: of several versions the newest, then those of the PATH.
fn newest(mut versions: Vec<PathBuf>, path: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    // By number: 9.6 is older than 15.
    versions.sort_by_key(|folder| {
        let version = folder.parent().and_then(Path::file_name);
        let version = version.and_then(|name| name.to_str()?.parse::<f64>().ok());
        version.map_or(0, |version| (version * 100.0) as u64)
    });
    let mut folders = versions.into_iter().rev().chain(path);
    folders.find(|folder| folder.join("initdb").is_file())
}

#[expect(
    clippy::disallowed_methods,
    reason = "where programs are, not a setting of the server"
)]
fn path() -> Option<OsString> {
    env::var_os("PATH")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_with_a_server_is_taken_before_the_path() {
        let root = env::temp_dir().join(format!("latchkey-programs-{}", std::process::id()));
        let folder = |version: &str| root.join(version).join("bin");
        // Debian keeps the folder of a version of which only the client is installed.
        fs::create_dir_all(folder("17")).unwrap();
        for version in ["9.6", "13", "15", "other"] {
            fs::create_dir_all(folder(version)).unwrap();
            fs::write(folder(version).join("initdb"), "").unwrap();
        }
        let versions = ["15", "9.6", "17", "13"].map(folder).to_vec();
        let path = || [folder("none"), folder("other")].into_iter();
        assert_eq!(newest(versions, path()), Some(folder("15")));
        assert_eq!(newest(vec![folder("17")], path()), Some(folder("other")));
        assert_eq!(newest(Vec::new(), [folder("none")].into_iter()), None);
        fs::remove_dir_all(root).unwrap();
    }
}
