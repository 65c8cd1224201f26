//! How exports are recognized and read.

use serde_json::json;

use super::*;

const FIREBASE: FirebaseParameters = FirebaseParameters {
    rounds: 8,
    mem_cost: 14,
    salt_separator: String::new(),
};

fn read(format: Format, entry: &Value) -> Candidate {
    let read = format.read(entry.as_object().unwrap(), &FIREBASE);
    read.unwrap_or_else(|rejection| panic!("{rejection}"))
        .unwrap()
}

fn rejection(format: Format, entry: &Value) -> String {
    match format.read(entry.as_object().unwrap(), &FIREBASE) {
        Err(rejection) => rejection.to_string(),
        Ok(_) => panic!("{entry} was accepted"),
    }
}

#[test]
fn an_export_is_recognized_only_where_it_is_unmistakable() {
    let of = |head: &str, layout| Format::of_head(head, layout).map(Format::name);
    for (head, layout, expected) in [
        (
            r#"{"id":"1","email":"a@b.test","password_hash":"x"}"#,
            Layout::Lines,
            Some("latchkey"),
        ),
        (
            "id,email,email_verified,password_hash\n",
            Layout::Csv,
            Some("latchkey"),
        ),
        (
            "id,name,email,email_verified_at,password,remember_token\n",
            Layout::Csv,
            Some("laravel"),
        ),
        (
            "\"id\",\"name\",\"email\",\"password\",\"remember_token\"\n",
            Layout::Csv,
            Some("laravel"),
        ),
        (
            r#"{"id":1,"email":"a@b.test","password":"x","remember_token":null}"#,
            Layout::Lines,
            Some("laravel"),
        ),
        (
            r#"{"_id":{"$oid":"1"},"email":"a@b.test","email_verified":true,"passwordHash":"x"}"#,
            Layout::Lines,
            Some("auth0"),
        ),
        (
            r#"{"user_id":"auth0|1","email":"a@b.test","email_verified":true}"#,
            Layout::Lines,
            Some("auth0"),
        ),
        (
            r#"[{"model": "auth.user", "pk": 1, "fields": {"password": "x", "email": ""}}]"#,
            Layout::Document,
            Some("django"),
        ),
        (
            r#"{"users": [{"localId": "1", "email": "a@b.test", "emailVerified": true, "passwordHash": "x"}]}"#,
            Layout::Document,
            Some("firebase"),
        ),
        (
            r#"{"realm": "shop", "users": [{"username": "a", "emailVerified": true}]}"#,
            Layout::Document,
            Some("keycloak"),
        ),
        (r#"{"mail":"a@b.test","pw":"x"}"#, Layout::Lines, None),
        ("email,password\n", Layout::Csv, None),
        ("", Layout::Csv, None),
    ] {
        assert_eq!(of(head, layout), expected, "{head}");
    }
}

#[test]
fn every_form_of_a_time_and_of_a_flag_is_read() {
    let ours = |name: &str, value: Value| {
        let entry = json!({ "email": "a@b.test", name: value });
        Format::Latchkey.read(entry.as_object().unwrap(), &FIREBASE)
    };
    for (value, expected) in [
        (json!("2026-01-31T12:00:00Z"), Some(1_769_860_800_000)),
        (
            json!("2026-01-31T13:00:00.500+01:00"),
            Some(1_769_860_800_500),
        ),
        (json!("2026-01-31 12:00:00"), Some(1_769_860_800_000)),
        (json!(1_769_860_800), Some(1_769_860_800_000)),
        (json!(1_769_860_800_000_i64), Some(1_769_860_800_000)),
        (json!("1769860800000"), Some(1_769_860_800_000)),
        (json!(null), None),
        (json!(""), None),
    ] {
        let read = ours("created_at", value.clone()).ok().flatten().unwrap();
        assert_eq!(read.created_at.map(|at| at.0), expected, "{value}");
    }
    for value in [json!("yesterday"), json!(true), json!("31.01.2026")] {
        assert!(ours("created_at", value).is_err());
    }
    for (value, expected) in [
        (json!(true), true),
        (json!("TRUE"), true),
        (json!("1"), true),
        (json!(1), true),
        (json!("t"), true),
        (json!(false), false),
        (json!("false"), false),
        (json!(0), false),
        (json!(""), false),
        (json!(null), false),
    ] {
        let read = ours("email_verified", value.clone())
            .ok()
            .flatten()
            .unwrap();
        assert_eq!(read.email_verified, expected, "{value}");
    }
    for value in [json!("maybe"), json!(2), json!([]), json!("yes?")] {
        assert!(ours("email_verified", value).is_err());
    }
}

#[test]
fn unknown_fields_of_our_own_format_are_refused_and_attributes_are_checked() {
    let with = |name: &str, value: Value| json!({ "email": "a@b.test", name: value });
    for (entry, expected) in [
        (
            with("pasword_hash", json!("x")),
            "there is no field pasword_hash",
        ),
        (
            with("attributes", json!([])),
            "attributes must be a JSON object",
        ),
        (
            with("attributes", json!({ "a b": 1 })),
            "the name of an attribute",
        ),
        (
            with("attributes", json!("{")),
            "attributes must be a JSON object",
        ),
        (with("email", json!(["a@b.test"])), "email must be text"),
    ] {
        let found = rejection(Format::Latchkey, &entry);
        assert!(found.starts_with(expected), "{found}");
    }
}

#[test]
fn keycloaks_hashes_become_phc_strings() {
    let user = |secret: Value, data: Value| {
        json!({
            "id": "5e2e", "username": "ada", "email": "a@b.test", "enabled": false,
            "attributes": { "plan": ["gold"], "roles": ["a", "b"] },
            "credentials": [
                { "type": "otp", "secretData": "{}", "credentialData": "{}" },
                { "type": "password", "secretData": secret.to_string(), "credentialData": data.to_string() },
            ],
        })
    };
    let secret = json!({ "value": "c2FsdHNhbHRzYWx0c2FsdA==", "salt": "c2FsdA==", "additionalParameters": {} });
    let argon2 = json!({
        "hashIterations": 5, "algorithm": "argon2",
        "additionalParameters": {
            "hashLength": ["32"], "memory": ["7168"], "type": ["id"], "version": ["1.3"], "parallelism": ["1"],
        },
    });
    let (salt, output) = ("c2FsdA", "c2FsdHNhbHRzYWx0c2FsdA");
    for (data, expected) in [
        (
            json!({ "hashIterations": 27500, "algorithm": "pbkdf2-sha256" }),
            "$pbkdf2-sha256$i=27500$",
        ),
        (
            json!({ "hashIterations": 210_000, "algorithm": "pbkdf2-sha512" }),
            "$pbkdf2-sha512$i=210000$",
        ),
        (
            json!({ "hashIterations": 20000, "algorithm": "pbkdf2" }),
            "$pbkdf2-sha1$i=20000$",
        ),
        (argon2, "$argon2id$v=19$m=7168,t=5,p=1$"),
    ] {
        let read = read(Format::Keycloak, &user(secret.clone(), data));
        assert_eq!(
            read.password_hash.unwrap(),
            format!("{expected}{salt}${output}")
        );
        assert!(read.disabled);
        let attributes: Vec<&String> = read.attributes.iter().map(|(name, _)| name).collect();
        assert_eq!(attributes, ["plan", "username"]);
    }
    let unknown = user(secret, json!({ "hashIterations": 1, "algorithm": "md5" }));
    assert_eq!(
        rejection(Format::Keycloak, &unknown),
        "algorithm must be PBKDF2 or argon2"
    );
}

#[test]
fn an_address_of_laravel_is_verified_only_by_a_time() {
    let entry =
        |time: &str| json!({ "email": "a@b.test", "email_verified_at": time, "deleted_at": time });
    for (time, expected) in [
        ("2024-05-01 10:00:00", true),
        ("2024-05-01T10:00:00Z", true),
        ("", false),
        ("NULL", false),
        ("null", false),
        ("\\N", false),
    ] {
        let candidate = read(Format::Laravel, &entry(time));
        assert_eq!(
            (candidate.email_verified, candidate.disabled),
            (expected, expected),
            "{time}"
        );
    }
    for time in [
        "(null)",
        "[NULL]",
        "None",
        "0000-00-00 00:00:00",
        "no",
        "false",
    ] {
        let refused = rejection(Format::Laravel, &entry(time));
        assert!(refused.contains("email_verified_at"), "{time}: {refused}");
    }
}
