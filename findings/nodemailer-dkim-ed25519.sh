#!/usr/bin/env bash
# With an Ed25519 key for DKIM, nodemailer sends mails without a signature, and without an error.
#
# Packages: npm nodemailer 10.6.1 (and 7.0.13); for comparison npm mailauth 4.13.3 and PyPI dkimpy 1.1.8, which sign with
#           such a key
# Guess:    RFC 8463 brought Ed25519 to DKIM in 2018. A library that cannot do it refuses the key when the transport is made,
#           or when a mail is sent.
# Fact:     sendMail() succeeds, no warning is logged, and the mail has no DKIM-Signature. The same key signs with mailauth and
#           dkimpy; an RSA key signs with nodemailer.
# Seen:     nodemailer 10.6.1: RSA key signed by rsa-sha256; Ed25519 key sent without a signature
# Who:      Services that move to a new key, of the shorter kind, since it fits into one DNS record: from then on their
#           sign-in mails are unsigned. They pass DMARC by SPF alone, and fail it when they are forwarded. Keep RSA in
#           nodemailer, or let the mail server sign; and look at a received mail's Authentication-Results after the change.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts nodemailer@10.6.1 old@npm:nodemailer@7.0.13 mailauth@4.13.3 >/dev/null 2>&1
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  dkimpy==1.1.8 PyNaCl==1.6.2 2>/dev/null

cat > try.cjs <<'JS'
const { generateKeyPairSync } = require("crypto");
const { writeFileSync } = require("fs");
const { dkimSign } = require("mailauth/lib/dkim/sign");

const keys = { RSA: generateKeyPairSync("rsa", { modulusLength: 2048 }), Ed25519: generateKeyPairSync("ed25519") };
const pem = (name) => keys[name].privateKey.export({ type: "pkcs8", format: "pem" });
const mail = { from: "login@example.com", to: "ann@example.net", subject: "Sign in", text: "Hello" };
const algorithm = (text) => {
  const found = /^DKIM-Signature:[^]*?\ba=([a-z0-9-]+)/m.exec(text);
  return found ? `signed by ${found[1]}` : "sent without a signature";
};
(async () => {
  for (const name of ["nodemailer", "old"]) {
    const { version } = require(`${name}/package.json`);
    const seen = [];
    for (const kind of Object.keys(keys)) {
      const problems = [];
      const note = (...parts) => problems.push(parts);
      const logger = { trace() {}, debug() {}, info() {}, warn: note, error: note, fatal: note };
      const dkim = { domainName: "example.com", keySelector: "s1", privateKey: pem(kind) };
      const transport = require(name).createTransport({ streamTransport: true, buffer: true, dkim, logger });
      const { message } = await transport.sendMail(mail);
      seen.push(`${kind} key ${algorithm(String(message))}${problems.length ? ", with a warning" : ""}`);
    }
    console.log(`nodemailer ${version}: ${seen.join("; ")}`);
  }
  const plain = "From: login@example.com\r\nTo: ann@example.net\r\nSubject: Sign in\r\n\r\nHello\r\n";
  for (const kind of Object.keys(keys)) {
    const signatureData = [{ signingDomain: "example.com", selector: "s1", privateKey: pem(kind) }];
    const { signatures } = await dkimSign(plain, { canonicalization: "relaxed/relaxed", signatureData });
    console.log(`mailauth: ${kind} key ${algorithm(signatures)}`);
  }
  writeFileSync("key.txt", Buffer.from(keys.Ed25519.privateKey.export({ format: "jwk" }).d, "base64url").toString("base64"));
})();
JS
cat > try.py <<'PY'
import dkim
mail = b"From: login@example.com\r\nTo: ann@example.net\r\nSubject: Sign in\r\n\r\nHello\r\n"
key = open("key.txt", "rb").read()
signature = dkim.sign(mail, b"s1", b"example.com", key, signature_algorithm=b"ed25519-sha256")
print("dkimpy: Ed25519 key signed by", "ed25519-sha256" if b"a=ed25519-sha256" in signature else signature)
PY
{
  timeout 60 node try.cjs
  PYTHONPATH=py timeout 60 python3 -W ignore try.py
} > actual
cat > expected <<'TEXT'
nodemailer 10.6.1: RSA key signed by rsa-sha256; Ed25519 key sent without a signature
nodemailer 7.0.13: RSA key signed by rsa-sha256; Ed25519 key sent without a signature
mailauth: RSA key signed by rsa-sha256
mailauth: Ed25519 key signed by ed25519-sha256
dkimpy: Ed25519 key signed by ed25519-sha256
TEXT
diff expected actual && echo "as described"
