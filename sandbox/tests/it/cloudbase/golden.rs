//! Golden tickets, made by the vendor's own server SDK and recorded beside the server's code.

use sandbox::cloudbase::Outcome;
use serde_json::Value;

use crate::harness::Sandbox;

const GOLDEN: &str = include_str!("../../../../server/src/vendors/cloudbase/golden.json");

#[tokio::test]
async fn the_tickets_of_the_vendors_sdk_sign_in() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    let array = |value: &Value| value.as_array().unwrap().clone();
    let sandbox = Sandbox::start().await;
    let cloudbase = sandbox.running.cloudbase();
    let files = array(&golden["given"]["keyFiles"]);
    for (file, tickets) in files.iter().zip(array(&golden["made"]["tickets"])) {
        for ticket in array(&tickets) {
            sandbox.sign_in(ticket.as_str().unwrap()).await;
            assert_eq!(sandbox.outcome(), Outcome::UnknownKey);
        }
        cloudbase.use_key_file(&file.to_string()).unwrap();
        for (ticket, uid) in array(&tickets).iter().zip(array(&golden["given"]["uids"])) {
            let ticket = ticket.as_str().unwrap();
            let tokens = sandbox.sign_in(ticket).await;
            assert_eq!(tokens.status, 200, "{}", tokens.body);
            let me = sandbox.me(&tokens.json()).await.json();
            assert_eq!(me["providers"][0]["provider_user_id"], uid);
            sandbox.sign_in(&ticket[..ticket.len() - 2]).await;
            assert_ne!(sandbox.outcome(), Outcome::Ok);
        }
    }
}

#[tokio::test]
async fn a_text_that_is_no_key_file_of_the_environment_is_not_adopted() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    let sandbox = Sandbox::start().await;
    let before = sandbox.running.cloudbase().keys();
    for (name, value) in [("env_id", "another-env-9z8y7x"), ("private_key", "no key")] {
        let mut file = golden["given"]["keyFiles"][0].clone();
        file[name] = value.into();
        let used = sandbox.running.cloudbase().use_key_file(&file.to_string());
        assert!(used.is_err(), "{name}");
    }
    assert_eq!(sandbox.running.cloudbase().keys(), before);
}
