//! The vendors' sample code on Node.js, as one process and as a cluster of two; left out if Node.js is not
//! installed.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::contestant::Contestant;

/// Starts both with the real program's key files.
pub async fn start(files: &Path) -> Vec<Contestant> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/express");
    if !is_installed(&folder) {
        println!(
            "Express is left out: it needs Node.js 20 and its packages (npm ci in {}).",
            folder.display()
        );
        return Vec::new();
    }
    let mut started = Vec::new();
    for (name, workers) in [
        ("Express, one process", "1"),
        ("Express, cluster of 2", "2"),
    ] {
        let mut node = Command::new("node");
        node.arg(folder.join("server.js")).arg(workers);
        let mut contestant = Contestant::start(name, node, files, "").await;
        contestant.cookie = sign_in(&contestant).await;
        started.push(contestant);
    }
    started
}

fn is_installed(folder: &PathBuf) -> bool {
    if folder.join("node_modules/.package-lock.json").is_file() {
        return Command::new("node").arg("--version").output().is_ok();
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"])
        .current_dir(folder);
    npm.status().is_ok_and(|status| status.success())
}

async fn sign_in(contestant: &Contestant) -> String {
    let url = format!("http://{}/login", contestant.servers[0].addr);
    let response = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .post(url)
        .send()
        .await
        .unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}
