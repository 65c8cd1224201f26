#!/usr/bin/env bash
# `"expires_in": "3600"` and `"expires_in": null` of a token endpoint are taken by some OAuth clients and refused by others.
#
# Packages: npm arctic 3.7.0, openid-client 6.9.0, simple-oauth2 5.1.0, @badgateway/oauth2-client 3.3.1;
#           PyPI Authlib 1.9.10, requests-oauthlib 2.0.0, httpx-oauth 0.17.0
# Guess:    Text is read as the number, as endpoints of large providers have sent it for years; null means "not known".
# Fact:     arctic accepts the response with text and throws only when accessTokenExpiresAt() is called. With null,
#           openid-client refuses the whole response, httpx-oauth raises a TypeError, arctic throws as before, and simple-oauth2
#           gives an Invalid Date that is never expired. The others leave the expiry out.
# Seen:     arctic, "3600": Missing or invalid 'expires_in' field
# Who:      Who writes a token endpoint or a stand-in of one: send a number, or leave the field out. Who signs in with a
#           provider of their own: try its response with the library, not only with curl.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts arctic@3.7.0 openid-client@6.9.0 simple-oauth2@5.1.0 \
  @badgateway/oauth2-client@3.3.1 >/dev/null 2>&1
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  Authlib==1.9.10 requests-oauthlib==2.0.0 httpx-oauth==0.17.0 requests==2.34.2 2>/dev/null

cat > server.mjs <<'JS'
import { createServer } from "node:http";
import { writeFileSync } from "node:fs";
const server = createServer((request, response) => {
  request.resume();
  const expires_in = JSON.parse(decodeURIComponent(request.url.split("/").pop()));
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ access_token: "token", token_type: "Bearer", expires_in }));
});
server.listen(0, "127.0.0.1", () => writeFileSync("port", String(server.address().port)));
JS
cat > try.mjs <<'JS'
import { OAuth2Client as Arctic } from "arctic";
import { OAuth2Client } from "@badgateway/oauth2-client";
import * as openid from "openid-client";
import { ClientCredentials } from "simple-oauth2";
const base = process.argv[2];
const clients = {
  arctic: async (url) => {
    const tokens = await new Arctic("id", "secret", null).validateAuthorizationCode(url, "code", null);
    return tokens.accessTokenExpiresAt();
  },
  "openid-client": async (url) => {
    const configuration = new openid.Configuration({ issuer: base, token_endpoint: url }, "id", "secret");
    openid.allowInsecureRequests(configuration);
    return (await openid.clientCredentialsGrant(configuration)).expiresIn();
  },
  "simple-oauth2": async (url) => {
    const { origin, pathname } = new URL(url);
    const client = new ClientCredentials({ client: { id: "id", secret: "secret" }, auth: { tokenHost: origin, tokenPath: pathname } });
    return (await client.getToken({})).token.expires_at;
  },
  "@badgateway/oauth2-client": async (url) =>
    (await new OAuth2Client({ clientId: "id", clientSecret: "secret", tokenEndpoint: url }).clientCredentials()).expiresAt,
};
for (const value of ["3600", 3600, null]) {
  for (const [name, ask] of Object.entries(clients)) {
    const expiry = (said) => (String(said) === "Invalid Date" ? "Invalid Date" : said ? "an hour" : "not known");
    const verdict = await ask(`${base}/${encodeURIComponent(JSON.stringify(value))}`).then(expiry, (error) => error.message);
    console.log(`${name}, ${JSON.stringify(value)}: ${verdict}`);
  }
}
JS
cat > try.py <<'PY'
import asyncio, json, os, sys
from urllib.parse import quote
os.environ.update(OAUTHLIB_INSECURE_TRANSPORT="1", AUTHLIB_INSECURE_TRANSPORT="1")
from authlib.integrations.requests_client import OAuth2Session as Authlib
from httpx_oauth.oauth2 import OAuth2
from oauthlib.oauth2 import BackendApplicationClient
from requests_oauthlib import OAuth2Session

clients = {
    "Authlib": lambda url: Authlib("id", "secret").fetch_token(url, grant_type="client_credentials"),
    "requests-oauthlib": lambda url: OAuth2Session(client=BackendApplicationClient("id")).fetch_token(url, client_id="id", client_secret="secret"),
    "httpx-oauth": lambda url: asyncio.run(OAuth2("id", "secret", url, url).get_access_token("code", "https://example.com/")),
}
for value in ("3600", 3600, None):
    for name, ask in clients.items():
        text = json.dumps(value)
        try:
            verdict = "an hour" if ask(f"{sys.argv[1]}/{quote(text)}").get("expires_at") else "not known"
        except Exception as error:
            verdict = error.__class__.__name__
        print(f"{name}, {text}: {verdict}")
PY
node server.mjs &
server=$!
trap 'kill $server; rm -rf "$folder"' EXIT
until [ -s port ]; do sleep 0.1; done
{
  timeout 30 node try.mjs "http://127.0.0.1:$(cat port)"
  PYTHONPATH=py timeout 30 python3 -W ignore try.py "http://127.0.0.1:$(cat port)"
} > all
grep -v ', 3600: an hour$' all > actual
cat > expected <<'TEXT'
arctic, "3600": Missing or invalid 'expires_in' field
openid-client, "3600": an hour
simple-oauth2, "3600": an hour
@badgateway/oauth2-client, "3600": an hour
arctic, null: Missing or invalid 'expires_in' field
openid-client, null: invalid response encountered
simple-oauth2, null: Invalid Date
@badgateway/oauth2-client, null: not known
Authlib, "3600": an hour
requests-oauthlib, "3600": an hour
httpx-oauth, "3600": an hour
Authlib, null: not known
requests-oauthlib, null: not known
httpx-oauth, null: TypeError
TEXT
diff expected actual && echo "as described"
