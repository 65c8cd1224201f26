//! scrypt as a PHC string, and as Django writes it.

use ::argon2::Block;
use scrypt::Params;

use super::encoding::{decode, decode_output, equal, parameters};
use crate::accounts::hasher::stored::{Cost, HashKeys, Parsed, StoredHash, parsed};

/// Nanoseconds for each 128 bytes and their second use.
const NANOS: u64 = 300;

struct ScryptHash {
    params: Params,
    salt: Vec<u8>,
    output: Vec<u8>,
}

pub(super) fn parse(stored: &str, _: &HashKeys) -> Option<Parsed> {
    let hash = if let Some(rest) = stored.strip_prefix("$scrypt$") {
        read_phc(rest)
    } else {
        read_django(stored.strip_prefix("scrypt$")?)
    };
    Some(parsed(hash, "scrypt"))
}

fn read_phc(rest: &str) -> Option<ScryptHash> {
    let [params, salt, output] = split(rest)?;
    let [log_n, r, p] = parameters(params, ["ln", "r", "p"])?;
    Some(ScryptHash {
        params: Params::new(log_n.try_into().ok()?, r, p).ok()?,
        salt: decode(salt)?,
        output: decode_output(output)?,
    })
}

fn read_django(rest: &str) -> Option<ScryptHash> {
    let [n, salt, r, p, output] = split(rest)?;
    let n: u64 = n.parse().ok().filter(|n: &u64| n.is_power_of_two())?;
    let log_n = u8::try_from(n.ilog2()).ok()?;
    Some(ScryptHash {
        params: Params::new(log_n, r.parse().ok()?, p.parse().ok()?).ok()?,
        salt: salt.as_bytes().to_vec(),
        output: decode_output(output)?,
    })
}

/// The fields between the dollars, if there are as many.
pub(super) fn split<const N: usize>(text: &str) -> Option<[&str; N]> {
    text.split('$').collect::<Vec<_>>().try_into().ok()
}

/// What scrypt takes.
pub(super) fn cost(params: &Params) -> Cost {
    let (n, r, p) = (
        1_u64.checked_shl(params.log_n().into()).unwrap_or(u64::MAX),
        u64::from(params.r()),
        u64::from(params.p()),
    );
    let blocks = n.saturating_mul(r);
    Cost {
        nanos: blocks.saturating_mul(p).saturating_mul(NANOS),
        memory_kib: blocks.saturating_add(r.saturating_mul(p)) / 8,
    }
}

impl StoredHash for ScryptHash {
    fn class(&self) -> String {
        let Self { params, .. } = self;
        format!("scrypt {} {} {}", params.log_n(), params.r(), params.p())
    }

    fn cost(&self) -> Cost {
        cost(&self.params)
    }

    fn matches(&self, password: &[u8], _: &mut Vec<Block>) -> anyhow::Result<bool> {
        let mut output = vec![0; self.output.len()];
        scrypt::scrypt(password, &self.salt, &self.params, &mut output)?;
        Ok(equal(&output, &self.output))
    }
}
