#!/usr/bin/env bash
# Valibot's email() refuses O'Brien and every domain with an umlaut, and zod's every top-level domain that is not Latin.
#
# Packages: npm valibot 1.5.0, zod 4.6.7; for comparison validator 13.15.35, yup 1.7.1, ajv-formats 3.0.1 with ajv 8.20.0;
#           PyPI email-validator 2.4.0, Django 5.2.19
# Guess:    Validators differ in quoted local parts, literal IP addresses and names without a dot. Addresses that people
#           really have are accepted by all.
# Fact:     Valibot allows no apostrophe in the local part, and no two hyphens in a row in the domain. A domain with letters
#           other than a to z is written xn--… where mail is sent, so it refuses all of these. zod refuses the same in the
#           top-level domain, such as that of Russia, and both refuse "&". Each has another pattern that accepts all six:
#           v.rfcEmail() and z.email({ pattern: z.regexes.html5Email }), which is the one of `<input type="email">`.
# Seen:     o'brien@example.com: refused by valibot
#           ann@xn--e1afmkfd.xn--p1ai: refused by valibot, zod
# Who:      Sites whose API checks what a form or an identity provider has accepted: the user is signed in, and cannot save
#           the profile, or is told that an address is invalid to which mail has just been delivered.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts valibot@1.5.0 zod@4.6.7 validator@13.15.35 yup@1.7.1 ajv@8.20.0 \
  ajv-formats@3.0.1 >/dev/null
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  email-validator==2.4.0 Django==5.2.19 2>/dev/null

cat > addresses.json <<'JSON'
["ann.lee+news@example.com", "o'brien@example.com", "ann@xn--bcher-kva.example", "ann@corner--shop.example", "ann@xn--e1afmkfd.xn--p1ai", "r&d@example.com"]
JSON
cat > try.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as v from "valibot";
import * as yup from "yup";
import { z } from "zod";
const require = createRequire(import.meta.url);
const ajv = new (require("ajv"))();
require("ajv-formats")(ajv);
const html = { pattern: z.regexes.html5Email };
const accepts = {
  valibot: (text) => v.safeParse(v.pipe(v.string(), v.email()), text).success,
  "valibot's rfcEmail": (text) => v.safeParse(v.pipe(v.string(), v.rfcEmail()), text).success,
  zod: (text) => z.email().safeParse(text).success,
  "zod's html5Email": (text) => z.email(html).safeParse(text).success,
  validator: require("validator").isEmail,
  yup: (text) => yup.string().email().isValidSync(text),
  ajv: ajv.compile({ type: "string", format: "email" }),
};
for (const address of JSON.parse(readFileSync("addresses.json"))) {
  const names = Object.keys(accepts).filter((name) => !accepts[name](address));
  console.log(`${address}: refused by ${names.join(", ") || "none"}`);
}
JS
cat > try.py <<'PY'
import json
from django.conf import settings
settings.configure()
from django.core.validators import validate_email as django
from email_validator import validate_email
for address in json.load(open("addresses.json")):
    django(address)
    validate_email(address, check_deliverability=False)
print("email-validator, Django: accept all")
PY
{
  timeout 60 node try.mjs
  PYTHONPATH=py timeout 60 python3 -W ignore try.py
} > actual
cat > expected <<'TEXT'
ann.lee+news@example.com: refused by none
o'brien@example.com: refused by valibot
ann@xn--bcher-kva.example: refused by valibot
ann@corner--shop.example: refused by valibot
ann@xn--e1afmkfd.xn--p1ai: refused by valibot, zod
r&d@example.com: refused by valibot, zod
email-validator, Django: accept all
TEXT
diff expected actual && echo "as described"
