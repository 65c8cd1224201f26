#!/usr/bin/env bash
# Of the EC keys that Authlib publishes, about one in 128 has a wrong thumbprint and is refused by PyJWT.
#
# Packages: PyPI Authlib 1.9.10, PyJWT 2.15.1; for comparison joserfc 1.8.0, jwcrypto 1.6.1; npm jose 6.2.18 (cryptography
#           50.0.2)
# Guess:    A JWK of a P-256 key has coordinates of 32 bytes, 43 characters, as RFC 7518, section 6.2.1.2, asks.
# Fact:     Authlib writes a coordinate that begins with a zero byte without that byte, in 42 characters. PyJWT refuses such
#           a key. jose, joserfc and jwcrypto take it, but its thumbprint (RFC 7638), which serves as `kid` and as `jkt` of
#           DPoP, is another one than they compute for the same key, and another than Authlib's own for the padded JWK. The
#           same happens to private keys whose value begins with a zero byte. joserfc, Authlib's successor, pads.
# Seen:     Authlib: x has 42 characters
#           PyJWT: Coords should be 32 bytes for curve P-256
# Who:      Issuers and DPoP clients on Authlib that use ES256: with one key in 128 their tokens are refused by services on
#           PyJWT, and tests with other keys pass. Check the length of `x` and `y` when a new key is made, and make another
#           one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18 >/dev/null
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  Authlib==1.9.10 PyJWT==2.15.1 joserfc==1.8.0 jwcrypto==1.6.1 cryptography==50.0.2 2>/dev/null

cat > try.py <<'PY'
import json, warnings
warnings.simplefilter("ignore")
import jwt
from authlib.jose import JsonWebKey
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey
from jwcrypto.jwk import JWK

def key_with(is_wanted):
    while True:
        key = ec.generate_private_key(ec.SECP256R1()).public_key()
        if is_wanted(key.public_numbers()):
            return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

def is_short(number):
    return number.bit_length() <= 248

keys = {
    "usual key": key_with(lambda numbers: not is_short(numbers.x) and not is_short(numbers.y)),
    "key with a zero byte": key_with(lambda numbers: is_short(numbers.x) and not is_short(numbers.y)),
}
made = {}
for name, pem in keys.items():
    by_authlib = JsonWebKey.import_key(pem, {"kty": "EC"})
    jwk = {field: by_authlib.as_dict()[field] for field in ("kty", "crv", "x", "y")}
    by_joserfc, by_jwcrypto = ECKey.import_key(pem), JWK.from_pem(pem)
    lengths = {"Authlib": jwk, "joserfc": by_joserfc.as_dict(), "jwcrypto": json.loads(by_jwcrypto.export_public())}
    print(f"{name}, characters of x:", ", ".join(f"{library} {len(fields['x'])}" for library, fields in lengths.items()))
    try:
        jwt.PyJWK(jwk, algorithm="ES256")
        print(f"{name} by Authlib: PyJWT accepted")
    except jwt.InvalidKeyError as error:
        print(f"{name} by Authlib: PyJWT {error}")
    ECKey.import_key(jwk), JWK(**jwk)
    same = by_authlib.thumbprint() == by_joserfc.thumbprint() == by_jwcrypto.thumbprint()
    padded = JsonWebKey.import_key(by_joserfc.as_dict()).thumbprint() == by_authlib.thumbprint()
    print(f"{name}: thumbprint of Authlib is {'that' if same else 'not that'} of joserfc and jwcrypto, "
          f"{'and' if padded else 'and not'} its own of joserfc's JWK")
    made[name] = {"byAuthlib": jwk, "byJoserfc": by_joserfc.as_dict()}
json.dump(made, open("keys.json", "w"))
PY
cat > try.mjs <<'JS'
import { readFileSync } from "node:fs";
import { calculateJwkThumbprint, importJWK } from "jose";
for (const [name, { byAuthlib, byJoserfc }] of Object.entries(JSON.parse(readFileSync("keys.json")))) {
  await importJWK(byAuthlib, "ES256");
  const isSame = (await calculateJwkThumbprint(byAuthlib)) === (await calculateJwkThumbprint(byJoserfc));
  console.log(`${name} by Authlib: jose accepted, its thumbprint is ${isSame ? "that" : "not that"} of joserfc's JWK`);
}
JS
{
  PYTHONPATH=py timeout 60 python3 -W ignore try.py 2>/dev/null
  timeout 60 node try.mjs
} > actual
cat > expected <<'TEXT'
usual key, characters of x: Authlib 43, joserfc 43, jwcrypto 43
usual key by Authlib: PyJWT accepted
usual key: thumbprint of Authlib is that of joserfc and jwcrypto, and its own of joserfc's JWK
key with a zero byte, characters of x: Authlib 42, joserfc 43, jwcrypto 43
key with a zero byte by Authlib: PyJWT Coords should be 32 bytes for curve P-256
key with a zero byte: thumbprint of Authlib is not that of joserfc and jwcrypto, and not its own of joserfc's JWK
usual key by Authlib: jose accepted, its thumbprint is that of joserfc's JWK
key with a zero byte by Authlib: jose accepted, its thumbprint is not that of joserfc's JWK
TEXT
diff expected actual && echo "as described"
