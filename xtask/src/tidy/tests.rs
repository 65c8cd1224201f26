//! The workspace follows the rules, and every rule finds its violations.

use super::files::Source;
use super::{
    Rule, Violation, crates, environment, features, log_messages, migrations, sources, text,
    vendors, violations, wasm,
};
use crate::repo;

fn broken_lines(rule: Rule, path: &str, text: &str) -> Vec<usize> {
    rule(&[Source::new(path, text)])
        .into_iter()
        .map(|violation| violation.line)
        .collect()
}

#[test]
fn the_workspace_is_tidy() {
    let found: Vec<String> = violations(&repo::root())
        .unwrap()
        .iter()
        .map(Violation::to_string)
        .collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn long_files_are_found() {
    let text = "//! A file.\n".repeat(401);
    assert_eq!(broken_lines(text::length, "server/src/a.rs", &text), [401]);
    assert!(broken_lines(text::length, "server/tests/it/a.rs", &text).is_empty());
    assert!(broken_lines(text::length, "server/src/a/tests.rs", &text).is_empty());
    assert_eq!(
        broken_lines(text::length, "server/src/a/tests.rs", &text.repeat(2)),
        [601]
    );
}

#[test]
fn files_without_an_opening_comment_are_found() {
    assert_eq!(
        broken_lines(text::opening, "app/src/a.rs", "use std::fmt;\n"),
        [1]
    );
    assert!(broken_lines(text::opening, "app/src/a.rs", "//! Owns a.\n").is_empty());
}

#[test]
fn white_space_at_the_end_is_found() {
    assert_eq!(
        broken_lines(text::trailing_whitespace, "style/a.css", "a {}\nb {} \n"),
        [2]
    );
}

#[test]
fn the_markers_of_a_merge_are_found() {
    let text = format!(
        "a\n{} ours\n=======\n{} theirs\n",
        "<".repeat(7),
        ">".repeat(7)
    );
    assert_eq!(broken_lines(text::merged, "a.js", &text), [2, 4]);
}

#[test]
fn unfinished_work_is_found() {
    let line = format!("// {}: later\n// MASTODON\n", concat!("TO", "DO"));
    assert_eq!(broken_lines(text::unfinished, "app/src/a.rs", &line), [1]);
}

#[test]
fn printing_in_the_server_is_found() {
    let text = "eprintln!(\"a\");\nprintln!(\"b\");\n";
    assert_eq!(broken_lines(text::printing, "server/src/a.rs", text), [2]);
    assert!(broken_lines(text::printing, "server/src/command/a.rs", text).is_empty());
    assert!(broken_lines(text::printing, "sandbox/src/a.rs", text).is_empty());
}

#[test]
fn queries_outside_stores_are_found() {
    let text = "//! Users.\nlet user = query(\"SELECT id FROM users\");\n";
    let found = |path| broken_lines(text::queries, path, text);
    assert_eq!(found("server/src/accounts/sign_in.rs"), [2]);
    assert!(found("server/src/accounts/store.rs").is_empty());
    assert!(found("server/src/database/mod.rs").is_empty());
}

#[test]
fn statements_that_read_all_columns_are_found() {
    let text = "//! Users.\n\"SELECT id FROM users\"\n\"SELECT * FROM users\"\nRETURNING *\nSELECT COUNT(*)\n";
    assert_eq!(
        broken_lines(text::columns, "server/src/accounts/store.rs", text),
        [3, 4]
    );
    assert!(broken_lines(text::columns, "server/tests/it/a.rs", text).is_empty());
}

#[test]
fn other_spellings_of_file_names_are_found() {
    assert_eq!(broken_lines(text::names, "app/src/ProfileForm.rs", ""), [1]);
    assert_eq!(
        broken_lines(text::names, "end2end/tests/sign-in.spec.ts", ""),
        [1]
    );
    assert!(broken_lines(text::names, "end2end/playwright.config.ts", "").is_empty());
    assert!(broken_lines(text::names, "migrations/0001_users.sql", "").is_empty());
}

#[test]
fn features_may_choose_modules_and_their_exports() {
    let text =
        "#[cfg(feature = \"ssr\")]\nmod port;\n#[cfg(feature = \"ssr\")]\npub use port::Port;\n";
    assert!(broken_lines(features::gates, "app/src/a/mod.rs", text).is_empty());
    let visible = "#[cfg(not(feature = \"ssr\"))]\npub(crate) mod port;\n";
    assert!(broken_lines(features::gates, "app/src/a/mod.rs", visible).is_empty());
}

#[test]
fn features_inside_code_are_found() {
    let other_use = "#[cfg(feature = \"ssr\")]\nuse std::sync::Arc;\n";
    assert_eq!(
        broken_lines(features::gates, "app/src/a.rs", other_use),
        [1]
    );
    let function =
        "    #[cfg(feature = \"ssr\")]\n    let a = 1;\n    if cfg!(feature = \"ssr\") {}\n";
    assert_eq!(
        broken_lines(features::gates, "app/src/a.rs", function),
        [1, 3]
    );
    let inline = "#[cfg(feature = \"ssr\")] mod a { }\n#[cfg_attr(feature = \"ssr\", derive(Debug))]\ncfg_if! {\n";
    assert_eq!(
        broken_lines(features::gates, "app/src/a.rs", inline),
        [1, 2, 3]
    );
}

#[test]
fn vendors_outside_their_folders_are_found() {
    let text = "//! Calls Knoon.\n";
    let lines = |path: &str| {
        let registered = ["knoon", "zendesk"]
            .map(|vendor| Source::new(&format!("server/src/vendors/{vendor}/config.rs"), ""));
        let [first, second] = registered;
        let sources = [first, second, Source::new(path, text)];
        vendors::names(&sources).len()
    };
    assert_eq!(lines("server/src/http/mod.rs"), 1);
    assert_eq!(lines("server/src/vendors/zendesk/mod.rs"), 1);
    assert_eq!(lines("app/src/a.rs"), 1);
    assert_eq!(lines("server/src/vendors/knoon/mod.rs"), 0);
    assert_eq!(lines("sandbox/src/knoon/api.rs"), 0);
}

#[test]
fn migrations_for_one_database_are_found() {
    let text =
        "create table a (\n  id integer primary key autoincrement, -- no blob\n  data blob\n);\n";
    assert_eq!(
        broken_lines(migrations::portable, "migrations/0001_a.sql", text),
        [2, 3]
    );
}

#[test]
fn migrations_that_do_more_than_add_are_found() {
    for (statement, is_found) in [
        (
            "CREATE TABLE a (id TEXT PRIMARY KEY, n BIGINT NOT NULL UNIQUE)",
            false,
        ),
        (
            "create table a (b TEXT REFERENCES b (id) ON DELETE CASCADE, c TEXT REFERENCES c (id)\n ON DELETE SET NULL)",
            false,
        ),
        (
            "CREATE TABLE a (b TEXT REFERENCES b (id) ON DELETE CASCADE, c TEXT REFERENCES c (id))",
            true,
        ),
        ("CREATE INDEX a_by_b ON a (b)", false),
        ("CREATE UNIQUE INDEX a_by_b ON a (b)", true),
        ("DROP INDEX a_by_b", false),
        ("ALTER TABLE a ADD COLUMN b TEXT", false),
        (
            "ALTER TABLE a ADD COLUMN b BIGINT NOT NULL DEFAULT 0",
            false,
        ),
        (
            "ALTER TABLE a ADD COLUMN b BIGINT NOT NULL -- DEFAULT 0\n",
            true,
        ),
        ("ALTER TABLE a ADD COLUMN b TEXT UNIQUE", true),
        ("ALTER TABLE a ADD COLUMN b BIGINT CHECK (b > 0)", true),
        ("ALTER TABLE a ADD COLUMN b TEXT REFERENCES b (id)", true),
        ("ALTER TABLE a ADD CONSTRAINT b UNIQUE (b)", true),
        ("ALTER TABLE a ALTER COLUMN b SET NOT NULL", true),
        ("alter table a\n  rename column b to c", true),
        ("ALTER TABLE a RENAME TO b", true),
        ("ALTER TABLE a DROP COLUMN b", true),
        ("DROP TABLE a", true),
        ("UPDATE a SET b = NULL", true),
        ("DELETE FROM a", true),
        ("CREATE TRIGGER a BEFORE INSERT ON b BEGIN SELECT 1", true),
        ("-- DROP TABLE a\n", false),
    ] {
        let text = format!("CREATE TABLE z (id TEXT);\n\n{statement};\n");
        let expected: &[usize] = if is_found { &[3] } else { &[] };
        let found = broken_lines(migrations::additive, "migrations/0099_a.sql", &text);
        assert_eq!(found, expected, "{statement}");
    }
}

#[test]
fn every_exception_for_a_migration_is_needed() {
    let sources = sources(&repo::root()).unwrap();
    for (path, _) in migrations::EXCEPTIONS {
        let source = sources.iter().find(|source| source.path() == path);
        assert!(
            !migrations::subtractions(source.unwrap()).is_empty(),
            "{path}"
        );
    }
}

#[test]
fn variables_without_an_example_are_found() {
    let config = "source.text(\"LATCHKEY_ADDR\");\nsource.text(\"LATCHKEY_NEW\");\nname.starts_with(\"LATCHKEY_\");\n";
    let sources = [
        Source::new(".env.example", "# LATCHKEY_ADDR=127.0.0.1:3000\n"),
        Source::new("server/src/config/http.rs", config),
    ];
    let found = environment::documented(&sources);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].line, 2);
}

