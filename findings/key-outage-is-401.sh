#!/usr/bin/env bash
# While a provider's keys cannot be fetched, several middlewares answer 401 to valid tokens.
#
# Packages: npm express-oauth2-jwt-bearer 1.10.0; passport-jwt 4.0.1 with passport 0.7.0 and jwks-rsa 4.1.0; koa-jwt 4.0.4
#           with the same; for comparison express-jwt 8.5.1 with the same and hono 4.13.19; express 5.3.0, koa 3.3.0
# Guess:    A token that cannot be checked, because the provider's key set answers 503, leads to a 5xx: the token may be
#           valid, and the client should try again later.
# Fact:     The first three answer 401, the first of them with `error="invalid_token"`. The last two answer 500.
#           A second later, when the keys are back, all accept the same token.
# Seen:     express-oauth2-jwt-bearer: 401 with invalid_token, then 200
#           passport-jwt: 401, then 200
# Who:      Pages and vendors' widgets that get a credential from an API behind one of these. On 401 they drop the
#           credential, renew it (in vain) or sign the user out, and a minute's outage of a provider signs out everyone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts express-oauth2-jwt-bearer@1.10.0 passport@0.7.0 passport-jwt@4.0.1 \
  koa-jwt@4.0.4 jwks-rsa@4.1.0 express-jwt@8.5.1 hono@4.13.19 express@5.3.0 koa@3.3.0 jose@6.2.18 >/dev/null

cat > try.mjs <<'JS'
import http from "node:http";
import { createRequire } from "node:module";
import * as jose from "jose";
import { Hono } from "hono";
import { jwk } from "hono/jwk";
const require = createRequire(import.meta.url);
const express = require("express");
const jwks = require("jwks-rsa");

const listen = (handler) =>
  new Promise((resolve) => {
    const server = http.createServer(handler).listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}/`));
  });

const pair = await jose.generateKeyPair("RS256");
const key = { ...(await jose.exportJWK(pair.publicKey)), kid: "k1", alg: "RS256", use: "sig" };
let isDown = false;
const jwksUri = await listen((request, response) => {
  response.writeHead(isDown ? 503 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(isDown ? { error: "unavailable" } : { keys: [key] }));
});
const token = await new jose.SignJWT({ sub: "ann" })
  .setProtectedHeader({ alg: "RS256", kid: "k1" })
  .setIssuer("https://issuer.example/")
  .setAudience("api")
  .setIssuedAt()
  .setExpirationTime("1h")
  .sign(pair.privateKey);

function behindExpress(middleware) {
  const app = express();
  app.use(middleware);
  app.get("/", (request, response) => response.send("hello"));
  app.use((error, request, response, next) => response.status(error.status ?? 500).set(error.headers ?? {}).end());
  return listen(app);
}

const services = {
  "express-oauth2-jwt-bearer": () =>
    behindExpress(require("express-oauth2-jwt-bearer").auth({ jwksUri, issuer: "https://issuer.example/", audience: "api" })),
  "passport-jwt": () => {
    const { Strategy, ExtractJwt } = require("passport-jwt");
    const passport = new (require("passport").Passport)();
    const options = { secretOrKeyProvider: jwks.passportJwtSecret({ jwksUri }), jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken() };
    passport.use(new Strategy(options, (claims, done) => done(null, claims)));
    return behindExpress(passport.authenticate("jwt", { session: false }));
  },
  "koa-jwt": () => {
    const app = new (require("koa"))();
    app.silent = true;
    app.use(require("koa-jwt")({ secret: jwks.koaJwtSecret({ jwksUri }) }));
    app.use((context) => (context.body = "hello"));
    return listen(app.callback());
  },
  "express-jwt": () =>
    behindExpress(require("express-jwt").expressjwt({ secret: jwks.expressJwtSecret({ jwksUri }), algorithms: ["RS256"] })),
  hono: async () => {
    const app = new Hono();
    app.onError((error, context) => context.text("", error.status ?? 500));
    app.use(jwk({ jwks_uri: jwksUri, alg: ["RS256"] }));
    app.get("/", (context) => context.text("hello"));
    return listen(async (request, response) => {
      const answer = await app.fetch(new Request("http://127.0.0.1/", { headers: request.headers }));
      response.writeHead(answer.status).end();
    });
  },
};
for (const [name, start] of Object.entries(services)) {
  const url = await start();
  const statuses = [];
  for (isDown of [true, false]) {
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const isBlamed = /invalid_token/.test(response.headers.get("www-authenticate") ?? "");
    statuses.push(response.status + (isBlamed ? " with invalid_token" : ""));
  }
  console.log(`${name}: ${statuses.join(", then ")}`);
}
process.exit();
JS
cat > expected <<'TEXT'
express-oauth2-jwt-bearer: 401 with invalid_token, then 200
passport-jwt: 401, then 200
koa-jwt: 401, then 200
express-jwt: 500, then 200
hono: 500, then 200
TEXT
timeout 30 node try.mjs > actual
diff expected actual && echo "as described"
