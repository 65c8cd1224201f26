#!/usr/bin/env bash
# A valid Argon2 hash is a wrong password for some readers, an error for others: PyNaCl and hash-wasm read fewer than the rest.
#
# Packages: PyPI PyNaCl 1.6.2, argon2-cffi 25.1.0, passlib 1.7.4; npm @node-rs/argon2 2.2.1, hash-wasm 4.13.0
# Guess:    The text form ($argon2id$v=19$m=…,t=…,p=…$salt$hash) says everything, so each reader verifies each hash.
# Fact:     argon2-cffi, passlib and @node-rs/argon2 do. PyNaCl (libsodium) says "Wrong password" to a hash of version 1.0
#           (v=16, made before 2016 or by old settings), and raises other errors for Argon2d and for a hash of 64 bytes, whose
#           text is longer than 127. hash-wasm raises an error for v=16.
# Seen:     PyNaCl, v=16: InvalidkeyError: Wrong password
# Who:      Who takes over users from another system. Try one user of each kind of hash; a "wrong password" of all users of
#           one kind is the reader's. Such users can be verified by argon2-cffi, and get a new hash at their next sign-in.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @node-rs/argon2@2.2.1 hash-wasm@4.13.0 >/dev/null 2>&1
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  PyNaCl==1.6.2 argon2-cffi==25.1.0 passlib==1.7.4 2>/dev/null

cat > try.py <<'PY'
import json, warnings
warnings.simplefilter("ignore")
import argon2, nacl.pwhash
from argon2.low_level import Type, hash_secret
from passlib.hash import argon2 as passlib

kinds = {
    "usual": (Type.ID, 19, 32, 4), "16 bytes": (Type.ID, 19, 16, 1), "64 bytes": (Type.ID, 19, 64, 1),
    "argon2i": (Type.I, 19, 32, 1), "argon2d": (Type.D, 19, 32, 1), "v=16": (Type.I, 16, 32, 1),
}
hashes = {}
for kind, (form, version, length, lanes) in kinds.items():
    hashes[kind] = hash_secret(b"correct horse", b"0123456789abcdef", 3, 19456, lanes, length, form, version).decode()
json.dump(hashes, open("hashes.json", "w"))

def verdict(verify):
    try:
        return str(bool(verify())).lower()
    except Exception as error:
        return f"{error.__class__.__name__}: {error}"

for kind, text in hashes.items():
    print(f"argon2-cffi, {kind}:", verdict(lambda: argon2.PasswordHasher().verify(text, "correct horse")))
    print(f"passlib, {kind}:", verdict(lambda: passlib.verify("correct horse", text)))
    print(f"PyNaCl, {kind}:", verdict(lambda: nacl.pwhash.verify(text.encode(), b"correct horse")))
PY
cat > try.cjs <<'JS'
const { verify } = require("@node-rs/argon2");
const { argon2Verify } = require("hash-wasm");
(async () => {
  for (const [kind, hash] of Object.entries(require("./hashes.json"))) {
    console.log(`@node-rs/argon2, ${kind}:`, await verify(hash, "correct horse"));
    console.log(`hash-wasm, ${kind}:`, await argon2Verify({ password: "correct horse", hash }).catch((error) => `Error: ${error.message}`));
  }
})();
JS
{
  PYTHONPATH=py python3 -W ignore try.py
  node try.cjs
} > all
grep -v ': true$' all > actual || true
cat > expected <<'TEXT'
PyNaCl, 64 bytes: ValueError: Hash must be at most 127 bytes long
PyNaCl, argon2d: CryptPrefixError: given password_hash is not in a supported format
PyNaCl, v=16: InvalidkeyError: Wrong password
hash-wasm, v=16: Error: Unsupported version: 16
TEXT
[ "$(wc -l < all)" = 30 ] && diff expected actual && echo "as described"
