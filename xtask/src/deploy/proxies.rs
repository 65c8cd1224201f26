//! The proxies: the browser tests in `end2end/tests/deploy`.

use std::path::Path;

use anyhow::Result;

use crate::browsers::{self, Tools};
use crate::steps::headline;
use crate::{repo, tools};

pub(super) fn check(folder: &Path) -> Result<()> {
    let tools = headline("Browser and packages for the tests", || {
        tools::ensure_node()?;
        tools::ensure_packages(&repo::end2end(), "the browser tests")?;
        Ok(Tools {
            chromium: tools::ensure_chromium()?,
            archive: Some(folder.to_owned()),
            ..Tools::default()
        })
    })?;
    browsers::run_alone(&tools, &[])
}
