#!/usr/bin/env bash
# Svix's verify() returns the event in JavaScript, and nothing in Python.
#
# Packages: npm svix 1.99.1, PyPI svix 2.9.1, and for comparison PyPI standardwebhooks 1.1.0 (the same signature without
#           the vendor's name, on which svix 2 is built)
# Guess:    verify(body, headers) checks the signature and returns the parsed event, in both languages.
# Fact:     The Python package returns None for a valid signature. The other two return the event, and so did PyPI svix
#           1.61.0 (tried by hand, since it takes long to install). Code that does `event = Webhook(secret).verify(…)`
#           passes the check, then fails at `event["type"]`.
# Seen:     npm svix 1.99.1: {"type":"user.created"}
#           PyPI svix 2.9.1: None
# Who:      Python services that receive webhooks of the many vendors that send them through Svix, after an upgrade from
#           1.x. The signature is checked correctly, but the event has to be parsed from the body afterwards.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts svix@1.99.1 >/dev/null
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  svix==2.9.1 standardwebhooks==1.1.0 2>/dev/null

cat > try.cjs <<'JS'
const secret = "whsec_" + Buffer.from("k".repeat(24)).toString("base64");
const { Webhook } = require("svix");
const body = '{"type":"user.created"}';
const now = new Date();
const headers = {
  "webhook-id": "m1",
  "webhook-timestamp": String(Math.floor(now / 1000)),
  "webhook-signature": new Webhook(secret).sign("m1", now, body),
};
require("fs").writeFileSync("webhook.json", JSON.stringify({ secret, body, headers }));
console.log("npm svix 1.99.1:", JSON.stringify(new Webhook(secret).verify(body, headers)));
JS
cat > try.py <<'PY'
import importlib, json, sys
from importlib.metadata import version
hook = json.load(open("webhook.json"))
for name in sys.argv[1:]:
    module = importlib.import_module("svix.webhooks" if name == "svix" else name)
    event = module.Webhook(hook["secret"]).verify(hook["body"], hook["headers"])
    print(f"PyPI {name} {version(name)}:", event if event is None else json.dumps(event, separators=(",", ":")))
PY
{
  timeout 20 node try.cjs
  PYTHONPATH=py timeout 20 python3 -W ignore try.py standardwebhooks svix
} > actual
cat > expected <<'TEXT'
npm svix 1.99.1: {"type":"user.created"}
PyPI standardwebhooks 1.1.0: {"type":"user.created"}
PyPI svix 2.9.1: None
TEXT
diff expected actual && echo "as described"
