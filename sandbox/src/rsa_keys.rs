//! RSA keys of 2048 bits for services that sign. Generating a key is slow, so a process does it once for each.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use getrandom::SysRng;
use rsa::PrivateKey;

use crate::lock::lock;

const BITS: usize = 2048;

/// A service and an index; each service has its own keys, so tokens of one are invalid at another.
type KeyId = (&'static str, usize);

static MADE: Mutex<BTreeMap<KeyId, Arc<PrivateKey>>> = Mutex::new(BTreeMap::new());

/// The key number `index` of `service`, generated on first use and the same for the rest of the process.
pub(crate) fn nth(service: &'static str, index: usize) -> anyhow::Result<Arc<PrivateKey>> {
    let mut made = lock(&MADE);
    if let Some(key) = made.get(&(service, index)) {
        return Ok(key.clone());
    }
    let key = Arc::new(PrivateKey::new(&mut SysRng, BITS)?);
    made.insert((service, index), key.clone());
    Ok(key)
}
