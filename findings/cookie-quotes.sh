#!/usr/bin/env bash
# A cookie with base64 in it that Python sets is read with quotation marks by newer Node frameworks, without by older ones.
#
# Packages: PyPI Django 5.2.19, starlette 1.10.0, Werkzeug 3.1.9 (Flask); npm cookie-parser 1.4.7 (Express), cookies 0.9.2
#           (Koa), hono 4.13.19, @fastify/cookie 11.1.5 with fastify 5.12.8, cookie 1.1.1, @edge-runtime/cookies 6.0.0 (Next)
# Guess:    Quotation marks around a value belong to the header's syntax: those who read cookies take them off, as they did.
# Fact:     Django and Starlette (by Python's http.cookies) put quotation marks around a value with "/" or "="; Flask does not.
#           cookie-parser, Koa and hono take them off. The package cookie does not since version 1, and with it Fastify;
#           Next's does not, either. All Python frameworks take them off again, so tests within Python see nothing.
# Seen:     Django sets "a/b=="; Express reads a/b==; Fastify reads "a/b=="
# Who:      Sites on one parent domain whose login is written in Python and whose pages in Node, when a signature in base64
#           is compared. JWTs are not affected: base64url without padding needs no quotation marks.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts cookie-parser@1.4.7 cookies@0.9.2 hono@4.13.19 fastify@5.12.8 \
  @fastify/cookie@11.1.5 cookie@1.1.1 @edge-runtime/cookies@6.0.0 >/dev/null 2>&1
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  Django==5.2.19 starlette==1.10.0 Werkzeug==3.1.9 2>/dev/null

cat > set.py <<'PY'
import django.conf
django.conf.settings.configure()
from django.http import HttpResponse
from starlette.responses import Response
from werkzeug.http import dump_cookie

by_django, by_starlette = HttpResponse(), Response()
by_django.set_cookie("signature", "a/b==")
by_starlette.set_cookie("signature", "a/b==")
lines = {
    "Django": by_django.cookies["signature"].OutputString(),
    "Starlette": by_starlette.headers["set-cookie"],
    "Flask": dump_cookie("signature", "a/b=="),
}
for name, line in lines.items():
    print(f"{name} sets", line.split(";")[0].split("=", 1)[1])
PY
cat > read.cjs <<'JS'
const cookie = 'signature="a/b=="';
const readers = {
  Express: () => {
    const request = { headers: { cookie } };
    require("cookie-parser")()(request, {}, () => {});
    return request.cookies.signature;
  },
  Koa: () => new (require("cookies"))({ headers: { cookie }, connection: {} }, {}).get("signature"),
  hono: async () => {
    const { Hono } = await import("hono");
    const { getCookie } = await import("hono/cookie");
    const app = new Hono();
    app.get("/", (context) => context.text(getCookie(context, "signature")));
    return (await app.request("/", { headers: { cookie } })).text();
  },
  Fastify: async () => {
    const app = require("fastify")();
    await app.register(require("@fastify/cookie"));
    app.get("/", async (request) => request.cookies.signature);
    return (await app.inject({ url: "/", headers: { cookie } })).body;
  },
  "cookie 1": () => require("cookie").parse(cookie).signature,
  Next: () => new (require("@edge-runtime/cookies").RequestCookies)(new Headers({ cookie })).get("signature").value,
};
(async () => {
  for (const [name, read] of Object.entries(readers)) console.log(`${name} reads ${await read()}`);
})();
JS
{
  PYTHONPATH=py timeout 20 python3 -W ignore set.py
  timeout 20 node --no-warnings read.cjs
} > actual
cat > expected <<'TEXT'
Django sets "a/b=="
Starlette sets "a/b=="
Flask sets a/b==
Express reads a/b==
Koa reads a/b==
hono reads a/b==
Fastify reads "a/b=="
cookie 1 reads "a/b=="
Next reads "a/b=="
TEXT
diff expected actual && echo "as described"
