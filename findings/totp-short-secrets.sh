#!/usr/bin/env bash
# The two libraries for authenticator apps have stopped accepting secrets of 16 characters, which older accounts have.
#
# Packages: npm otplib 12.0.1 and 13.5.0; PyPI pyotp 2.11.1 and 2.12.1
# Guess:    A secret that one version made and checked can be used by the next, all the more when only the minor version
#           changes.
# Fact:     otplib 12 makes secrets of 10 bytes (16 characters) by default. otplib 13 wants 16 bytes at least, and pyotp wants
#           14 since 2.12.0. Both throw instead of saying that a code is wrong. otplib's limit can be lowered with
#           createGuardrails({ MIN_SECRET_BYTES: 10 }), pyotp's, from 2.12.1 on, by a subclass with min_secret_length_bits = 80.
# Seen:     otplib 13: Secret must be at least 16 bytes (128 bits), got 10 bytes
#           pyotp 2.12.1: Secrets must be at least 112 bits after decoding
# Who:      Logins with a second factor, and imports of users from other systems. New accounts have secrets of 32 characters,
#           also in tests, so only users who enrolled before the upgrade notice: they cannot sign in.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts old@npm:otplib@12.0.1 new@npm:otplib@13.5.0 >/dev/null
pip="python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps"
$pip --target old-py pyotp==2.11.1 2>/dev/null
$pip --target new-py pyotp==2.12.1 2>/dev/null

cat > try.cjs <<'JS'
const { authenticator } = require("old");
const otplib = require("new");
const secret = authenticator.generateSecret();
const token = authenticator.generate(secret);
const attempt = (action) => {
  try {
    return action().valid ? "valid" : "invalid";
  } catch (error) {
    return error.message;
  }
};
console.log(`otplib 12 makes ${secret.length} characters, 13 makes ${otplib.generateSecret().length}`);
console.log("otplib 12:", authenticator.check(token, secret) ? "valid" : "invalid");
console.log("otplib 13:", attempt(() => otplib.verifySync({ secret, token })));
const guardrails = otplib.createGuardrails({ MIN_SECRET_BYTES: 10 });
console.log("otplib 13 with guardrails for 10 bytes:", attempt(() => otplib.verifySync({ secret, token, guardrails })));
require("fs").writeFileSync("secret.json", JSON.stringify({ secret, token }));
JS
cat > try.py <<'PY'
import json, sys
import pyotp
made = json.load(open("secret.json"))

class Short(pyotp.TOTP):
    min_secret_length_bits = 80

for name, totp in ((f"pyotp {sys.argv[1]}", pyotp.TOTP), (f"pyotp {sys.argv[1]} with a subclass for 80 bits", Short)):
    try:
        print(f"{name}:", "valid" if totp(made["secret"]).verify(made["token"], valid_window=1) else "invalid")
    except ValueError as error:
        print(f"{name}:", error)
PY
{
  timeout 20 node try.cjs
  PYTHONPATH=old-py timeout 20 python3 try.py 2.11.1
  PYTHONPATH=new-py timeout 20 python3 try.py 2.12.1
} > actual
cat > expected <<'TEXT'
otplib 12 makes 16 characters, 13 makes 32
otplib 12: valid
otplib 13: Secret must be at least 16 bytes (128 bits), got 10 bytes
otplib 13 with guardrails for 10 bytes: valid
pyotp 2.11.1: valid
pyotp 2.11.1 with a subclass for 80 bits: valid
pyotp 2.12.1: Secrets must be at least 112 bits after decoding
pyotp 2.12.1 with a subclass for 80 bits: valid
TEXT
diff expected actual && echo "as described"