#[test]
fn messages_that_operators_cannot_look_up_are_found() {
    let page = "| `a disk is full` | … |\n| `a worker failed: …` | … |\n";
    for (call, known) in [
        ("info!(\"a disk is full\");", true),
        (
            "warn!(%error, folder = name.join(\", \"), \"a disk is full\");",
            true,
        ),
        (
            "error!(\n    error = format!(\"{error:#}\"),\n    \"a disk is full\"\n);",
            true,
        ),
        ("error!(worker, \"a worker failed: {error:#}\");", true),
        ("info!(addr = %config.addr, \"serving\");", true),
        ("error!(\"{panic}\");", true),
        ("info!(\"a disk\\\"s full\");", false),
        ("warn!(\"disk is full\");", false),
        (
            "warn!(folder = \"a disk is full\", \"a disk is gone\");",
            false,
        ),
        ("error!(\"{error}: a disk is full\");", false),
        ("error!(%error);", false),
    ] {
        let code = format!("//! A disk.\n\ntracing::{call}\n");
        let found = |path| {
            let sources = [
                Source::new("docs/log-messages.md", page),
                Source::new(path, &code),
            ];
            log_messages::explained(&sources)
                .iter()
                .map(|violation| violation.line)
                .collect::<Vec<_>>()
        };
        let expected: &[usize] = if known { &[] } else { &[3] };
        assert_eq!(found("server/src/a.rs"), expected, "{call}");
        assert!(found("sandbox/src/a.rs").is_empty(), "{call}");
        assert!(found("server/src/a/tests.rs").is_empty(), "{call}");
    }
}

#[test]
fn a_server_in_the_browser_is_found() {
    let tree = "frontend v0.0.0 (/a)\nleptos v0.8.23\ntower v0.5.2\nleptos v0.8.23 (*)\n";
    let found = wasm::violations(tree);
    assert_eq!(found.len(), 1);
    assert!(found[0].to_string().contains("tower"));
}

#[test]
fn a_tree_with_too_many_crates_is_found() {
    let tree = "server v0.0.0 (/a)\nsyn v2.0.1 (proc-macro)\nsyn v3.0.1\nsyn v2.0.1 (proc-macro) (*)\n\nsyn v3.0.1\n";
    assert_eq!(crates::violation("server", tree, 3), None);
    let found = crates::violation("server", tree, 2).unwrap().to_string();
    assert!(found.contains("3 crates"), "{found}");
    assert!(
        found.contains("cargo tree -p server --duplicates"),
        "{found}"
    );
}
