//! Where a vendor is still mentioned after its removal, in lines that a person has to edit.

use std::path::Path;

use anyhow::Result;

use crate::tidy;

/// `FILE:LINE` of every line that contains the name.
pub(super) fn of(name: &str, root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for source in tidy::sources(root)? {
        let named = source
            .lines()
            .filter(|(_, line)| line.to_ascii_lowercase().contains(name));
        found.extend(named.map(|(number, _)| format!("{}:{number}", source.path())));
    }
    Ok(found)
}
