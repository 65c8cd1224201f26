#!/usr/bin/env bash
# One key of another kind in a provider's key set makes some libraries refuse tokens that are signed with the usual key.
#
# Packages: npm node-jose 2.2.0; PyPI python-jose 3.5.0, Authlib 1.9.10 (import_key_set); for comparison npm jose 6.2.18,
#           PyPI PyJWT 2.15.1, joserfc 1.8.0
# Guess:    A verifier picks the key by `kid` and ignores keys that it does not know, as RFC 7517, section 5, asks.
# Fact:     python-jose does not look at `kid`. It tries the keys in order, and the first of another type ends the
#           verification: a set with the RSA key first works, the same set with an EC key first does not. node-jose refuses
#           a whole set with an Ed25519 key. Authlib's import_key_set refuses one with a post-quantum key (kty
#           AKP). The other three accept the token each time.
# Seen:     python-jose: RSA accepted; RSA, EC accepted; EC, RSA refused; OKP, RSA refused; AKP, RSA refused
#           node-jose: RSA accepted; RSA, EC accepted; EC, RSA accepted; OKP, RSA refused; AKP, RSA refused
# Who:      Issuers that publish a second key, for a rotation to another algorithm or for another purpose: their tokens stop
#           working at services that have changed nothing. Put the key in use first, and keep the set to one type for as
#           long as unknown services read it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18 node-jose@2.2.0 >/dev/null
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target py \
  python-jose==3.5.0 PyJWT==2.15.1 joserfc==1.8.0 Authlib==1.9.10 cryptography==50.0.2 2>/dev/null

cat > try.cjs <<'JS'
const { generateKeyPairSync, randomBytes } = require("crypto");
const jose = require("jose");
const nodeJose = require("node-jose");

(async () => {
  const pair = await jose.generateKeyPair("RS256");
  const token = await new jose.SignJWT({ sub: "ann" }).setProtectedHeader({ alg: "RS256", kid: "rsa" }).setExpirationTime("1h").sign(pair.privateKey);
  const jwk = (...kind) => generateKeyPairSync(...kind).publicKey.export({ format: "jwk" });
  const RSA = { ...(await jose.exportJWK(pair.publicKey)), kid: "rsa", alg: "RS256", use: "sig" };
  const EC = { ...jwk("ec", { namedCurve: "P-256" }), kid: "ec", alg: "ES256", use: "sig" };
  const OKP = { ...jwk("ed25519"), kid: "okp", alg: "EdDSA", use: "sig" };
  const AKP = { kty: "AKP", kid: "akp", alg: "ML-DSA-44", use: "sig", pub: randomBytes(1312).toString("base64url") };
  const sets = { "RSA": [RSA], "RSA, EC": [RSA, EC], "EC, RSA": [EC, RSA], "OKP, RSA": [OKP, RSA], "AKP, RSA": [AKP, RSA] };
  require("fs").writeFileSync("sets.json", JSON.stringify({ token, sets }));

  const verifiers = {
    "jose": (set) => jose.jwtVerify(token, jose.createLocalJWKSet(set)),
    "node-jose": async (set) => nodeJose.JWS.createVerify(await nodeJose.JWK.asKeyStore(set)).verify(token),
  };
  for (const [name, verify] of Object.entries(verifiers)) {
    const verdicts = [];
    for (const [kinds, keys] of Object.entries(sets)) {
      verdicts.push(`${kinds} ${await verify({ keys }).then(() => "accepted", () => "refused")}`);
    }
    console.log(`${name}: ${verdicts.join("; ")}`);
  }
})();
JS
cat > try.py <<'PY'
import json, sys, warnings
warnings.simplefilter("ignore")
import jwt as pyjwt
from jose import jwt as python_jose
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import KeySet
from authlib.jose import JsonWebKey, jwt as authlib_jwt

data = json.load(open("sets.json"))
token = data["token"]

def with_authlib(keys):
    authlib_jwt.decode(token, JsonWebKey.import_key_set(keys))

verifiers = {
    "python-jose": lambda keys: python_jose.decode(token, keys, algorithms=["RS256"]),
    "Authlib": with_authlib,
    "PyJWT": lambda keys: pyjwt.decode(token, pyjwt.PyJWKSet.from_dict(keys)["rsa"].key, algorithms=["RS256"]),
    "joserfc": lambda keys: joserfc_jwt.decode(token, KeySet.import_key_set(keys), algorithms=["RS256"]),
}
for name, verify in verifiers.items():
    verdicts = []
    for kinds, keys in data["sets"].items():
        try:
            verify({"keys": keys})
            verdicts.append(f"{kinds} accepted")
        except Exception:
            verdicts.append(f"{kinds} refused")
    print(f"{name}: {'; '.join(verdicts)}")
PY
{
  timeout 20 node try.cjs
  PYTHONPATH=py timeout 20 python3 -W ignore try.py 2>/dev/null
} > actual
cat > expected <<'TEXT'
jose: RSA accepted; RSA, EC accepted; EC, RSA accepted; OKP, RSA accepted; AKP, RSA accepted
node-jose: RSA accepted; RSA, EC accepted; EC, RSA accepted; OKP, RSA refused; AKP, RSA refused
python-jose: RSA accepted; RSA, EC accepted; EC, RSA refused; OKP, RSA refused; AKP, RSA refused
Authlib: RSA accepted; RSA, EC accepted; EC, RSA accepted; OKP, RSA accepted; AKP, RSA refused
PyJWT: RSA accepted; RSA, EC accepted; EC, RSA accepted; OKP, RSA accepted; AKP, RSA accepted
joserfc: RSA accepted; RSA, EC accepted; EC, RSA accepted; OKP, RSA accepted; AKP, RSA accepted
TEXT
diff expected actual && echo "as described"
