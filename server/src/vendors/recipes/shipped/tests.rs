//! The list of shipped recipes is complete, and they can be used.

use std::{fs, path::Path};

use super::*;
use crate::vendors::recipes::recipe::{Recipe, Sureness};

fn files(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names
        .filter_map(|name| Some(name.strip_suffix(".toml")?.to_owned()))
        .collect();
    names.sort();
    names
}

#[test]
fn every_file_is_shipped_and_none_of_them_has_a_mistake() {
    assert_eq!(names().collect::<Vec<_>>(), files("../recipes"));
    for (name, text) in SHIPPED {
        let recipe = Recipe::parse(name, name, text);
        let recipe = recipe.unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
        assert!(recipe.sure != Sureness::Unverified, "{name}");
    }
}

#[test]
fn what_no_one_has_checked_is_not_shipped_and_says_so() {
    let folder = "../recipes/unverified";
    for name in files(folder) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let text = fs::read_to_string(path.join(format!("{name}.toml"))).unwrap();
        let recipe = Recipe::parse(&name, &name, &text);
        let recipe = recipe.unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
        assert!(recipe.sure == Sureness::Unverified, "{name}");
        assert!(super::text(&name).is_none(), "{name}");
    }
}
