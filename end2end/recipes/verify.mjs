// Verifies credentials with `jose` and Node's HMAC: `node verify.mjs [FILE…]`, each a vector or a list of
// { recipe, output, user?, settings?, key?, params?, now? }, "-" for standard input; without a file, all of recipes/golden.
// What is left out is taken from cases.json. `key` is the text of a key of your own; without `now` it must be valid now.
import { createHmac, createPublicKey } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { jwtVerify } from "jose";

const at = (path) => new URL(path, import.meta.url);
const read = (path) => JSON.parse(readFileSync(path));
const golden = at("../../recipes/golden/");
const { recipes: cases, user: defaultUser } = read(at("cases.json"));
const shapes = read(at("shapes.json"));
/** What an SDK makes and verifiers refuse, by file. */
const REFUSED = { "meilisearch.eternal.pypi": /"exp" claim must be a number/ };

const mac = (key, text, encoding = "hex", algorithm = "sha256") => createHmac(algorithm, key).update(text).digest(encoding);
const get = (value, path) => path.split(".").reduce((part, key) => part?.[key], value);
function equal(what, actual, expected) {
  if (actual !== expected) throw new Error(`${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
}

async function jwt({ alg, key, encoding, kid, user: identity, claims = {}, milliseconds }, { output, user, settings, key: own, now }) {
  const secret = own ?? settings[key];
  const keys = {
    "name:hex": () => Buffer.from(secret.split(":")[1], "hex"),
    pem: () => createPublicKey(own ?? readFileSync(new URL(secret, golden))),
    utf8: () => Buffer.from(secret),
  };
  const [name, token] = output.token.includes("/@@/") ? output.token.split("/@@/") : [null, output.token];
  if (name) equal("the key's name", name, settings.PRIVATE_KEY_ID);
  const moment = new Date(now * (milliseconds ? 1e6 : 1e3));
  const options = { algorithms: [alg], currentDate: moment, ...(claims.iss && { issuer: settings[claims.iss] }) };
  const { payload, protectedHeader } = await jwtVerify(token, keys[encoding ?? (key.endsWith("_FILE") ? "pem" : "utf8")](), options);
  if (kid) equal("kid", protectedHeader.kid, settings[kid]);
  for (const [claim, field] of Object.entries(identity)) equal(claim, get(payload, claim), user[field]);
  for (const [claim, setting] of Object.entries(claims)) equal(claim, get(payload, claim), settings[setting]);
}

const forms = {
  algolia: ({ output, user, now }, key) => {
    const [, hash, query] = /^([0-9a-f]{64})(.*)$/.exec(Buffer.from(output.token, "base64").toString());
    equal("the hash", hash, mac(key, query));
    const fields = new URLSearchParams(query);
    equal("userToken", fields.get("userToken"), user.id);
    if (Number(fields.get("validUntil")) <= now) throw new Error("it has expired");
  },
  typesense: ({ output, now }, key) => {
    const [, hash, start, json] = /^(.{44})(.{4})(.*)$/.exec(Buffer.from(output.token, "base64").toString());
    equal("the hash", hash, mac(key, json, "base64"));
    equal("the key's beginning", start, key.slice(0, 4));
    if (JSON.parse(json).expires_at <= now) throw new Error("it has expired");
  },
  pusher: ({ output, params, user, settings }, key) => {
    const data = output.user_data ?? output.channel_data;
    const parts = output.user_data ? [params.socket_id, "", "user", "", data] : [params.socket_id, params.channel_name, ...(data ? [data] : [])];
    equal("auth", output.auth, `${settings.KEY}:${mac(key, parts.join(":"))}`);
    if (data) equal("the user", JSON.parse(data)[output.user_data ? "id" : "user_id"], user.id);
  },
  ably: ({ output, user, now }, key) => {
    const [name, secret] = key.split(":");
    equal("keyName", output.keyName, name);
    equal("clientId", output.clientId, user.id);
    const { ttl, capability, timestamp, nonce } = output;
    const lines = [name, ttl, capability, user.id, timestamp, nonce].map((value) => `${value ?? ""}\n`);
    equal("mac", output.mac, mac(secret, lines.join(""), "base64"));
    if (Math.abs(timestamp - now * 1000) > 120_000) throw new Error("its timestamp is not now");
  },
  discourse: ({ output, user, params }, key) => {
    equal("sig", output.sig, mac(key, output.sso));
    const fields = new URLSearchParams(Buffer.from(output.sso, "base64").toString());
    equal("nonce", fields.get("nonce"), params.nonce);
    equal("external_id", fields.get("external_id"), user.id);
    equal("email", fields.get("email"), user.email);
  },
  fastcomments: ({ output, user }, key) => {
    equal("verificationHash", output.verificationHash, mac(key, output.timestamp + output.userDataJSONBase64));
    equal("the user", JSON.parse(Buffer.from(output.userDataJSONBase64, "base64")).id, user.id);
  },
  disqus: ({ output, user }, key) => {
    const [data, hash, time] = output.remote_auth_s3.split(" ");
    equal("the hash", hash, mac(key, `${data} ${time}`, "hex", "sha1"));
    equal("the user", JSON.parse(Buffer.from(data, "base64")).id, user.id);
  },
};

function verify(credential) {
  const { recipe } = credential;
  const shape = shapes[recipe];
  if (!shape) throw new Error(`shapes.json does not have the recipe ${recipe}`);
  const given = { user: defaultUser, now: Math.floor(Date.now() / 1000), ...cases[recipe], ...credential };
  if (shape.jwt) return jwt(shape.jwt, given);
  if (shape.form) return forms[shape.form](given, given.key ?? given.settings[shape.key]);
  const { output, of, encoding = "utf8" } = shape.mac;
  equal(output, given.output[output], mac(Buffer.from(given.key ?? given.settings.SECRET, encoding), given.user[of]));
}

const given = process.argv.slice(2);
const files = given.length ? given : readdirSync(golden).filter((name) => name.endsWith(".json")).sort().map((name) => new URL(name, golden));
for (const file of files) {
  const content = read(file === "-" ? 0 : file);
  for (const credential of Array.isArray(content) ? content : [content]) {
    const name = given.length ? credential.recipe : basename(file.pathname, ".json");
    let verdict = "accepted";
    try {
      await verify(credential);
    } catch (error) {
      verdict = `refused: ${error.message}`;
    }
    const expected = (!given.length && REFUSED[name]) || /^accepted$/;
    if (!expected.test(verdict)) process.exitCode = 1;
    console.log(`${name}: ${verdict}`);
  }
}
