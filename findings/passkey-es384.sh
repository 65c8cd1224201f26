#!/usr/bin/env bash
# The Python package webauthn verifies a passkey with ES256 or ES512, and cannot read one with ES384.
#
# Packages: PyPI webauthn 3.0.1, fido2 2.2.1; npm @simplewebauthn/server 14.0.3
# Guess:    Who verifies ES256 and ES512 verifies ES384. What another library registered can be verified after a change of
#           libraries.
# Fact:     webauthn raises UnsupportedAlgorithm for ES384, whose number its list of algorithms does not have. fido2 offers
#           and registers it by default. SimpleWebAuthn verifies it, but registers it only when told.
# Seen:     webauthn, ES384: Unrecognized EC2 signature alg -35
# Who:      Sites that change from fido2 to webauthn: the few users whose security key chose ES384 cannot sign in. Count the
#           algorithms of the stored keys before the change (field 3 of the COSE key).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @simplewebauthn/server@14.0.3 >/dev/null 2>&1
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  webauthn==3.0.1 fido2==2.2.1 2>/dev/null

# Passkeys of software, verified by the Python libraries; try.mjs reads them after that.
cat > try.py <<'PY'
import hashlib, json
import fido2.cbor
import webauthn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.webauthn import AttestedCredentialData, PublicKeyCredentialRpEntity, PublicKeyCredentialUserEntity
from webauthn.helpers import bytes_to_base64url as encode

server = Fido2Server(PublicKeyCredentialRpEntity(id="example.com", name="Example"))
challenge, id = bytes(range(32)), bytes(16)
client = {"type": "webauthn.get", "challenge": encode(challenge), "origin": "https://example.com", "crossOrigin": False}
client_data = json.dumps(client).encode()
# User present and verified, counter 1.
data = hashlib.sha256(b"example.com").digest() + bytes([5, 0, 0, 0, 1])
curves = {"ES256": (-7, 1, ec.SECP256R1(), hashes.SHA256()), "ES384": (-35, 2, ec.SECP384R1(), hashes.SHA384()),
          "ES512": (-36, 3, ec.SECP521R1(), hashes.SHA512())}
passkeys = {}
for name, (algorithm, number, curve, digest) in curves.items():
    private = ec.generate_private_key(curve)
    point, size = private.public_key().public_numbers(), (curve.key_size + 7) // 8
    cose = {1: 2, 3: algorithm, -1: number, -2: point.x.to_bytes(size, "big"), -3: point.y.to_bytes(size, "big")}
    signature = private.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(digest))
    response = {"clientDataJSON": encode(client_data), "authenticatorData": encode(data), "signature": encode(signature)}
    credential = {"id": encode(id), "rawId": encode(id), "type": "public-key", "clientExtensionResults": {}, "response": response}
    key = fido2.cbor.encode(cose)
    passkeys[name] = {"credential": credential, "key": encode(key), "challenge": encode(challenge)}
    try:
        webauthn.verify_authentication_response(
            credential=credential, expected_challenge=challenge, expected_rp_id="example.com",
            expected_origin="https://example.com", credential_public_key=key, credential_current_sign_count=0)
        print(f"webauthn, {name}: accepted")
    except Exception as error:
        print(f"webauthn, {name}: {error}")
    stored = AttestedCredentialData.create(bytes(16), id, CoseKey.parse(cose))
    server.authenticate_complete({"challenge": encode(challenge), "user_verification": None}, [stored], credential)
    print(f"fido2, {name}: accepted")
json.dump(passkeys, open("passkeys.json", "w"))

options, _ = server.register_begin(PublicKeyCredentialUserEntity(id=b"ann", name="ann"))
offered = {parameters["alg"] for parameters in dict(options)["publicKey"]["pubKeyCredParams"]}
print("fido2 offers", "ES384" if -35 in offered else "no ES384")
PY
cat > try.mjs <<'JS'
import { readFileSync } from "node:fs";
import { verifyAuthenticationResponse } from "@simplewebauthn/server";
for (const [name, { credential, key, challenge }] of Object.entries(JSON.parse(readFileSync("passkeys.json")))) {
  const { verified } = await verifyAuthenticationResponse({
    response: credential, expectedChallenge: challenge, expectedOrigin: "https://example.com", expectedRPID: "example.com",
    credential: { id: credential.id, publicKey: new Uint8Array(Buffer.from(key, "base64url")), counter: 0 },
  });
  console.log(`SimpleWebAuthn, ${name}: ${verified ? "accepted" : "refused"}`);
}
JS
{
  PYTHONPATH=py python3 -W ignore try.py
  node try.mjs
} > actual
cat > expected <<'TEXT'
webauthn, ES256: accepted
fido2, ES256: accepted
webauthn, ES384: Unrecognized EC2 signature alg -35
fido2, ES384: accepted
webauthn, ES512: accepted
fido2, ES512: accepted
fido2 offers ES384
SimpleWebAuthn, ES256: accepted
SimpleWebAuthn, ES384: accepted
SimpleWebAuthn, ES512: accepted
TEXT
diff expected actual && echo "as described"
