//! What any of three independent libraries refuses is refused here, and what all of them take is taken.
//! `end2end/tests/oracles` has recorded their verdicts.

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
    tokens: Vec<Verdict>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    name: String,
    token: String,
    refused_by: Vec<String>,
}

#[tokio::test]
async fn we_take_no_token_that_another_library_refuses() {
    let Golden { given, made } = serde_json::from_str(include_str!("golden.json")).unwrap();
    let config = XsollaConfig {
        project_id: given.project_id,
        secret: Some(SecretString::from(given.secret)),
        api: "http://127.0.0.1:9/".parse().unwrap(),
    };
    let clock = Clock::fixed(Timestamp(given.now * 1000));
    let verifier = Verifier::new(&config, clock).unwrap();
    let mut differ = Vec::new();
    for Verdict {
        name,
        token,
        refused_by,
    } in made.tokens
    {
        let is_taken = verifier.verify(&token).await.is_ok();
        if is_taken != refused_by.is_empty() {
            differ.push(format!("{name}: {refused_by:?}"));
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
}
