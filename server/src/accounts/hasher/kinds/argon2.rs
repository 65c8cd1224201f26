//! argon2 in all its variants, as a PHC string; Django puts its name for it in front.

use argon2::{
    Algorithm, Argon2, Block, MIN_SALT_LEN, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};

use super::encoding::{MIN_BYTES, equal};
use crate::accounts::hasher::stored::{Cost, HashKeys, Parsed, StoredHash, parsed};

/// Nanoseconds for a KiB and pass.
const NANOS: u64 = 1000;

/// argon2 computes on one core what it might on several.
pub(in crate::accounts) struct Argon2Hash {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Vec<u8>,
    output: Vec<u8>,
}

pub(super) fn parse(stored: &str, _: &HashKeys) -> Option<Parsed> {
    let stored = stored.strip_prefix("argon2").unwrap_or(stored);
    stored
        .starts_with("$argon2")
        .then(|| parsed(read(stored), "argon2"))
}

fn read(stored: &str) -> Option<Argon2Hash> {
    let phc = PasswordHash::new(stored).ok()?;
    let version = match phc.version {
        None => Version::V0x10,
        Some(version) => Version::try_from(version).ok()?,
    };
    let hash = Argon2Hash {
        algorithm: Algorithm::new(phc.algorithm.as_str()).ok()?,
        version,
        params: Params::try_from(&phc).ok()?,
        salt: phc.salt?.as_ref().to_vec(),
        output: phc.hash?.as_bytes().to_vec(),
    };
    let is_long = hash.salt.len() >= MIN_SALT_LEN && hash.output.len() >= MIN_BYTES;
    is_long.then_some(hash)
}

impl Argon2Hash {
    /// Hashes a password as we store it.
    pub(in crate::accounts) fn of(
        password: &[u8],
        params: &Params,
        salt: [u8; 16],
        memory: &mut Vec<Block>,
    ) -> anyhow::Result<Self> {
        let mut hash = Self {
            algorithm: Algorithm::Argon2id,
            version: Version::V0x13,
            params: params.clone(),
            salt: salt.to_vec(),
            output: vec![0; Params::DEFAULT_OUTPUT_LEN],
        };
        hash.output = hash.compute(password, memory)?;
        Ok(hash)
    }

    /// The class of the hashes that [`of`](Self::of) makes.
    pub(in crate::accounts) fn class_of_new(params: &Params) -> String {
        class(Algorithm::Argon2id, Version::V0x13, params)
    }

    /// The PHC string.
    pub(in crate::accounts) fn phc_string(&self) -> anyhow::Result<String> {
        let problem = |error| anyhow::anyhow!("{error}");
        let hash = PasswordHash {
            algorithm: self.algorithm.ident(),
            version: Some(self.version.into()),
            params: ParamsString::try_from(&self.params)
                .map_err(|error| anyhow::anyhow!("{error}"))?,
            salt: Some(Salt::new(&self.salt).map_err(problem)?),
            hash: Some(Output::new(&self.output).map_err(problem)?),
        };
        Ok(hash.to_string())
    }

    fn compute(&self, password: &[u8], memory: &mut Vec<Block>) -> anyhow::Result<Vec<u8>> {
        let blocks = self.params.block_count();
        if memory.len() < blocks {
            memory.resize(blocks, Block::default());
        }
        let mut output = vec![0; self.output.len()];
        Argon2::new(self.algorithm, self.version, self.params.clone())
            .hash_password_into_with_memory(
                password,
                &self.salt,
                &mut output,
                &mut memory[..blocks],
            )
            .map_err(|error| anyhow::anyhow!("{error}"))?;
        Ok(output)
    }
}

fn class(algorithm: Algorithm, version: Version, params: &Params) -> String {
    let version = u32::from(version);
    let (m, t, p) = (params.m_cost(), params.t_cost(), params.p_cost());
    format!("{algorithm} v={version} m={m} t={t} p={p}")
}

impl StoredHash for Argon2Hash {
    fn class(&self) -> String {
        class(self.algorithm, self.version, &self.params)
    }

    fn cost(&self) -> Cost {
        let memory_kib = u64::from(self.params.m_cost());
        let passes = u64::from(self.params.t_cost());
        Cost {
            nanos: memory_kib.saturating_mul(passes).saturating_mul(NANOS),
            memory_kib,
        }
    }

    fn matches(&self, password: &[u8], memory: &mut Vec<Block>) -> anyhow::Result<bool> {
        Ok(equal(&self.compute(password, memory)?, &self.output))
    }
}
