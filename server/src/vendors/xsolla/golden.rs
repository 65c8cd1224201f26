//! A token is accepted here exactly if all of three independent libraries accept it. `end2end/tests/oracles`
//! has recorded their verdicts.

use secrecy::SecretString;
use serde::Deserialize;

use super::{Verifier, XsollaConfig};
use crate::clock::{Clock, Timestamp};

#[derive(Deserialize)]
struct Golden {
    given: Given,
    made: Made,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    project_id: String,
    secret: String,
    /// In seconds.
    now: i64,
}

#[derive(Deserialize)]
struct Made {
    tokens: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    token: String,
    verdict: Verdict,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Verdict {
    /// By all libraries.
    Accepted,
    Rejected,
}

#[tokio::test]
async fn a_token_is_accepted_if_every_library_accepts_it() {
    let Golden { given, made } = serde_json::from_str(include_str!("golden.json")).unwrap();
    let config = XsollaConfig {
        project_id: given.project_id,
        secret: Some(SecretString::from(given.secret)),
        api: "http://127.0.0.1:9/".parse().unwrap(),
    };
    let clock = Clock::fixed(Timestamp(given.now * 1000));
    let verifier = Verifier::new(&config, clock).unwrap();
    let mut differ = Vec::new();
    for row in made.tokens {
        let is_accepted = verifier.verify(&row.token).await.is_ok();
        if is_accepted != (row.verdict == Verdict::Accepted) {
            differ.push(format!("{}: {:?}", row.name, row.verdict));
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
}
