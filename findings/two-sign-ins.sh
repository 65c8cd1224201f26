#!/usr/bin/env bash
# When a user has begun to sign in twice, finishing the first attempt makes the second one fail, too, in four of six libraries.
#
# Packages: npm passport-oauth2 1.8.0 and passport-openidconnect 0.1.2 (passport 0.7.0), express-openid-connect 3.4.0,
#           @hono/oidc-auth 1.8.1; for comparison @auth/core 0.41.3 (Auth.js) and remix-auth-oauth2 3.4.1
# Guess:    A library that remembers one attempt forgets the first when the second begins. So the first one fails when the
#           user comes back from the provider, and the second one works.
# Fact:     That is what @auth/core does. In the first four, the callback of the first attempt is refused and also removes
#           what was remembered of the second, which is then refused as well. With remix-auth-oauth2, both work, since each
#           attempt has its own cookie; ten attempts that were given up leave ten cookies for five minutes.
# Seen:     passport-oauth2: first refused, second refused
#           @auth/core: first refused, second signed in
# Who:      Users who open a sign-in in a popup and another in the page, press the button twice, or restore two tabs: neither
#           attempt ends well, and only a third one does. Sites should offer "try again" on that error page, which begins
#           a new attempt.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps passport@0.7.0 passport-oauth2@1.8.0 \
  passport-openidconnect@0.1.2 express-openid-connect@3.4.0 @hono/oidc-auth@1.8.1 @auth/core@0.41.3 remix-auth-oauth2@3.4.1 \
  remix-auth@4.2.0 express@5.3.0 express-session@1.19.0 hono@4.13.19 jose@6.2.18 >/dev/null 2>&1

cat > try.mjs <<'JS'
import http from "node:http";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import * as jose from "jose";
import { Hono } from "hono";
import { Auth } from "@auth/core";
import { Authenticator } from "remix-auth";
import { OAuth2Strategy } from "remix-auth-oauth2";
const require = createRequire(import.meta.url);
const express = require("express");
console.error = () => {};

const client = { clientID: "site", clientSecret: "secret" };
const listen = (server) => new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}`)));
async function body(request) {
  let text = "";
  for await (const part of request) text += part;
  return text;
}

// The provider: the test makes its codes, of the nonce and the PKCE challenge of the attempt.
const pair = await jose.generateKeyPair("RS256");
const key = { ...(await jose.exportJWK(pair.publicKey)), kid: "k1", alg: "RS256", use: "sig" };
const provider = http.createServer(async (request, response) => {
  const form = new URLSearchParams(await body(request));
  const answer = (status, value) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  if (request.url.endsWith("/openid-configuration")) {
    return answer(200, {
      issuer, jwks_uri: `${issuer}/keys`, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/user`, response_types_supported: ["code"], response_modes_supported: ["query"],
      subject_types_supported: ["public"], id_token_signing_alg_values_supported: ["RS256"], scopes_supported: ["openid"],
      code_challenge_methods_supported: ["S256"],
    });
  }
  if (request.url === "/keys") return answer(200, { keys: [key] });
  if (request.url === "/user") return answer(200, { sub: "ann", name: "Ann" });
  const { nonce, challenge } = JSON.parse(Buffer.from(form.get("code"), "base64url"));
  const verifier = createHash("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
  if (challenge && challenge !== verifier) return answer(400, { error: "invalid_grant" });
  const signer = new jose.SignJWT({ name: "Ann", ...(nonce && { nonce }) }).setProtectedHeader({ alg: "RS256", kid: "k1" });
  const idToken = await signer.setIssuer(issuer).setAudience("site").setSubject("ann").setIssuedAt().setExpirationTime("1h").sign(pair.privateKey);
  answer(200, { access_token: "a", token_type: "Bearer", expires_in: 3600, id_token: idToken });
});
const issuer = await listen(provider);

// Runs a function from Request to Response as a site.
const withFetch = (handle) => async (request, response) => {
  const text = await body(request);
  const answer = await handle(new Request(`http://${request.headers.host}${request.url}`, {
    method: request.method, headers: request.headers, ...(request.method === "POST" && { body: text }),
  }));
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => name !== "set-cookie"));
  response.writeHead(answer.status, { ...headers, "set-cookie": answer.headers.getSetCookie() }).end(await answer.text());
};
const onError = (error, request, response, next) => response.status(error.status ?? 500).end();
const withPassport = (strategy) => (site) => {
  const passport = new (require("passport").Passport)();
  passport.use("provider", strategy(`${site}/callback`));
  passport.serializeUser((user, done) => done(null, user));
  const app = express();
  app.use(require("express-session")({ secret: "s", resave: false, saveUninitialized: true }));
  app.get("/start", passport.authenticate("provider"));
  app.get("/callback", passport.authenticate("provider"), (request, response) => response.send("signed in"));
  return app.use(onError);
};
const endpoints = { authorizationURL: `${issuer}/authorize`, tokenURL: `${issuer}/token` };
const found = (...results) => results.pop()(null, { id: "ann" });

