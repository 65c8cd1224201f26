//! Tickets are byte for byte the same as those of `@cloudbase/node-sdk`, recorded by `end2end/tests/oracles`.

use std::fs;

use serde::Deserialize;
use serde_json::Value;

use super::{credential::ticket, keys::Keys};
use crate::clock::Timestamp;

#[derive(Deserialize)]
struct Golden {
    given: Given,
    made: Made,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    now: Timestamp,
    key_files: Vec<Value>,
    uids: Vec<String>,
}

#[derive(Deserialize)]
struct Made {
    /// For each key file, the tickets of all users.
    tickets: Vec<Vec<String>>,
}

#[test]
fn tickets_are_those_of_the_vendors_sdk() {
    let Golden { given, made } = serde_json::from_str(include_str!("golden.json")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tcb_custom_login.json");
    assert_eq!(made.tickets.len(), given.key_files.len());
    for (key_file, tickets) in given.key_files.iter().zip(made.tickets) {
        fs::write(&file, key_file.to_string()).unwrap();
        let key = Keys::open(std::slice::from_ref(&file)).unwrap().newest();
        let ours: Vec<String> = given
            .uids
            .iter()
            .map(|uid| ticket(&key, uid, given.now).unwrap())
            .collect();
        assert_eq!(ours, tickets);
    }
}
