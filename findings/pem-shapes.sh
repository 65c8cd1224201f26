#!/usr/bin/env bash
# Which damaged forms of a PEM key are accepted depends on the library: JavaScript's refuse what its other ones accept.
#
# Packages: npm jose 6.2.18, jsonwebtoken 9.0.3, fast-jwt 6.3.6; PyPI PyJWT 2.15.1 and joserfc 1.8.0 (cryptography 50.0.2)
# Guess:    A key whose line breaks became spaces, as a variable in a shell or a one-line .env file makes it, is refused by
#           all. A line break before BEGIN, as in a template literal, is accepted by all.
# Fact:     jose and both Python libraries accept spaces in place of line breaks; jsonwebtoken and fast-jwt refuse them, with
#           words about the key's kind. jose alone refuses a line break, a byte order mark or text before BEGIN. Lines that
#           are indented, as in YAML, are accepted by Python only. Empty lines between are accepted by jose only.
# Seen:     spaces: jose, PyJWT and joserfc accept; jsonwebtoken and fast-jwt refuse
#           line break before: jsonwebtoken, fast-jwt, PyJWT and joserfc accept; jose refuses
# Who:      Servers that sign vendors' tokens with a key from the environment, when one service, test or SDK is exchanged for
#           another: the variable has worked for years and is called invalid now. The same for P-256 keys.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18 jsonwebtoken@9.0.3 fast-jwt@6.3.6 >/dev/null
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target py \
  PyJWT==2.15.1 joserfc==1.8.0 cryptography==50.0.2 2>/dev/null

cat > try.cjs <<'JS'
const { generateKeyPairSync } = require("crypto");
const jose = require("jose");
const jsonwebtoken = require("jsonwebtoken");
const { createSigner } = require("fast-jwt");

const shapes = {
  "as made": (pem) => pem,
  "CR LF": (pem) => pem.replaceAll("\n", "\r\n"),
  "spaces": (pem) => pem.trim().replaceAll("\n", " "),
  "indented": (pem) => pem.replace(/^(?=.)/gm, "  "),
  "empty lines": (pem) => pem.replaceAll("\n", "\n\n"),
  "line break before": (pem) => "\n" + pem,
  "byte order mark": (pem) => "\ufeff" + pem,
  "text before": (pem) => "Bag Attributes: <No Attributes>\n" + pem,
  "backslash and n": (pem) => pem.replaceAll("\n", "\\n"),
};
const signers = {
  jose: (pem, algorithm) => jose.importPKCS8(pem, algorithm),
  jsonwebtoken: async (pem, algorithm) => jsonwebtoken.sign({ sub: "ann" }, pem, { algorithm }),
  "fast-jwt": async (pem, algorithm) => createSigner({ key: pem, algorithm })({ sub: "ann" }),
};
(async () => {
  const keys = { RS256: ["rsa", { modulusLength: 2048 }], ES256: ["ec", { namedCurve: "P-256" }] };
  const made = {};
  for (const [algorithm, [kind, options]] of Object.entries(keys)) {
    const pem = generateKeyPairSync(kind, options).privateKey.export({ type: "pkcs8", format: "pem" });
    made[algorithm] = {};
    for (const [shape, damage] of Object.entries(shapes)) {
      const accepted = [];
      for (const [name, sign] of Object.entries(signers)) await sign(damage(pem), algorithm).then(() => accepted.push(name), () => {});
      made[algorithm][shape] = { pem: damage(pem), accepted };
    }
  }
  require("fs").writeFileSync("made.json", JSON.stringify(made));
})();
JS
cat > try.py <<'PY'
import json, warnings
warnings.simplefilter("ignore")
import jwt
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import ECKey, RSAKey

kinds = {"RS256": RSAKey, "ES256": ECKey}
signers = {
    "PyJWT": lambda pem, algorithm: jwt.encode({"sub": "ann"}, pem, algorithm=algorithm),
    "joserfc": lambda pem, algorithm: joserfc_jwt.encode({"alg": algorithm}, {"sub": "ann"}, kinds[algorithm].import_key(pem)),
}
for algorithm, shapes in json.load(open("made.json")).items():
    for shape, made in shapes.items():
        accepted = made["accepted"]
        for name, sign in signers.items():
            try:
                sign(made["pem"], algorithm)
                accepted.append(name)
            except Exception:
                pass
        print(f"{algorithm}, {shape}: {' '.join(accepted) or 'none'}")
PY
timeout 20 node try.cjs
PYTHONPATH=py timeout 20 python3 -W ignore try.py > actual
for algorithm in RS256 ES256; do cat <<TEXT; done > expected
$algorithm, as made: jose jsonwebtoken fast-jwt PyJWT joserfc
$algorithm, CR LF: jose jsonwebtoken fast-jwt PyJWT joserfc
$algorithm, spaces: jose PyJWT joserfc
$algorithm, indented: PyJWT joserfc
$algorithm, empty lines: jose
$algorithm, line break before: jsonwebtoken fast-jwt PyJWT joserfc
$algorithm, byte order mark: jsonwebtoken fast-jwt PyJWT joserfc
$algorithm, text before: jsonwebtoken fast-jwt PyJWT joserfc
$algorithm, backslash and n: none
TEXT
diff expected actual && echo "as described"
