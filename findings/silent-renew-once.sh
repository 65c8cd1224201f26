#!/usr/bin/env bash
# oidc-client-ts asks for a new access token once; if that one request fails, the user expires, however much time was left.
#
# Packages: npm oidc-client-ts 3.5.0
# Guess:    automaticSilentRenew begins before the token ends so that a 503 or a lost connection can be tried again.
# Fact:     After a 503, a 429 or a connection that was cut it raises silentRenewError, asks no more, and raises
#           accessTokenExpired when the token ends. A call of signinSilent() by the page works.
# Seen:     503: asked, silentRenewError, expired
# Who:      Pages with this library, also below react-oidc-context: a restart of the provider signs out every page that
#           renews at that moment. In the handler of silentRenewError, call signinSilent() again after some seconds, unless the
#           error is `invalid_grant`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts oidc-client-ts@3.5.0 >/dev/null 2>&1

cat > try.mjs <<'JS'
import { createServer } from "node:http";
import { webcrypto } from "node:crypto";
globalThis.window = globalThis;
globalThis.crypto ??= webcrypto;
const { InMemoryWebStorage, User, UserManager, WebStorageStateStore } = await import("oidc-client-ts");
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

// The token endpoint fails once, 15 seconds before the end of the token, and works after that.
async function page(failure, isCalledAgain) {
  const log = [];
  const failures = failure ? [failure] : [];
  const server = createServer((request, response) => {
    request.resume();
    const status = failures.shift() ?? 200;
    log.push("asked");
    if (status === "connection cut") return request.socket.destroy();
    const tokens = { access_token: "new", token_type: "Bearer", expires_in: 3600, refresh_token: "next" };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(status === 200 ? tokens : {}));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const authority = `http://127.0.0.1:${server.address().port}`;
  const store = new WebStorageStateStore({ store: new InMemoryWebStorage() });
  const manager = new UserManager({
    authority, client_id: "client", redirect_uri: `${authority}/callback`, userStore: store, stateStore: store,
    automaticSilentRenew: true, accessTokenExpiringNotificationTimeInSeconds: 15,
    metadata: { issuer: authority, authorization_endpoint: `${authority}/authorize`, token_endpoint: `${authority}/token` },
  });
  manager.events.addUserLoaded((user) => log.push(`${user.access_token} token`));
  manager.events.addSilentRenewError(async () => {
    log.push("silentRenewError");
    if (isCalledAgain) await manager.signinSilent();
  });
  manager.events.addAccessTokenExpired(() => log.push("expired"));
  const profile = { sub: "ann", iss: authority, aud: "client", exp: 1, iat: 1 };
  const expires_at = Math.floor(Date.now() / 1000) + 18;
  await manager.storeUser(new User({ access_token: "old", refresh_token: "first", token_type: "Bearer", expires_at, profile }));
  await manager.getUser();
  await sleep(24);
  return `${failure ?? "no failure"}${isCalledAgain ? ", signinSilent() after it" : ""}: ${log.join(", ")}`;
}
const pages = [page(), page(503), page(429), page("connection cut"), page(503, true)];
console.log((await Promise.all(pages)).join("\n"));
process.exit();
JS
cat > expected <<'TEXT'
no failure: asked, new token
503: asked, silentRenewError, expired
429: asked, silentRenewError, expired
connection cut: asked, silentRenewError, expired
503, signinSilent() after it: asked, silentRenewError, asked, new token
TEXT
timeout 60 node --no-warnings try.mjs > actual
diff expected actual && echo "as described"
