#!/usr/bin/env bash
# WorkOS' Node SDK verifies a webhook only if it gets the parsed body; its Python SDK takes the raw one.
#
# Packages: npm @workos-inc/node 8.13.0, PyPI workos 10.8.0
# Guess:    A signature covers bytes, so the functions take the body as it came: text or bytes.
# Fact:     constructEvent() of Node turns `payload` into JSON again before it computes the signature. A string or a Buffer,
#           valid as it is, becomes other text and is refused as a wrong signature. The parsed object is accepted, as long as
#           the body was written as JSON.stringify would: without spaces, and with letters rather than \u escapes.
#           verify_header() of Python takes text and bytes.
# Seen:     Node, text: Signature hash does not match the expected signature hash for payload
# Who:      Express handlers with express.raw() or express.text(), as Stripe, GitHub and Svix ask for: all events are refused.
#           Use express.json() for this one; and when you replay an event by hand in a test, write it without spaces.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @workos-inc/node@8.13.0 >/dev/null 2>&1
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py workos==10.8.0 2>/dev/null

cat > bodies.json <<'JSON'
{
  "compact": "{\"id\":\"event_1\",\"event\":\"made.up\",\"data\":{\"name\":\"Zoë\"}}",
  "with spaces": "{\"id\": \"event_1\", \"event\": \"made.up\", \"data\": {\"name\": \"Zoë\"}}",
  "escaped": "{\"id\":\"event_1\",\"event\":\"made.up\",\"data\":{\"name\":\"Zo\\u00eb\"}}"
}
JSON
cat > try.cjs <<'JS'
const { createHmac } = require("crypto");
const { WorkOS } = require("@workos-inc/node");
const { webhooks } = new WorkOS("sk_test");
(async () => {
  for (const [name, body] of Object.entries(require("./bodies.json"))) {
    const time = Date.now();
    const sigHeader = `t=${time}, v1=${createHmac("sha256", "secret").update(`${time}.${body}`).digest("hex")}`;
    for (const [kind, payload] of Object.entries({ text: body, Buffer: Buffer.from(body), parsed: JSON.parse(body) })) {
      const verdict = await webhooks.constructEvent({ payload, sigHeader, secret: "secret" }).then(() => "accepted", (error) => error.message);
      console.log(`Node, ${name}, ${kind}: ${verdict}`);
    }
  }
})();
JS
cat > try.py <<'PY'
import hashlib, hmac, json, time
from workos import WorkOSClient
webhooks = WorkOSClient(api_key="sk_test", client_id="client").webhooks
for name, body in json.load(open("bodies.json")).items():
    moment = int(time.time() * 1000)
    signature = f"t={moment}, v1=" + hmac.new(b"secret", f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    for kind, payload in {"text": body, "bytes": body.encode()}.items():
        webhooks.verify_header(event_body=payload, event_signature=signature, secret="secret")
        print(f"Python, {name}, {kind}: accepted")
PY
{
  timeout 30 node try.cjs
  PYTHONPATH=py timeout 30 python3 -W ignore try.py
} | sed 's/Signature hash does not match the expected signature hash for payload/wrong signature/' > actual
cat > expected <<'TEXT'
Node, compact, text: wrong signature
Node, compact, Buffer: wrong signature
Node, compact, parsed: accepted
Node, with spaces, text: wrong signature
Node, with spaces, Buffer: wrong signature
Node, with spaces, parsed: wrong signature
Node, escaped, text: wrong signature
Node, escaped, Buffer: wrong signature
Node, escaped, parsed: wrong signature
Python, compact, text: accepted
Python, compact, bytes: accepted
Python, with spaces, text: accepted
Python, with spaces, bytes: accepted
Python, escaped, text: accepted
Python, escaped, bytes: accepted
TEXT
diff expected actual && echo "as described"