const sites = {
  "passport-oauth2": withPassport((callbackURL) =>
    new (require("passport-oauth2"))({ ...endpoints, ...client, callbackURL, state: true, pkce: true }, found)),
  "passport-openidconnect": withPassport((callbackURL) =>
    new (require("passport-openidconnect"))({ issuer, ...endpoints, userInfoURL: `${issuer}/user`, ...client, callbackURL }, found)),
  "express-openid-connect": (site) => {
    const { auth } = require("express-openid-connect");
    const routes = { login: "/start" };
    const authorizationParams = { response_type: "code", scope: "openid" };
    const app = express();
    app.use(auth({ issuerBaseURL: issuer, baseURL: site, ...client, secret: "x".repeat(32), authRequired: false, authorizationParams, routes }));
    app.get("/", (request, response) => response.send("hello"));
    return app.use(onError);
  },
  "@hono/oidc-auth": async (site) => {
    Object.assign(process.env, {
      OIDC_AUTH_SECRET: "x".repeat(32), OIDC_ISSUER: issuer, OIDC_CLIENT_ID: client.clientID,
      OIDC_CLIENT_SECRET: client.clientSecret, OIDC_REDIRECT_URI: `${site}/callback`,
    });
    const { oidcAuthMiddleware, processOAuthCallback } = await import("@hono/oidc-auth");
    const app = new Hono();
    app.onError((error, context) => context.text("", 500));
    app.get("/callback", (context) => processOAuthCallback(context));
    app.use("*", oidcAuthMiddleware());
    app.get("*", (context) => context.text("hello"));
    return withFetch((request) => app.fetch(request));
  },
  "@auth/core": () => {
    const oidc = { id: "provider", type: "oidc", issuer, clientId: client.clientID, clientSecret: client.clientSecret, checks: ["state", "pkce", "nonce"] };
    const logger = { error() {}, warn() {}, debug() {} };
    return withFetch((request) => Auth(request, { secret: "s", trustHost: true, basePath: "/auth", providers: [oidc], logger }));
  },
  "remix-auth-oauth2": (site) => {
    const authenticator = new Authenticator();
    authenticator.use(new OAuth2Strategy({
      cookie: "oauth2", clientId: client.clientID, clientSecret: client.clientSecret, redirectURI: `${site}/callback`,
      authorizationEndpoint: `${issuer}/authorize`, tokenEndpoint: `${issuer}/token`,
    }, async () => ({ id: "ann" })), "provider");
    return withFetch(async (request) => {
      try {
        await authenticator.authenticate("provider", request);
        return new Response("signed in");
      } catch (error) {
        return error instanceof Response ? error : new Response("", { status: 500 });
      }
    });
  },
};

for (const [name, make] of Object.entries(sites)) {
  const server = http.createServer((request, response) => handle(request, response));
  const site = await listen(server);
  const handle = await make(site);
  // One browser with two tabs has one set of cookies.
  let cookies = new Map();
  const get = async (path, options = {}) => {
    const cookie = [...cookies].map((entry) => entry.join("=")).join("; ");
    const response = await fetch(new URL(path, site), { redirect: "manual", ...options, headers: { ...options.headers, cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, cookieName, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(cookieName);
      else cookies.set(cookieName, value);
    }
    return response;
  };
  const begin = async () => {
    let response;
    if (name === "@auth/core") {
      const { csrfToken } = await (await get("/auth/csrf")).json();
      response = await get("/auth/signin/provider", { method: "POST", body: new URLSearchParams({ csrfToken }) });
    } else {
      response = await get("/start");
    }
    return new URL(response.headers.get("location")).searchParams;
  };
  const finish = async (asked) => {
    const url = new URL(asked.get("redirect_uri"));
    const code = { nonce: asked.get("nonce"), challenge: asked.get("code_challenge") };
    url.searchParams.set("code", Buffer.from(JSON.stringify(code)).toString("base64url"));
    url.searchParams.set("state", asked.get("state"));
    const response = await get(url.pathname + url.search);
    const isError = response.status >= 400 || /error/.test(response.headers.get("location") ?? "");
    return isError ? "refused" : "signed in";
  };
  const alone = await finish(await begin());
  cookies = new Map();
  const first = await begin();
  const second = await begin();
  console.log(`${name}: one alone ${alone}; first ${await finish(first)}, second ${await finish(second)}`);
}
process.exit();
JS
cat > expected <<'TEXT'
passport-oauth2: one alone signed in; first refused, second refused
passport-openidconnect: one alone signed in; first refused, second refused
express-openid-connect: one alone signed in; first refused, second refused
@hono/oidc-auth: one alone signed in; first refused, second refused
@auth/core: one alone signed in; first refused, second signed in
remix-auth-oauth2: one alone signed in; first signed in, second signed in
TEXT
timeout 30 node --no-warnings try.mjs > actual
diff expected actual && echo "as described"
