//! Which files are accepted as key files, and when they are read again.

use std::time::Duration;

use getrandom::SysRng;
use p256::elliptic_curve::Generate;
use rsa::{
    PrivateKey,
    pkcs1::EncodeRsaPrivateKey,
    pkcs8::{EncodePrivateKey, LineEnding},
};
use serde_json::json;
use tempfile::TempDir;

use super::*;

const ENVIRONMENT: &str = "env-1";

fn pem(bits: usize) -> String {
    let key = PrivateKey::new(&mut SysRng, bits).unwrap();
    key.to_pkcs8_pem(LineEnding::LF).unwrap().to_string()
}

fn text(id: &str, pem: &str) -> String {
    json!({ "private_key_id": id, "private_key": pem, "env_id": ENVIRONMENT }).to_string()
}

/// Writes a file that is `age` seconds old.
fn write(folder: &TempDir, name: &str, text: &str, age: u64) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    let written = fs::File::options().write(true).open(&path).unwrap();
    let now = written.metadata().unwrap().modified().unwrap();
    written
        .set_modified(now - Duration::from_secs(age))
        .unwrap();
    path
}

fn error(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    Keys::open(&[write(&folder, "key.json", text, 0)])
        .unwrap_err()
        .to_string()
}

#[test]
fn both_forms_of_a_key_are_read_and_sign() {
    let key = PrivateKey::new(&mut SysRng, 2048).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let forms = [
        key.to_pkcs8_pem(LineEnding::LF).unwrap(),
        key.to_pkcs1_pem(LineEnding::CRLF).unwrap(),
    ];
    for form in forms {
        let file = write(
            &folder,
            "key.json",
            &format!("\u{feff}{}", text("k1", &form)),
            0,
        );
        let key = Keys::open(&[file]).unwrap().newest();
        assert_eq!(
            (key.id.as_str(), key.environment.as_str()),
            ("k1", ENVIRONMENT)
        );
        let token = key.signer.token("e30", &"a message").unwrap();
        assert!(key.signer.verifies(&token));
        assert!(!key.signer.verifies(&format!("another{token}")));
    }
}

#[test]
fn a_short_key_signs_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(&folder, "key.json", &text("k1", &pem(1024)), 0);
    let key = Keys::open(&[file]).unwrap().newest();
    let token = key.signer.token("e30", &"a message").unwrap();
    assert!(key.signer.verifies(&token));
}

#[test]
fn errors_do_not_show_the_content_of_a_file() {
    let elliptic = p256::SecretKey::generate();
    let elliptic = elliptic.to_pkcs8_pem(LineEnding::LF).unwrap();
    let good = pem(1024);
    let encrypted = good.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    for pem in [
        "",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        &elliptic,
        &encrypted,
    ] {
        let error = error(&text("k1", pem));
        assert!(
            error.starts_with("its private_key must be an RSA key"),
            "{error}"
        );
        assert!(pem.is_empty() || !error.contains(pem.lines().nth(1).unwrap()));
    }
    let key = |id: &str, env: &str| {
        json!({ "private_key_id": id, "private_key": good, "env_id": env }).to_string()
    };
    for text in [
        "",
        "[]",
        "{",
        "null",
        &json!({ "private_key_id": "k1", "private_key": good }).to_string(),
        &json!({ "private_key_id": 1, "private_key": good, "env_id": ENVIRONMENT }).to_string(),
        &key("", ENVIRONMENT),
        &key("a/@@/b", ENVIRONMENT),
        &key("k1", ""),
        &" ".repeat(70_000),
    ] {
        assert!(
            error(text).starts_with("it must be a JSON object"),
            "{text}"
        );
    }
    let missing = Keys::open(&["/nowhere/key.json".into()])
        .unwrap_err()
        .to_string();
    assert!(missing.starts_with("it cannot be read"), "{missing}");
    assert_eq!(Keys::open(&[]).unwrap_err().to_string(), "there is no file");
}

#[test]
fn the_file_written_last_signs_whichever_is_named_first() {
    let folder = tempfile::tempdir().unwrap();
    let old = write(&folder, "old.json", &text("old", &pem(1024)), 60);
    let new = write(&folder, "new.json", &text("new", &pem(1024)), 0);
    for files in [[old.clone(), new.clone()], [new, old]] {
        assert_eq!(Keys::open(&files).unwrap().newest().id, "new");
    }
}

#[test]
fn a_replaced_file_is_read_again_and_a_broken_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(&folder, "key.json", &text("k1", &pem(1024)), 60);
    let keys = Keys::open(&[file]).unwrap();
    assert_eq!(keys.newest().id, "k1");
    let whole = text("k2", &pem(1024));
    write(&folder, "key.json", &whole[..whole.len() / 2], 50);
    assert_eq!(keys.newest().id, "k1", "half a file");
    write(&folder, "key.json", &whole, 40);
    assert_eq!(keys.newest().id, "k2");
    write(
        &folder,
        "key.json",
        &whole.replace(ENVIRONMENT, "env-2").replace("k2", "k3"),
        30,
    );
    assert_eq!(keys.newest().id, "k2", "another environment's");
    fs::remove_file(folder.path().join("key.json")).unwrap();
    assert_eq!(keys.newest().id, "k2", "gone");
}

#[test]
fn the_old_file_may_be_deleted_once_the_new_one_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let pem = pem(1024);
    let old = write(&folder, "old.json", &text("k1", &pem), 60);
    let new = write(&folder, "new.json", &text("k2", &pem), 50);
    let keys = Keys::open(&[old.clone(), new]).unwrap();
    fs::remove_file(old).unwrap();
    write(&folder, "new.json", &text("k3", &pem), 40);
    assert_eq!(keys.newest().id, "k3");
}

#[test]
fn files_of_two_environments_are_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let one = write(&folder, "one.json", &text("k1", &pem(1024)), 0);
    let two = write(
        &folder,
        "two.json",
        &text("k2", &pem(1024)).replace(ENVIRONMENT, "env-2"),
        0,
    );
    let error = Keys::open(&[one, two]).unwrap_err().to_string();
    assert_eq!(error, "there is more than one environment among the files");
}
