#!/usr/bin/env bash
# SimpleWebAuthn 14 refuses a passkey that is used in a frame of another site; version 13 and two Python libraries accept it.
#
# Packages: npm @simplewebauthn/server 13.3.3 and 14.0.3; PyPI webauthn 3.0.1, fido2 2.2.1
# Guess:    A signature whose origin is the expected one is accepted; who embeds the page is the business of
#           frame-ancestors and of the Permissions-Policy publickey-credentials-get.
# Fact:     Chromium names the embedding site as `topOrigin` in the signed client data. SimpleWebAuthn 14 throws when it is
#           there and the option `expectedTopOrigin` is not, which version 13 does not know. Without `topOrigin`, as other
#           browsers send it, version 14 accepts `crossOrigin: true` alone. webauthn and fido2 do not read either field.
# Seen:     SimpleWebAuthn 14.0.3, in a frame, topOrigin: refused
# Who:      Sign-in pages that partners embed: after the upgrade, users of Chromium can no longer sign in there, users of
#           Safari can. Set `expectedTopOrigin` to the partners' origins.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts v13@npm:@simplewebauthn/server@13.3.3 v14@npm:@simplewebauthn/server@14.0.3 \
  >/dev/null 2>&1
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  webauthn==3.0.1 fido2==2.2.1 2>/dev/null

# A passkey of software: what a browser's navigator.credentials.get() gives to the page.
cat > make.mjs <<'JS'
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { writeFileSync } from "node:fs";
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const { x, y } = publicKey.export({ format: "jwk" });
// The COSE key {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
const key = Buffer.concat([Buffer.from("a5010203262001215820", "hex"), Buffer.from(x, "base64url"), Buffer.from("225820", "hex"), Buffer.from(y, "base64url")]);
const sha256 = (text) => createHash("sha256").update(text).digest();
const challenge = Buffer.alloc(32, 7).toString("base64url");
const id = Buffer.alloc(16, 1).toString("base64url");
// User present and verified, counter 1.
const authenticatorData = Buffer.concat([sha256("example.com"), Buffer.from([5, 0, 0, 0, 1])]);
const cases = {
  "own page": { crossOrigin: false },
  "in a frame": { crossOrigin: true },
  "in a frame, topOrigin": { crossOrigin: true, topOrigin: "https://partner.example" },
};
const responses = Object.entries(cases).map(([name, fields]) => {
  const clientData = Buffer.from(JSON.stringify({ type: "webauthn.get", challenge, origin: "https://example.com", ...fields }));
  const signature = sign("sha256", Buffer.concat([authenticatorData, sha256(clientData)]), privateKey);
  const response = {
    clientDataJSON: clientData.toString("base64url"),
    authenticatorData: authenticatorData.toString("base64url"),
    signature: signature.toString("base64url"),
  };
  return { name, credential: { id, rawId: id, type: "public-key", clientExtensionResults: {}, response } };
});
writeFileSync("passkeys.json", JSON.stringify({ challenge, id, key: key.toString("base64url"), responses }));
JS
cat > try.mjs <<'JS'
import { readFileSync } from "node:fs";
import * as v13 from "v13";
import * as v14 from "v14";
const { challenge, id, key, responses } = JSON.parse(readFileSync("passkeys.json"));
for (const [version, { verifyAuthenticationResponse }] of Object.entries({ "13.3.3": v13, "14.0.3": v14 })) {
  const verify = (response, more) =>
    verifyAuthenticationResponse({
      response, expectedChallenge: challenge, expectedOrigin: "https://example.com", expectedRPID: "example.com",
      credential: { id, publicKey: new Uint8Array(Buffer.from(key, "base64url")), counter: 0 }, ...more,
    }).then(({ verified }) => (verified ? "accepted" : "refused"), (error) => (/top origin/.test(error.message) ? "refused" : error.message));
  for (const { name, credential } of responses) console.log(`SimpleWebAuthn ${version}, ${name}: ${await verify(credential)}`);
  const told = await verify(responses.at(-1).credential, { expectedTopOrigin: "https://partner.example" });
  console.log(`SimpleWebAuthn ${version}, ${responses.at(-1).name}, expected: ${told}`);
}
JS
cat > try.py <<'PY'
import json
import fido2.cbor
import webauthn
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.webauthn import AttestedCredentialData, PublicKeyCredentialRpEntity

given = json.load(open("passkeys.json"))
decode = webauthn.base64url_to_bytes
key, id = decode(given["key"]), decode(given["id"])
server = Fido2Server(PublicKeyCredentialRpEntity(id="example.com", name="Example"))
stored = AttestedCredentialData.create(bytes(16), id, CoseKey.parse(fido2.cbor.decode(key)))
for response in given["responses"]:
    credential = response["credential"]
    webauthn.verify_authentication_response(
        credential=credential, expected_challenge=decode(given["challenge"]), expected_rp_id="example.com",
        expected_origin="https://example.com", credential_public_key=key, credential_current_sign_count=0)
    print(f"webauthn, {response['name']}: accepted")
    server.authenticate_complete({"challenge": given["challenge"], "user_verification": None}, [stored], credential)
    print(f"fido2, {response['name']}: accepted")
PY
node make.mjs
{
  node try.mjs
  PYTHONPATH=py python3 -W ignore try.py
} > actual
cat > expected <<'TEXT'
SimpleWebAuthn 13.3.3, own page: accepted
SimpleWebAuthn 13.3.3, in a frame: accepted
SimpleWebAuthn 13.3.3, in a frame, topOrigin: accepted
SimpleWebAuthn 13.3.3, in a frame, topOrigin, expected: accepted
SimpleWebAuthn 14.0.3, own page: accepted
SimpleWebAuthn 14.0.3, in a frame: accepted
SimpleWebAuthn 14.0.3, in a frame, topOrigin: refused
SimpleWebAuthn 14.0.3, in a frame, topOrigin, expected: accepted
webauthn, own page: accepted
fido2, own page: accepted
webauthn, in a frame: accepted
fido2, in a frame: accepted
webauthn, in a frame, topOrigin: accepted
fido2, in a frame, topOrigin: accepted
TEXT
diff expected actual && echo "as described"
