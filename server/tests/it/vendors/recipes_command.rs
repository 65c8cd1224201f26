//! `latchkey recipe`, as a reader of the documentation uses it.

use std::{
    fs,
    process::{Command, Output},
};

use crate::harness::output;

async fn recipe(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
    // None of the variables of a deployment is needed.
    command.arg("recipe").args(arguments).env_clear();
    let Output {
        status,
        stdout,
        stderr,
    } = output(command).await;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[tokio::test]
async fn every_shipped_recipe_is_listed_shown_checked_and_makes_a_credential() {
    let (code, list, _) = recipe(&["list"]).await;
    assert_eq!(code, Some(0));
    let names: Vec<&str> = list.lines().collect();
    assert!(names.len() >= 25 && names.is_sorted(), "{list}");
    let (code, checked, _) = recipe(&[&["check"], &names[..]].concat()).await;
    assert_eq!((code, checked.lines().count()), (Some(0), names.len()));
    let name = names[0];
    let (code, shown, _) = recipe(&["show", name]).await;
    assert_eq!(code, Some(0));
    assert!(
        shown.contains(&format!("/api/{name}/credential")),
        "{shown}"
    );
    assert!(shown.contains("_FILE"), "{shown}");
}

#[tokio::test]
async fn the_recipe_of_the_documentation_works() {
    let page = include_str!("../../../../docs/recipes.md");
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let (toml, _) = rest.split_once("```").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("acme-chat.toml");
    fs::write(&file, toml).unwrap();
    let file = file.to_str().unwrap();
    let (code, checked, _) = recipe(&["check", file]).await;
    assert_eq!((code, checked), (Some(0), format!("{file}: no mistakes\n")));
    let (code, tried, _) = recipe(&["try", file, "--name", "Zoë O'Brien", "--id", "u1"]).await;
    assert_eq!(code, Some(0));
    for expected in [
        "\"sub\": \"u1\"",
        "\"name\": \"Zoë O'Brien\"",
        "\"app\": \"app-of-no-one\"",
        "\"token\": \"eyJ",
    ] {
        assert!(tried.contains(expected), "{expected}: {tried}");
    }
}

#[tokio::test]
async fn a_parameter_is_tried_as_a_request_would_say_it() {
    let recipe_with = |room| async move {
        let arguments = [
            "try",
            "livekit",
            "--setting",
            "rooms=lobby,hall",
            "--param",
            room,
        ];
        recipe(&arguments).await
    };
    let (code, tried, _) = recipe_with("room=hall").await;
    assert_eq!(code, Some(0));
    assert!(tried.contains("\"room\": \"hall\""), "{tried}");
    let (code, _, error) = recipe_with("room=cellar").await;
    assert_eq!(code, Some(1));
    assert!(
        error.contains("the parameter room is missing or not allowed"),
        "{error}"
    );
}

#[tokio::test]
async fn mistakes_are_printed_with_file_and_line_and_the_exit_code_is_1() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("acme.toml");
    fs::write(&file, "label = \"Acme\"\nlifetim = 3\n").unwrap();
    let file = file.to_str().unwrap();
    let (code, printed, error) = recipe(&["check", file]).await;
    assert_eq!(code, Some(1));
    assert!(
        printed.contains(&format!(
            "{file}:2: lifetim is not known here; allowed: label"
        )),
        "{printed}"
    );
    assert!(error.contains("one recipe cannot be used"), "{error}");
    for arguments in [["show", "nosuch"], ["try", "nosuch"]] {
        let (code, _, error) = recipe(&arguments).await;
        assert_eq!(code, Some(1));
        assert!(error.contains("see `latchkey recipe list`"), "{error}");
    }
}
