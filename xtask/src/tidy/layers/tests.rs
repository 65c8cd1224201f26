//! The parser reads `use` trees exactly, and each kind of violation is found.

use super::graph::{Graph, read};
use super::table::{CrateRules, Reserved};
use super::{Violation, check};
use crate::tidy::files::Source;

const RULES: CrateRules = CrateRules {
    root: "demo/src",
    layers: &[
        &["lib"],
        &["web"],
        &["accounts", "limits"],
        &["clock", "accounts/ground"],
    ],
    reserved: &[Reserved {
        crates: &["axum"],
        folders: &["web"],
    }],
    cycles_allowed: &["web"],
};

fn sources(files: &[(&str, &str)]) -> Vec<Source> {
    let source = |(path, text): &(&str, &str)| Source::new(&format!("demo/src/{path}.rs"), text);
    files.iter().map(source).collect()
}

fn graph(files: &[(&str, &str)]) -> Graph {
    read(&sources(files), "demo/src")
}

fn edges(files: &[(&str, &str)]) -> Vec<String> {
    let graph = graph(files);
    let edges = graph.edges.iter();
    edges
        .map(|edge| {
            let kind = if edge.is_reexport { "~" } else { ">" };
            format!("{}:{} {kind} {}", edge.from, edge.line, edge.to)
        })
        .collect()
}

fn broken(files: &[(&str, &str)]) -> Vec<String> {
    let found = check(&RULES, &sources(files));
    found.iter().map(Violation::to_string).collect()
}

const LIB: (&str, &str) = (
    "lib",
    "mod accounts;\nmod clock;\nmod limits;\npub mod web;\n",
);
const LIMITS: (&str, &str) = (
    "limits/mod",
    "mod key;\nmod store;\npub use key::Key;\npub use self::store::{Store as Limits, *};\npub struct Limit;\n",
);
const KEY: (&str, &str) = ("limits/key", "pub struct Key;\n");
const STORE: (&str, &str) = ("limits/store", "pub struct Store;\npub fn count() {}\n");

#[test]
fn nested_trees_lead_to_the_files_that_define_the_names() {
    let user = "use crate::{\n    clock::{self, Clock},\n    limits::{Key as Name, Limit, Limits, count},\n};\nfn f(_: Name) {}\n";
    let found = edges(&[
        LIB,
        ("accounts", user),
        ("clock", "pub struct Clock;"),
        LIMITS,
        KEY,
        STORE,
    ]);
    let expected = [
        "accounts:2 ~ clock",
        "accounts:2 > clock",
        "accounts:3 > limits/key",
        "accounts:3 > limits/mod",
        "accounts:3 > limits/store",
        "accounts:3 > limits/store",
        "limits/mod:3 ~ limits/key",
        "limits/mod:4 ~ limits/store",
        "limits/mod:4 > limits/store",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_glob_needs_the_module_and_a_used_export_is_needed() {
    let text = "mod key;\npub(crate) use key::Key;\npub fn f() -> Key { Key }\n";
    assert_eq!(
        edges(&[LIB, ("limits/mod", text), KEY]),
        ["limits/mod:2 > limits/key"]
    );
    let glob = "use super::limits::*;\n";
    assert_eq!(
        edges(&[LIB, ("accounts", glob), ("limits", "")]),
        ["accounts:1 > limits"]
    );
}

#[test]
fn paths_in_code_count_and_texts_do_not() {
    let text = "//! crate::web::a\nfn f<'a>(_: &'a str) -> char {\n    let _ = \"crate::web::b\";\n    let _ = r#\"\"crate::web::c\"#;\n    /* crate::web::d /* e */ */\n    let _ = (b'\\'', '\"');\n    limits::f::<u8>();\n    super::clock::now();\n    crate::limits::Kind::A(1);\n    '\"'\n}\nuse crate::limits;\n";
    let found = edges(&[
        LIB,
        ("accounts", text),
        ("clock", "pub fn now() {}"),
        ("limits", "pub fn f() {}\npub enum Kind { A(u8) }"),
        ("web", ""),
    ]);
    assert_eq!(
        found,
        [
            "accounts:7 > limits",
            "accounts:8 > clock",
            "accounts:9 > limits",
            "accounts:12 ~ limits"
        ]
    );
}

#[test]
fn inner_modules_are_scopes_of_their_own_and_tests_are_left_out() {
    let text = "mod inner {\n    use super::super::clock::Clock;\n    impl Clock { fn f() -> impl Fn() + use<> {} }\n}\n#[cfg(test)]\nmod tests {\n    use crate::web::a;\n}\n#[cfg(test)]\nmod golden;\n#[cfg(not(test))]\nuse crate::limits::Limit;\n";
    let found = edges(&[
        LIB,
        ("accounts/mod", text),
        ("accounts/golden", "use crate::web::a;"),
        ("clock", "pub struct Clock;"),
        ("limits", "pub struct Limit;"),
        ("web", "pub fn a() {}"),
    ]);
    assert_eq!(
        found,
        ["accounts/mod:12 > limits", "accounts/mod:2 > clock"]
    );
}

#[test]
fn an_import_that_climbs_is_found() {
    let found = broken(&[
        LIB,
        ("limits", "\nuse crate::web::error::Problem;\n"),
        ("web/mod", "pub mod error;\nuse crate::limits;"),
        ("web/error", "pub struct Problem;"),
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0]
            .starts_with("demo/src/limits.rs:2: [layers] imports web::error, and web lies above"),
        "{found:?}"
    );
}

#[test]
fn the_longest_entry_of_the_table_decides() {
    let found = broken(&[
        LIB,
        ("clock", "use crate::accounts::ground::f;"),
        ("accounts/mod", "pub mod ground;"),
        ("accounts/ground", "pub fn f() { super::g() }"),
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("demo/src/accounts/ground.rs:1:"));
}

#[test]
fn a_name_passed_on_may_not_climb_either() {
    let found = broken(&[
        LIB,
        ("limits", "pub use crate::web::a;"),
        ("web", "pub fn a() {}"),
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn files_in_no_layer_are_found() {
    let found = broken(&[LIB, ("novel", "")]);
    assert_eq!(
        found,
        [
            "demo/src/novel.rs:1: [layers] stands in no layer; add it to xtask/src/tidy/layers/table.rs."
        ]
    );
}

#[test]
fn crates_in_other_folders_are_found() {
    let found = broken(&[
        LIB,
        (
            "accounts/mod",
            "#[derive(axum::Handler)]\nstruct A;\nuse axum::{Router, body};",
        ),
        ("web/mod", "use axum::Router;"),
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("demo/src/accounts/mod.rs:1: [layers] names axum"));
}

/// Files of a folder that form an import cycle.
fn cycle(folder: &str, size: usize) -> Vec<(String, String)> {
    let file = |index: usize| {
        let next = (index + 1) % size;
        let text = format!("pub fn f{index}() {{ super::a{next}::f{next}() }}");
        (format!("{folder}/a{index}"), text)
    };
    let children: String = (0..size).map(|index| format!("mod a{index};\n")).collect();
    let root = (format!("{folder}/mod"), children);
    (0..size).map(file).chain([root]).collect()
}

fn broken_by_cycle(folder: &str, size: usize) -> Vec<String> {
    let files = cycle(folder, size);
    let mut files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    files.push(LIB);
    broken(&files)
}

#[test]
fn a_cycle_of_more_than_four_files_is_found() {
    assert!(broken_by_cycle("limits", 4).is_empty());
    let found = broken_by_cycle("limits", 5);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("one of 5 files that import each other"));
    assert!(broken_by_cycle("web", 5).is_empty());
}
