//! The hash of Firebase: a key that scrypt makes of the password encrypts the project's signer key
//! (<https://github.com/firebase/scrypt>). The string is ours; the signer key is a setting.

use ::argon2::Block;
use aes::Aes256;
use ctr::{
    Ctr128BE,
    cipher::{KeyIvInit, StreamCipher},
};
use scrypt::Params;
use secrecy::{ExposeSecret, SecretSlice};

use super::{
    encoding::{decode, decode_output, encode, equal, parameters},
    scrypt::{cost, split},
};
use crate::accounts::hasher::stored::{Cost, HashKeys, HashProblem, Parsed, StoredHash};

const PREFIX: &str = "$firebase-scrypt$";

/// The parameters of a project, and a user's salt and hash.
pub(in crate::accounts) struct FirebaseHash {
    pub log_n: u8,
    pub rounds: u32,
    pub salt_separator: Vec<u8>,
    pub salt: Vec<u8>,
    pub output: Vec<u8>,
}

struct Signed {
    hash: FirebaseHash,
    params: Params,
    signer: SecretSlice<u8>,
}

pub(super) fn parse(stored: &str, keys: &HashKeys) -> Option<Parsed> {
    let rest = stored.strip_prefix(PREFIX)?;
    Some(signed(rest, keys))
}

fn signed(rest: &str, keys: &HashKeys) -> Parsed {
    let damaged = HashProblem::Damaged("Firebase's scrypt");
    let hash = read(rest).ok_or_else(|| damaged.clone())?;
    let params = Params::new(hash.log_n, hash.rounds, 1).map_err(|_| damaged.clone())?;
    let signer = keys
        .firebase_signer
        .clone()
        .ok_or(HashProblem::SignerKeyMissing)?;
    if signer.expose_secret().len() != hash.output.len() {
        return Err(damaged);
    }
    Ok(Box::new(Signed {
        hash,
        params,
        signer,
    }))
}

fn read(rest: &str) -> Option<FirebaseHash> {
    let [params, separator, salt, output] = split(rest)?;
    let [log_n, rounds] = parameters(params, ["ln", "r"])?;
    Some(FirebaseHash {
        log_n: log_n.try_into().ok()?,
        rounds,
        salt_separator: decode(separator)?,
        salt: decode(salt)?,
        output: decode_output(output)?,
    })
}

impl std::fmt::Display for FirebaseHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (log_n, rounds) = (self.log_n, self.rounds);
        let [separator, salt, output] =
            [&self.salt_separator, &self.salt, &self.output].map(|bytes| encode(bytes));
        write!(
            f,
            "{PREFIX}ln={log_n},r={rounds}${separator}${salt}${output}"
        )
    }
}

impl StoredHash for Signed {
    fn class(&self) -> String {
        format!("firebase {} {}", self.hash.log_n, self.hash.rounds)
    }

    fn cost(&self) -> Cost {
        cost(&self.params)
    }

    fn matches(&self, password: &[u8], _: &mut Vec<Block>) -> anyhow::Result<bool> {
        let salt = [&*self.hash.salt, &*self.hash.salt_separator].concat();
        let mut key = [0; 32];
        scrypt::scrypt(password, &salt, &self.params, &mut key)?;
        let mut output = self.signer.expose_secret().to_vec();
        Ctr128BE::<Aes256>::new(&key.into(), &[0; 16].into()).apply_keystream(&mut output);
        Ok(equal(&output, &self.hash.output))
    }
}
