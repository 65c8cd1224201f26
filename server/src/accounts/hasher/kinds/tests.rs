//! Hashes that other programs have made of made-up passwords: `hashes.json` says which, and of which version.

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Made {
    kind: String,
    password: String,
    hash: String,
}

/// The signer key with which the hash of Firebase's kind was made, in base64.
const SIGNER: &str =
    "wOmqzadMQLYtBjuuJw3zk6P2CLSpQWzWDzM1kPVo05SISUsH7I6CVAMriYCtnBLFvi163/fU50ARCMKiwa7VIQ==";

fn made() -> Vec<Made> {
    serde_json::from_str(include_str!("hashes.json")).unwrap()
}

fn keys() -> HashKeys {
    HashKeys {
        firebase_signer: encoding::decode(SIGNER).map(Into::into),
    }
}

fn problem(stored: &str) -> Option<HashProblem> {
    parse(stored, &keys()).err()
}

#[test]
fn the_hash_of_every_kind_is_that_of_its_password_alone() {
    let mut memory = Vec::new();
    for Made {
        kind,
        password,
        hash,
    } in made()
    {
        let stored = parse(&hash, &keys()).unwrap_or_else(|error| panic!("{kind}: {error}"));
        let mut matches =
            |password: &str| stored.matches(password.as_bytes(), &mut memory).unwrap();
        assert!(matches(&password), "{kind}");
        for wrong in [
            "",
            &password[1..],
            &password.to_uppercase(),
            &format!(" {password}"),
        ] {
            assert!(!matches(wrong), "{kind}: {wrong:?}");
        }
        let is_cut = kind.contains("72 bytes");
        assert_eq!(matches(&format!("{password}!")), is_cut, "{kind}");
    }
}

#[test]
fn a_hash_that_lacks_its_end_is_damaged_and_matches_nothing() {
    for Made { kind, hash, .. } in made() {
        let end = hash.rfind('$').unwrap();
        for cut in [&hash[..=end], &hash[..end], &hash[..end + 9]] {
            let found = problem(cut);
            assert!(
                matches!(found, Some(HashProblem::Damaged(_) | HashProblem::Unknown)),
                "{kind}: {cut} {found:?}"
            );
        }
    }
}

#[test]
fn what_no_program_writes_is_damaged() {
    let output = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for stored in [
        "$2b$03$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
        "$2b$32$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
        &format!("$5$rounds=999$salt${output}"),
        &format!("$5$rounds=-1$salt${output}"),
        &format!("$argon2id$v=19$m=7168,t=1,p=1$c2hvcnQ${output}"),
        &format!("$argon2id$v=20$m=7168,t=1,p=1$c29tZXNhbHQ${output}"),
        &format!("$argon2id$v=19$m=7168,t=0,p=1$c29tZXNhbHQ${output}"),
        "$argon2id$v=19$m=7168,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAA",
        &format!("$scrypt$ln=64,r=8,p=1$c29tZXNhbHQ${output}"),
        &format!("$scrypt$ln=14,r=0,p=1$c29tZXNhbHQ${output}"),
        &format!("$scrypt$ln=14,r=8$c29tZXNhbHQ${output}"),
        &format!("scrypt$1000$salt$8$1${output}"),
        &format!("scrypt$0$salt$8$1${output}"),
        &format!("$pbkdf2-sha256$i=0$c29tZXNhbHQ${output}"),
        &format!("$pbkdf2-sha256$i=-1$c29tZXNhbHQ${output}"),
        &format!("$pbkdf2-sha256$i=1000$!${output}"),
        "pbkdf2_sha256$1000$salt$",
        "$P$BsaltsaltAAAAAAAAAAAAAAAAAAAA é",
        "$P$!saltsaltAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        let found = problem(stored);
        assert!(
            matches!(found, Some(HashProblem::Damaged(_))),
            "{stored}: {found:?}"
        );
    }
}

#[test]
fn hashes_of_one_class_differ_in_salt_and_output_alone() {
    let class = |hash: &str| parse(hash, &keys()).unwrap().class();
    let hashes = made();
    let of = |kind: &str| {
        let found = hashes.iter().find(|made| made.kind == kind);
        class(&found.unwrap_or_else(|| panic!("{kind}")).hash)
    };
    assert_eq!(of("bcrypt 2a"), of("bcrypt 2y"));
    assert_eq!(of("PBKDF2 SHA-256"), of("Django's pbkdf2_sha256"));
    for (one, other) in [
        ("argon2i", "argon2id"),
        ("PBKDF2 SHA-256", "PBKDF2 SHA-512"),
        ("PBKDF2 SHA-256", "PBKDF2 PHC with 64 bytes"),
        ("phpass", "phpass of phpBB"),
        ("SHA-crypt 256", "SHA-crypt 512"),
        ("scrypt PHC", "Django's scrypt"),
    ] {
        assert_ne!(of(one), of(other));
    }
}

#[test]
fn what_is_too_costly_is_not_computed() {
    let salt_and_output = "c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let bcrypt = "N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";
    let phpass = "saltsaltAAAAAAAAAAAAAAAAAAAAAA";
    let sha_crypt = format!("salt${}", "A".repeat(86));
    for (parameters, end, affordable, too_costly) in [
        (
            "$argon2id$v=19$m=#,t=1,p=1$",
            salt_and_output,
            "131072",
            "131073",
        ),
        (
            "$argon2id$v=19$m=65536,t=#,p=1$",
            salt_and_output,
            "15",
            "4294967295",
        ),
        ("$2b$#$", bcrypt, "14", "31"),
        ("bcrypt_sha256$$2b$#$", bcrypt, "14", "15"),
        ("$scrypt$ln=#,r=8,p=1$", salt_and_output, "16", "18"),
        ("$scrypt$ln=14,r=8,p=#$", salt_and_output, "5", "4000000"),
        (
            "$pbkdf2-sha256$i=#$",
            salt_and_output,
            "1200000",
            "4294967295",
        ),
        ("pbkdf2_sha256$#$", salt_and_output, "1200000", "9000000"),
        ("$6$rounds=#$", &sha_crypt, "656000", "999999999"),
        ("$P$#", phpass, "B", "S"),
    ] {
        let with = |value: &str| problem(&format!("{}{end}", parameters.replace('#', value)));
        assert_eq!(with(affordable), None, "{parameters}");
        let found = with(too_costly);
        assert!(
            matches!(found, Some(HashProblem::TooCostly { .. })),
            "{parameters} {found:?}"
        );
    }
}

#[test]
fn what_is_no_hash_is_of_no_kind() {
    for text in [
        "",
        "!",
        "password",
        "fourteen tame otters",
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "md5$salt$5f4dcc3b5aa765d61d8327deb882cf99",
        "$1$salt$qJH7.N4xYta3aEG/dfqo/0",
        "$2x$10$abcdefghijklmnopqrstuuAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "{SSHA}AAAA",
    ] {
        assert_eq!(problem(text), Some(HashProblem::Unknown), "{text}");
    }
}

#[test]
fn firebases_hash_needs_the_projects_key() {
    let made = made()
        .into_iter()
        .find(|made| made.kind.starts_with("Firebase"))
        .unwrap();
    let found = parse(&made.hash, &HashKeys::default()).err();
    assert_eq!(found, Some(HashProblem::SignerKeyMissing));
    let other = HashKeys {
        firebase_signer: Some(vec![7; 64].into()),
    };
    let stored = parse(&made.hash, &other).unwrap();
    let matches = stored.matches(made.password.as_bytes(), &mut Vec::new());
    assert!(!matches.unwrap());
}
