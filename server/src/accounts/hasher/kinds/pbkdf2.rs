//! PBKDF2 as a PHC string, and as passlib and Django write it.

use ::argon2::Block;
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::{
    encoding::{decode, decode_output, encode, equal, parameters},
    scrypt::split,
};
use crate::accounts::hasher::stored::{Cost, HashKeys, Parsed, StoredHash, parsed};

/// The hash function within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::accounts) enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

/// Parameters, salt and output.
pub(in crate::accounts) struct Pbkdf2Hash {
    pub digest: Digest,
    pub iterations: u32,
    pub salt: Vec<u8>,
    pub output: Vec<u8>,
}

const PREFIXES: [(&str, Digest); 6] = [
    ("$pbkdf2-sha512$", Digest::Sha512),
    ("$pbkdf2-sha256$", Digest::Sha256),
    ("$pbkdf2-sha1$", Digest::Sha1),
    ("$pbkdf2$", Digest::Sha1),
    ("pbkdf2_sha256$", Digest::Sha256),
    ("pbkdf2_sha1$", Digest::Sha1),
];

impl Digest {
    fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// The bytes of a block of output, and the nanoseconds of an iteration for one.
    fn block(self) -> (usize, u64) {
        match self {
            Self::Sha1 => (20, 300),
            Self::Sha256 => (32, 400),
            Self::Sha512 => (64, 800),
        }
    }
}

pub(super) fn parse(stored: &str, _: &HashKeys) -> Option<Parsed> {
    let (prefix, digest) = PREFIXES
        .iter()
        .find(|(prefix, _)| stored.starts_with(prefix))?;
    let fields = split(&stored[prefix.len()..]);
    let is_django = !prefix.starts_with('$');
    let hash = fields.and_then(|fields| read(*digest, fields, is_django));
    Some(parsed(hash, "PBKDF2"))
}

fn read(digest: Digest, [params, salt, output]: [&str; 3], is_django: bool) -> Option<Pbkdf2Hash> {
    let iterations = match parameters(params, ["i"]) {
        Some([iterations]) => iterations,
        None => match parameters(params, ["i", "l"]) {
            Some([iterations, _]) => iterations,
            None => params.parse().ok()?,
        },
    };
    let salt = match is_django {
        true => salt.as_bytes().to_vec(),
        false => decode(salt)?,
    };
    (iterations > 0).then_some(Pbkdf2Hash {
        digest,
        iterations,
        salt,
        output: decode_output(output)?,
    })
}

impl std::fmt::Display for Pbkdf2Hash {
    /// A PHC string.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, iterations) = (self.digest.name(), self.iterations);
        let [salt, output] = [&self.salt, &self.output].map(|bytes| encode(bytes));
        write!(f, "$pbkdf2-{name}$i={iterations}${salt}${output}")
    }
}

impl Pbkdf2Hash {
    fn blocks(&self) -> u64 {
        self.output.len().div_ceil(self.digest.block().0) as u64
    }
}

impl StoredHash for Pbkdf2Hash {
    fn class(&self) -> String {
        let (name, iterations) = (self.digest.name(), self.iterations);
        format!("pbkdf2-{name} {iterations} {}", self.blocks())
    }

    fn cost(&self) -> Cost {
        let (_, nanos) = self.digest.block();
        Cost {
            nanos: u64::from(self.iterations) * self.blocks() * nanos,
            memory_kib: 0,
        }
    }

    fn matches(&self, password: &[u8], _: &mut Vec<Block>) -> anyhow::Result<bool> {
        let mut output = vec![0; self.output.len()];
        let compute = match self.digest {
            Digest::Sha1 => pbkdf2_hmac::<Sha1>,
            Digest::Sha256 => pbkdf2_hmac::<Sha256>,
            Digest::Sha512 => pbkdf2_hmac::<Sha512>,
        };
        compute(password, &self.salt, self.iterations, &mut output);
        Ok(equal(&output, &self.output))
    }
}
