//! Which settings load which recipes, and what is reported.

use std::fs;

use super::*;
use crate::startup::Config;

const SECRET: &str = "a-secret-of-no-one-with-32-characters";

const TOML: &str = "label = \"Acme\"\ndocs = \"https://docs.example.com\"\nchecked = 2026-11-30\nsure = \"sdk\"\nshape = \"mac\"
eternal = true\n[settings]\napp = \"ACME_APP\"\nzone = { variable = \"ACME_ZONE\", default = \"eu\" }\n[key]
variable = \"ACME_SECRET\"\nencoding = \"utf8\"\n[mac.code]\nalgorithm = \"sha256\"\nencoding = \"hex\"\nover = \"{user.id}\"
[response]\nhash = \"{mac.code}\"\n";

fn problems(settings: &[(&str, &str)]) -> Vec<String> {
    let base = [
        ("LATCHKEY_LOGIN_ORIGIN", "https://login.example.com"),
        ("LATCHKEY_SITE_ORIGIN", "https://www.example.com"),
        ("LATCHKEY_COOKIE_DOMAIN", "example.com"),
        ("DATABASE_URL", "sqlite://x.db"),
        ("SMTP_URL", "smtps://mail.example.com"),
        ("MAIL_FROM", "a@example.com"),
    ];
    let all = base.iter().chain(settings);
    let source = Source::new(all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    match Config::from_source(&source) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.0,
    }
}

#[test]
fn a_recipe_with_its_settings_is_loaded_and_each_missing_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme.toml");
    fs::write(&path, TOML).unwrap();
    let file = path.to_str().unwrap();
    let (recipes, app, secret) = (
        ("LATCHKEY_RECIPES", file),
        ("ACME_APP", "a"),
        ("ACME_SECRET", SECRET),
    );
    assert_eq!(problems(&[recipes, app, secret]), [""; 0]);
    let twice = format!("{file}, {file}");
    let key_file = folder.path().join("key");
    fs::write(&key_file, format!("{SECRET}\n")).unwrap();
    let key_file = ("ACME_SECRET_FILE", key_file.to_str().unwrap());
    assert_eq!(problems(&[recipes, app, key_file]), [""; 0]);
    for (settings, expected) in [
        (
            vec![recipes, secret],
            "ACME_APP must be set, since the recipe of Acme needs it.",
        ),
        (
            vec![recipes, app],
            "ACME_SECRET or ACME_SECRET_FILE must be set, since the recipe of Acme needs the key.",
        ),
        (
            vec![recipes, app, ("ACME_SECRET", "short")],
            "ACME_SECRET must have at least 32 bytes, without spaces around it.",
        ),
        (
            vec![
                recipes,
                app,
                ("ACME_SECRET", "demo-secret-with-more-than-32-characters"),
            ],
            "ACME_SECRET must be a secret of your own, not a placeholder, in production.",
        ),
        (
            vec![
                recipes,
                app,
                secret,
                ("LATCHKEY_TOKEN_SECRET", SECRET),
                ("LATCHKEY_TOKEN_ISSUER", "https://a.example.com"),
            ],
            "LATCHKEY_TOKEN_SECRET must not be the same secret as ACME_SECRET.",
        ),
        (
            vec![("LATCHKEY_RECIPES", &twice), app, secret],
            "LATCHKEY_RECIPES must not have a second vendor called acme.",
        ),
    ] {
        assert_eq!(problems(&settings), [expected], "{settings:?}");
    }
}

#[test]
fn what_is_no_recipe_is_named_and_a_wrong_one_stops_the_start_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    for name in [
        "nosuch",
        "/nosuch.toml",
        &write("acme.txt", TOML),
        "../recipes/unverified",
    ] {
        let found = problems(&[("LATCHKEY_RECIPES", name)]);
        assert!(
            found.len() == 1
                && found[0]
                    .contains("neither the path of a readable .toml file nor one of the shipped"),
            "{found:?}"
        );
    }
    let wrong = write("acme.toml", &TOML.replace("\"hex\"", "\"octal\""));
    let found = problems(&[("LATCHKEY_RECIPES", &wrong)]);
    let expected = format!(
        "LATCHKEY_RECIPES: {wrong}:15: mac.code.encoding must be one of: hex, base64, base64url."
    );
    assert_eq!(found, [expected]);
}

