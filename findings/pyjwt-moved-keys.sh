#!/usr/bin/env bash
# PyJWT's key client stopped following redirects between two minor versions; others never did, or still do.
#
# Packages: PyPI PyJWT 2.13.0 and 2.14.0 (2.15.1 is the same); npm jose 6.2.18, jwks-rsa 4.1.0; PyPI requests 2.34.2 for
#           comparison, which hand-written code uses
# Guess:    A GET of a key set follows a permanent redirect, as urllib and fetch do, and a minor version does not change it.
# Fact:     PyJWT 2.13.0 follows it, 2.14.0 fails with PyJWKClientConnectionError. jose and jwks-rsa fail, too.
# Seen:     PyJWT 2.13.0: follows
#           PyJWT 2.14.0: does not follow
# Who:      An issuer that moves its key set, or whose proxy redirects http to https or a host to its www name. It works in a
#           browser, with curl -L and with older services, and fails at others. Serve the same document at both addresses,
#           and change `jwks_uri` for good.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18 jwks-rsa@4.1.0 >/dev/null
pip="python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore"
$pip --target common cryptography==50.0.2 requests==2.34.2 2>/dev/null
$pip --no-deps --target old PyJWT==2.13.0 2>/dev/null
$pip --no-deps --target new PyJWT==2.14.0 2>/dev/null

cat > issuer.py <<'PY'
import base64, http.server, json
from cryptography.hazmat.primitives.asymmetric import rsa

numbers = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key().public_numbers()
encoded = lambda value, length: base64.urlsafe_b64encode(value.to_bytes(length, "big")).rstrip(b"=").decode()
key = {"kty": "RSA", "kid": "k1", "alg": "RS256", "use": "sig", "n": encoded(numbers.n, 256), "e": "AQAB"}
keys = json.dumps({"keys": [key]}).encode()

class Issuer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        is_old = self.path == "/old"
        self.send_response(301 if is_old else 200)
        if is_old:
            self.send_header("location", "/new")
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(0 if is_old else len(keys)))
        self.end_headers()
        if not is_old:
            self.wfile.write(keys)

    def log_message(self, *arguments):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
open("port", "w").write(str(server.server_port))
server.serve_forever()
PY
PYTHONPATH=common python3 issuer.py &
issuer=$!
trap 'kill $issuer 2>/dev/null; rm -rf "$folder"' EXIT
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done

cat > try.py <<'PY'
import sys
port = open("port").read()
try:
    if sys.argv[1] == "requests":
        import requests
        name, kid = "requests", requests.get(f"http://127.0.0.1:{port}/old").json()["keys"][0]["kid"]
    else:
        import jwt
        name = f"PyJWT {jwt.__version__}"
        kid = jwt.PyJWKClient(f"http://127.0.0.1:{port}/old").get_signing_key("k1").key_id
    print(f"{name}: follows" if kid == "k1" else f"{name}: {kid}")
except Exception as error:
    print(f"{name}: does not follow ({type(error).__name__})")
PY
cat > try.cjs <<'JS'
const url = `http://127.0.0.1:${require("fs").readFileSync("port", "utf8")}/old`;
const report = (name, promise) => promise.then(() => console.log(`${name}: follows`), () => console.log(`${name}: does not follow`));
(async () => {
  await report("jose", require("jose").createRemoteJWKSet(new URL(url))({ alg: "RS256", kid: "k1" }));
  await report("jwks-rsa", require("jwks-rsa")({ jwksUri: url }).getSigningKey("k1"));
})();
JS
{
  PYTHONPATH=common timeout 20 python3 -W ignore try.py requests
  PYTHONPATH=old:common timeout 20 python3 -W ignore try.py PyJWT
  PYTHONPATH=new:common timeout 20 python3 -W ignore try.py PyJWT
  timeout 20 node try.cjs
} > actual
cat > expected <<'TEXT'
requests: follows
PyJWT 2.13.0: follows
PyJWT 2.14.0: does not follow (PyJWKClientConnectionError)
jose: does not follow
jwks-rsa: does not follow
TEXT
diff expected actual && echo "as described"
