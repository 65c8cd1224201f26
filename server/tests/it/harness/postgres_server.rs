//! A PostgreSQL server of a test's own, and databases on the one that all tests share.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::Duration,
};

use postgresql::{Programs, as_user};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;

use super::free_address;

/// A running PostgreSQL; killed when dropped.
pub struct PostgresServer {
    pub port: u16,
    pub folder: TempDir,
    programs: Programs,
    settings: Vec<String>,
    server: Option<Child>,
}

impl PostgresServer {
    /// A new server with some files and settings, in which `FOLDER` is that of the files. `None`, with a line that says
    /// so, if PostgreSQL is not installed.
    pub async fn start(files: &[(&str, &[u8])], settings: &[&str]) -> Option<Self> {
        let Some(programs) = Programs::find() else {
            eprintln!("PostgreSQL is not installed: nothing to test");
            return None;
        };
        let folder = shared_folder();
        let mut server = Self {
            port: free_address().port(),
            folder,
            programs,
            settings: Vec::new(),
            server: None,
        };
        server.programs.create(&server.data()).unwrap();
        for (name, content) in files {
            server.write(name, content);
        }
        let folder = server.path().display().to_string();
        let settings = settings.iter();
        server.settings = settings
            .map(|setting| setting.replace("FOLDER", &folder))
            .collect();
        server.resume().await;
        Some(server)
    }

    /// The URL of a database of the server.
    pub fn url(&self) -> String {
        postgresql::url(self.port)
    }

    /// The folder of the socket, and of files that the server reads.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Stops the server as its operator does, without waiting for clients.
    pub fn stop(&mut self) {
        let Some(mut server) = self.server.take() else {
            return;
        };
        let stopped = self
            .programs
            .command("pg_ctl")
            .args(["stop", "-m", "fast", "-w", "-D"])
            .arg(self.data())
            .output();
        assert!(stopped.unwrap().status.success());
        server.wait().unwrap();
    }

    /// Starts the server again.
    pub async fn resume(&mut self) {
        let settings = ["fsync=off", "shared_buffers=16MB"].into_iter();
        let settings = settings.chain(self.settings.iter().map(String::as_str));
        let mut server = self
            .programs
            .server(&self.data(), self.port, self.path(), settings);
        self.server = Some(
            server
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        );
        for _ in 0..1500 {
            if PgConnection::connect(&self.url()).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("PostgreSQL does not become ready");
    }

    /// Writes a file that only the server's user may read.
    fn write(&self, name: &str, content: &[u8]) {
        let public = self.path().join("public");
        fs::write(&public, content).unwrap();
        let mut install = as_user(Path::new("install"));
        install
            .args(["-m", "600"])
            .args([&public, &self.path().join(name)]);
        assert!(install.status().unwrap().success());
    }

    fn data(&self) -> PathBuf {
        self.path().join("data")
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

/// A folder into which every user may write.
pub fn shared_folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
    folder
}

/// Creates a database on a server, and returns its URL.
pub async fn create_database(server: &str, name: &str, options: &str) -> String {
    let mut connection = PgConnection::connect(server).await.unwrap();
    let create = format!("CREATE DATABASE {name} {options}");
    sqlx::raw_sql(AssertSqlSafe(create))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    let (server, _) = server.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}
