#!/usr/bin/env bash
# Authlib tells its users to move to joserfc, which by default takes three of the nine algorithms that Authlib takes.
#
# Packages: PyPI joserfc 1.8.0 (1.0.4 is the same), Authlib 1.9.10
# Guess:    The named successor signs and verifies by default what its predecessor did, all the more EdDSA, which is newer
#           and stronger than RS256.
# Fact:     Without `algorithms`, joserfc takes HS256, RS256 and ES256. HS384, HS512, RS512, PS256, ES384 and EdDSA are "not
#           recommended" and end in an exception, both when a token is made and when it is read. Authlib takes all nine,
#           and so does joserfc with algorithms=[…].
# Seen:     Authlib: HS256 HS384 HS512 RS256 RS512 PS256 ES256 ES384 EdDSA
#           joserfc: HS256 RS256 ES256
# Who:      Services that follow the deprecation warning: tokens of issuers that sign with PS256, ES384 or Ed25519, and
#           vendors that want HS512, fail only after the change. List the algorithm of each issuer, as one should anyway.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target py \
  joserfc==1.8.0 Authlib==1.9.10 cryptography==50.0.2 2>/dev/null

cat > try.py <<'PY'
import warnings
warnings.simplefilter("ignore")
from authlib.jose import JsonWebKey, jwt as authlib_jwt
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import ECKey, OKPKey, OctKey, RSAKey

rsa, secret = RSAKey.generate_key(2048), OctKey.import_key("s" * 64)
keys = {
    "HS256": secret, "HS384": secret, "HS512": secret, "RS256": rsa, "RS512": rsa, "PS256": rsa,
    "ES256": ECKey.generate_key("P-256"), "ES384": ECKey.generate_key("P-384"), "EdDSA": OKPKey.generate_key("Ed25519"),
}

def with_authlib(algorithm, key):
    same = JsonWebKey.import_key(key.as_dict(private=True))
    authlib_jwt.decode(authlib_jwt.encode({"alg": algorithm}, {"sub": "ann"}, same), same)

def with_joserfc(algorithm, key, **options):
    joserfc_jwt.decode(joserfc_jwt.encode({"alg": algorithm}, {"sub": "ann"}, key, **options), key, **options)

libraries = {
    "Authlib": with_authlib,
    "joserfc": with_joserfc,
    "joserfc with algorithms": lambda algorithm, key: with_joserfc(algorithm, key, algorithms=[algorithm]),
}
for name, use in libraries.items():
    taken = []
    for algorithm, key in keys.items():
        try:
            use(algorithm, key)
            taken.append(algorithm)
        except Exception:
            pass
    print(f"{name}: {' '.join(taken)}")
PY
PYTHONPATH=py timeout 30 python3 -W ignore try.py > actual 2>/dev/null
cat > expected <<'TEXT'
Authlib: HS256 HS384 HS512 RS256 RS512 PS256 ES256 ES384 EdDSA
joserfc: HS256 RS256 ES256
joserfc with algorithms: HS256 HS384 HS512 RS256 RS512 PS256 ES256 ES384 EdDSA
TEXT
diff expected actual && echo "as described"
