#!/usr/bin/env bash
# A token that is valid for 25 days or more is treated as expiring by Knock's and Keycloak's clients when they start.
#
# Packages: npm @knocklabs/client 0.22.2, keycloak-js 26.2.4; for comparison oidc-client-ts 3.5.0
# Guess:    A client that tells the page shortly before a token expires does so after 30 days if the token lives for 30 days.
# Fact:     Timers count milliseconds in 32 bits, so 24.8 days are their maximum, and longer ones fire at once. Knock and
#           Keycloak set one timer for the whole time. Knock calls `onUserTokenExpiring` when the page is loaded, finds that
#           the new token, which lives as long, "expires too soon", and drops it. Keycloak calls `onTokenExpired` while its
#           own isTokenExpired() is false. oidc-client-ts looks at the clock every few seconds and is not affected.
# Seen:     24 days: Knock asks for a new token 0 times; Keycloak silent; oidc-client-ts silent
#           25 days: Knock asks for a new token 1 times; Keycloak says expired (isTokenExpired() is false); oidc-client-ts silent
# Who:      Sites with long-lived tokens, in tests or to avoid renewals: each page load asks the credential endpoint in vain,
#           or signs the user out in `onTokenExpired`. Shorter tokens help, and a look at isTokenExpired() first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @knocklabs/client@0.22.2 keycloak-js@26.2.4 oidc-client-ts@3.5.0 >/dev/null 2>&1

cat > try.mjs <<'JS'
import Knock from "@knocklabs/client";
import Keycloak from "keycloak-js";
import { InMemoryWebStorage, User, UserManager, WebStorageStateStore } from "oidc-client-ts";
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const now = () => Math.floor(Date.now() / 1000);
const token = (days) => `${encode({ alg: "RS256", typ: "JWT" })}.${encode({ sub: "ann", iat: now(), exp: now() + days * 86400 })}.c2ln`;
const print = (line) => process.stdout.write(`${line}\n`);
const logged = new Set();
console.log = console.warn = console.error = (...parts) => logged.add(parts.join(" "));
// As little of a browser as the two others need.
const storage = new InMemoryWebStorage();
globalThis.window = { setTimeout, clearTimeout, location: { href: "http://127.0.0.1/", origin: "http://127.0.0.1", hash: "" }, history: {}, isSecureContext: true };
window.addEventListener = window.removeEventListener = () => {};
globalThis.document = { cookie: "", getElementsByTagName: () => [], createElement: () => ({ setAttribute() {}, style: {} }) };

for (const days of [1, 24, 25, 30]) {
  let calls = 0;
  const knock = new Knock("pk_test");
  const onUserTokenExpiring = async () => {
    calls++;
    return token(days);
  };
  knock.authenticate("ann", token(days), { onUserTokenExpiring, timeBeforeExpirationInMs: 5000 });

  const keycloak = new Keycloak({ url: "http://127.0.0.1:9", realm: "main", clientId: "site" });
  let word = "silent";
  keycloak.onTokenExpired = () => (word = `says expired (isTokenExpired() is ${keycloak.isTokenExpired()})`);
  const given = token(days);
  await keycloak.init({ token: given, refreshToken: given, idToken: given, timeSkew: 0, checkLoginIframe: false, pkceMethod: false }).catch(() => {});

  const store = new WebStorageStateStore({ store: storage });
  const manager = new UserManager({ authority: "http://127.0.0.1:9", client_id: "site", redirect_uri: "http://127.0.0.1/", userStore: store, stateStore: store });
  let other = "silent";
  manager.events.addAccessTokenExpiring(() => (other = "says expiring"));
  manager.events.addAccessTokenExpired(() => (other = "says expired"));
  await manager.events.load(new User({ access_token: "a", token_type: "Bearer", profile: { sub: "ann" }, expires_at: now() + days * 86400 }));

  await sleep(1.5);
  print(`${days} days: Knock asks for a new token ${calls} times; Keycloak ${word}; oidc-client-ts ${other}`);
}
print([...logged].find((line) => line.includes("too soon")));
process.exit();
JS
cat > expected <<'TEXT'
1 days: Knock asks for a new token 0 times; Keycloak silent; oidc-client-ts silent
24 days: Knock asks for a new token 0 times; Keycloak silent; oidc-client-ts silent
25 days: Knock asks for a new token 1 times; Keycloak says expired (isTokenExpired() is false); oidc-client-ts silent
30 days: Knock asks for a new token 1 times; Keycloak says expired (isTokenExpired() is false); oidc-client-ts silent
[Knock] Refreshed user token expires too soon to schedule another refresh; not re-authenticating
TEXT
timeout 60 node --no-warnings try.mjs > actual
diff expected actual && echo "as described"