#[test]
fn a_recipe_cannot_show_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, setting: &str, key: &str| {
        let path = folder.path().join(name);
        let toml = TOML
            .replace("\"ACME_SECRET\"\nencoding", &format!("\"{key}\"\nencoding"))
            .replace("ACME_APP", setting);
        fs::write(&path, toml).unwrap();
        path.display().to_string()
    };
    let usual = write("acme.toml", "ACME_APP", "ACME_SECRET");
    let of_another = write("other.toml", "ACME_SECRET", "OTHER_SECRET");
    let its_own = write("own.toml", "OTHER_SECRET", "OTHER_SECRET");
    for (files, name) in [
        ([&usual, &of_another], "ACME_SECRET"),
        ([&of_another, &usual], "ACME_SECRET"),
        ([&usual, &its_own], "OTHER_SECRET"),
    ] {
        let found = problems(&[
            ("LATCHKEY_RECIPES", &files.map(String::as_str).join(",")),
            ("ACME_APP", "a"),
            ("ACME_SECRET", SECRET),
            (
                "OTHER_SECRET",
                "another-secret-of-no-one-with-32-characters",
            ),
        ]);
        let sentence = format!("{name} must not be shown to users, since it is a secret.");
        assert_eq!(found, [sentence], "{files:?}");
    }
}

#[test]
fn recipes_with_a_published_key_are_for_different_audiences() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, audience: &str| {
        let path = folder.path().join(name);
        let toml = format!(
            "label = \"Acme\"\ndocs = \"https://docs.example.com\"\nchecked = 2026-11-30\nsure = \"sdk\"\nshape = \"jwt\"
lifetime = 600\n[settings]\napp = \"ACME_APP\"\n[key]\npublished = true\n[header]\nalg = \"ES256\"\nkid = \"{{key.name}}\"
[claims]\niss = \"{{issuer}}\"\naud = \"{audience}\"\nsub = \"{{user.id}}\"\nexp = \"{{expires}}\"\n"
        );
        fs::write(&path, toml).unwrap();
        path.display().to_string()
    };
    let key = include_str!("../../../signing/samples/p256.pem");
    let loaded = |first: &str, second: &str| {
        let files = [write("one.toml", first), write("two.toml", second)].join(",");
        problems(&[
            ("LATCHKEY_RECIPES", &files),
            ("ACME_APP", "a"),
            ("LATCHKEY_ISSUER_KEY", key),
        ])
    };
    assert_eq!(loaded("a", "b"), [""; 0]);
    for (first, second) in [("a", "a"), ("a", "{setting.app}")] {
        let found = loaded(first, second);
        assert!(
            found.len() == 1 && found[0].contains("their aud is the same"),
            "{found:?}"
        );
    }
}

#[test]
fn a_recipe_takes_no_path_of_another_vendor() {
    let folder = tempfile::tempdir().unwrap();
    let registered = crate::vendors::REGISTRY.iter();
    let paths = registered.flat_map(|vendor| vendor.readable_paths.iter());
    let mut tried = 0;
    for path in paths {
        let name = path.split('/').nth(1).unwrap();
        if name == "api" || *path == format!("/{name}") {
            continue;
        }
        let file = folder.path().join(format!("{name}.toml"));
        fs::write(&file, format!("path = {path:?}\n{TOML}")).unwrap();
        let found = problems(&[("LATCHKEY_RECIPES", file.to_str().unwrap())]);
        assert_eq!(
            found,
            [format!(
                "LATCHKEY_RECIPES must not have another vendor at {path}."
            )]
        );
        tried += 1;
    }
    // A fork may have removed every vendor with such a path.
    assert!(tried > 0 || crate::vendors::REGISTRY.len() < 6);
}
