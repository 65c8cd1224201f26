#!/usr/bin/env bash
# otplib 12 makes other codes than everyone else for SHA-256 and SHA-512, each of its two classes for another one.
#
# Packages: npm otplib 12.0.1 and 13.5.0, otpauth 9.5.2, speakeasy 2.0.0; PyPI pyotp 2.12.1
# Guess:    A secret of 20 bytes, an algorithm and a moment give one code (RFC 6238), in whatever library.
# Fact:     With SHA-1 they do. otplib 12 repeats a secret that is shorter than the hash until it is as long: its class
#           `totp` for SHA-256 and SHA-512, its class `authenticator`, which most applications use, for SHA-512 only. otplib 13
#           does not, so after the upgrade users' apps that got an old SHA-512 secret show codes that are refused or, if the
#           secret was written into an app unpadded, begin to work.
# Seen:     SHA-512 at 1790000000: otplib 12 authenticator 345542, otplib 13 and all others 278210
# Who:      Servers that offer `algorithm=SHA256` or `SHA512` in their otpauth links with otplib 12, and who upgrades them.
#           Use SHA-1, which all apps know, or secrets as long as the hash (32 and 64 bytes): then all agree.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts otplib12@npm:otplib@12.0.1 otplib13@npm:otplib@13.5.0 otpauth@9.5.2 \
  speakeasy@2.0.0 >/dev/null 2>&1
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target py pyotp==2.12.1 2>/dev/null

cat > try.cjs <<'JS'
const { authenticator, totp } = require("otplib12");
const { generate } = require("otplib13");
const { TOTP } = require("otpauth");
const speakeasy = require("speakeasy");
const [text, secret] = process.argv.slice(2);
(async () => {
  for (const algorithm of ["sha1", "sha256", "sha512"]) {
    const epoch = 1790000000;
    const codes = {
      "otplib 12 totp": totp.clone({ algorithm, epoch: epoch * 1000 }).generate(text),
      "otplib 12 authenticator": authenticator.clone({ algorithm, epoch: epoch * 1000 }).generate(secret),
      "otplib 13": await generate({ secret, algorithm, epoch }),
      "otpauth": new TOTP({ secret, algorithm: algorithm.toUpperCase() }).generate({ timestamp: epoch * 1000 }),
      "speakeasy": speakeasy.totp({ secret, encoding: "base32", algorithm, time: epoch }),
    };
    for (const [library, code] of Object.entries(codes)) console.log(`${algorithm} ${code} ${library}`);
  }
})();
JS
cat > try.py <<'PY'
import hashlib, sys, pyotp
for name in ("sha1", "sha256", "sha512"):
    print(name, pyotp.TOTP(sys.argv[1], digest=getattr(hashlib, name)).at(1790000000), "pyotp")
PY
for length in 20 64; do
  text=$(printf '1234567890%.0s' {1..7} | cut -c1-$length)
  secret=$(printf %s "$text" | base32 --wrap=0)
  node try.cjs "$text" "$secret" > codes
  PYTHONPATH=py python3 try.py "$secret" >> codes
  for algorithm in sha1 sha256 sha512; do
    right=$(sed -n "s/^$algorithm \([0-9]*\) pyotp$/\1/p" codes)
    others=$(sed -n "/ $right /d; s/^$algorithm [0-9]* //p" codes | paste -sd, | sed 's/,/, /g')
    echo "$length bytes, $algorithm, other than pyotp: ${others:-none}"
  done
done > actual
cat > expected <<'TEXT'
20 bytes, sha1, other than pyotp: none
20 bytes, sha256, other than pyotp: otplib 12 totp
20 bytes, sha512, other than pyotp: otplib 12 totp, otplib 12 authenticator
64 bytes, sha1, other than pyotp: none
64 bytes, sha256, other than pyotp: none
64 bytes, sha512, other than pyotp: none
TEXT
diff expected actual && echo "as described"
