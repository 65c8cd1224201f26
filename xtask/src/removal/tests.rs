//! What belongs to a vendor, and what is left of a file without it.

use super::text::{without_lines, without_module, without_variables};
use super::{is_called, vendors};
use crate::repo;

#[test]
fn files_are_a_vendors_by_their_names() {
    for own in [
        "acme",
        "acme.rs",
        "acme.spec.ts",
        "acme_tokens.rs",
        "acme.d.ts",
    ] {
        assert!(is_called(own, "acme"), "{own}");
    }
    for other in ["acmesoft.rs", "my_acme.rs", "mod.rs", ".acme"] {
        assert!(!is_called(other, "acme"), "{other}");
    }
}

#[test]
fn a_registry_loses_the_vendors_lines_and_no_other() {
    let registry =
        "mod acme;\nmod other;\n\nvendors! {\n    acme: acme::Acme;\n    other: other::Other;\n}\n";
    let without = "mod other;\n\nvendors! {\n    other: other::Other;\n}\n";
    assert_eq!(without_lines(registry, "acme"), without);
    assert_eq!(without_lines(without, "acme"), without);
}

#[test]
fn a_module_is_forgotten_however_visible_it_is() {
    let file = "//! Acme.\nmod acme;\npub(crate) mod acme;\nmod acme_tokens;\nuse acme::Acme;\n";
    let without = "//! Acme.\nmod acme_tokens;\nuse acme::Acme;\n";
    assert_eq!(without_module(file, "acme"), without);
}

#[test]
fn the_example_loses_the_vendors_paragraphs_and_single_variables() {
    let example = "# Vendors: each is on when its variables are set\n\n# Acme, see acme/README.md\n\
                   # OAUTH_ACME_FLOW=code\n# ACME_KEY=\n\n# Other things\n# OTHER_KEY=\n# ACME_URL=\n";
    let without =
        "# Vendors: each is on when its variables are set\n\n# Other things\n# OTHER_KEY=\n";
    assert_eq!(without_variables(example, "acme"), without);
    assert_eq!(without_variables(without, "acme"), without);
}

#[test]
fn every_vendor_has_the_files_that_make_it_one() {
    for vendor in vendors(&repo::root()).unwrap() {
        for file in [
            format!("server/src/vendors/{vendor}/mod.rs"),
            format!("server/src/vendors/{vendor}/config.rs"),
            format!("server/src/vendors/{vendor}/demo.env"),
            format!("server/src/vendors/{vendor}/README.md"),
        ] {
            assert!(repo::root().join(&file).is_file(), "{file}");
        }
    }
}
