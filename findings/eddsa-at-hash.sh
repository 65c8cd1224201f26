#!/usr/bin/env bash
# PyJWT's own recipe for at_hash does not know EdDSA, and python-social-auth uses it: a valid ID token ends in an error.
#
# Packages: PyPI PyJWT 2.15.1, social-auth-core 7.0.0; for comparison Authlib 1.9.10, npm oidc-token-hash 5.2.0
# Guess:    A library that verifies EdDSA signatures can also compute the at_hash that belongs to them: SHA-512 for Ed25519.
# Fact:     PyJWT verifies the signature, but compute_hash_digest(), which its page on OpenID Connect uses for at_hash,
#           raises NotImplementedError for EdDSA. social-auth-core calls it for every ID token with at_hash. With
#           CUSTOM_AT_HASH_ALGO = "sha512" it gets the same value as the other two.
# Seen:     PyJWT: signature accepted, at_hash: NotImplementedError
#           social-auth-core: NotImplementedError; with sha512: equal
# Who:      Sites with social-auth that set JWT_ALGORITHMS for a provider with Ed25519, as newer providers have it. Sign-ins
#           end in a 500 after the user has agreed at the provider. Tests with RS256 do not show it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts oidc-token-hash@5.2.0 >/dev/null
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  PyJWT==2.15.1 cryptography==50.0.2 social-auth-core==7.0.0 Authlib==1.9.10 2>/dev/null

cat > try.cjs <<'JS'
process.stdout.write(require("oidc-token-hash").generate("the access token", "EdDSA", "Ed25519"));
JS
cat > try.py <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from social_core.backends.open_id_connect import OpenIdConnectAuth
from authlib.oidc.core.util import create_half_hash

access_token, at_hash = "the access token", sys.argv[1]

def compare(compute):
    try:
        value = compute()
        return "equal" if value in (at_hash, at_hash.encode()) else f"another value, {value}"
    except Exception as error:
        return type(error).__name__

key = Ed25519PrivateKey.generate()
token = jwt.encode({"sub": "ann", "at_hash": at_hash}, key, algorithm="EdDSA")
accepted = jwt.decode(token, key.public_key(), algorithms=["EdDSA"])["sub"] == "ann"
digest = lambda: jwt.get_algorithm_by_name("EdDSA").compute_hash_digest(access_token.encode())
print(f"PyJWT: signature {'accepted' if accepted else 'refused'}, at_hash: {compare(digest)}")
print("social-auth-core:", compare(lambda: OpenIdConnectAuth.calc_at_hash(access_token, "EdDSA")))
print("social-auth-core with sha512:", compare(lambda: OpenIdConnectAuth.calc_at_hash(access_token, "EdDSA", "sha512")))
print("Authlib:", compare(lambda: create_half_hash(access_token, "EdDSA")))
PY
PYTHONPATH=py timeout 30 python3 -W ignore try.py "$(timeout 20 node try.cjs)" > actual 2>/dev/null
cat > expected <<'TEXT'
PyJWT: signature accepted, at_hash: NotImplementedError
social-auth-core: NotImplementedError
social-auth-core with sha512: equal
Authlib: equal
TEXT
diff expected actual && echo "as described"
