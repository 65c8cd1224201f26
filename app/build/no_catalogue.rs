//! For builds without texts.

use std::error::Error;

/// Generates nothing.
pub(crate) fn generate() -> Result<(), Box<dyn Error>> {
    Ok(())
}
