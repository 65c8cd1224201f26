//! `cargo xtask test monitoring`: whether Prometheus accepts the queries of `deploy/monitoring`, and a running server
//! has the metrics that they name.

use anyhow::Result;

use crate::{process, repo, tools};

/// Unpacks Debian's Prometheus in the target folder, and runs the tests with its `promtool`.
pub(crate) fn try_out() -> Result<()> {
    let folder = repo::target()?.join("monitoring");
    let list = folder.join("debian.txt");
    repo::create_folder(&folder)?;
    repo::write(&list, "prometheus\n")?;
    tools::ensure_debian_packages(&list, "Prometheus")?;
    let promtool = folder.join("root/usr/bin/promtool");
    let mut cargo = repo::cargo();
    cargo.args(["test", "-p", "server", "--test", "it", "--", "monitoring"]);
    if promtool.is_file() {
        cargo.env("LATCHKEY_TEST_PROMTOOL", promtool);
    }
    process::run(cargo, "A test failed; its message above says which.")
}
