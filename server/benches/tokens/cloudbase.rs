//! CloudBase: RS256 with a private key that is parsed once.

use std::{fs, path::Path, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{rand::SystemRandom, rsa::KeyPair, signature::RSA_PKCS1_SHA256};
use sandbox::cloudbase::PemForm;
use serde_json::{Value, json};

use crate::{Endpoint, twin::Signer};

const KEY_FILE: &str = "tcb_custom_login.json";
const HEADER: &str = r#"{"alg":"RS256","typ":"JWT"}"#;

pub const ENDPOINT: Endpoint = Endpoint {
    path: "/api/cloudbase/ticket",
    settings: |sandbox, folder| {
        let file = folder.join(KEY_FILE);
        let key = sandbox.cloudbase().key_file(PemForm::Pkcs1).unwrap();
        fs::write(&file, key).unwrap();
        vec![("CLOUDBASE_KEY_FILE", file.display().to_string())]
    },
    signer,
};

fn signer(folder: &Path) -> Signer {
    let file = fs::read(folder.join(KEY_FILE)).unwrap();
    let file: Value = serde_json::from_slice(&file).unwrap();
    let text = |name: &str| file[name].as_str().unwrap().to_owned();
    let (id, environment, pem) = (text("private_key_id"), text("env_id"), text("private_key"));
    let der = pem.lines().filter(|line| !line.starts_with("-----"));
    let der = base64::engine::general_purpose::STANDARD.decode(der.collect::<String>());
    let key = KeyPair::from_der(&der.unwrap()).unwrap();
    let header = URL_SAFE_NO_PAD.encode(HEADER);
    Arc::new(move |user, now| {
        let claims = json!({
            "alg": "RS256",
            "env": environment,
            "iat": now.0,
            "exp": now.0 + 600_000,
            "uid": user.id,
            "refresh": 3_600_000,
            "expire": now.0 + 7 * 24 * 3_600_000_i64,
        });
        let message = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let mut signature = vec![0; key.public().modulus_len()];
        let random = SystemRandom::new();
        key.sign(
            &RSA_PKCS1_SHA256,
            &random,
            message.as_bytes(),
            &mut signature,
        )
        .unwrap();
        let ticket = format!("{id}/@@/{message}.{}", URL_SAFE_NO_PAD.encode(signature));
        json!({ "ticket": ticket }).to_string()
    })
}
