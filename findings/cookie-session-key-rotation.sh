#!/usr/bin/env bash
# After a change of keys, the signature cookie loses its expiry, and users are signed out when they close the browser.
#
# Package:  npm cookie-session 2.1.1 (with cookies 0.9.1), Node 20
# Guess:    With keys: ["new", "old"], a cookie signed by the old key is accepted and signed again by the new one. Both
#           cookies keep the lifetime that maxAge gives them.
# Fact:     The cookie is accepted and signed again, but only the `.sig` cookie is sent, and without `expires`. The
#           browser now has a session that lasts for maxAge, and a signature that lasts until the browser is closed.
#           Without its signature, the session is empty: the user is signed out, days or weeks after the change.
# Seen:     before the change: s with expires, s.sig with expires
#           first request after it: {"user":"ann"}, sets s.sig without expires
#           after the browser was closed: {}
# Who:      Sites with `maxAge: 30 days` that rotate keys as the README says. Users who are in daily contact with the
#           site after the change lose the session, unless something writes to it. To prevent it, change the session once
#           after a rotation (`req.session.keyed = 2`), so that both cookies are sent again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts cookie-session@2.1.1 cookies@0.9.1 >/dev/null

cat > try.cjs <<'JS'
const http = require("http");
const cookieSession = require("cookie-session");

function start(keys, handler) {
  const session = cookieSession({ name: "s", keys, maxAge: 30 * 24 * 3600 * 1000 });
  const server = http.createServer((request, response) => session(request, response, () => handler(request, response)));
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

async function get(server, cookie) {
  const response = await fetch(`http://127.0.0.1:${server.address().port}/`, { headers: cookie ? { cookie } : {} });
  return { text: await response.text(), set: response.headers.getSetCookie() };
}

const pair = (line) => line.split(";")[0];
const describe = (set) => set.map((line) => `${line.split("=")[0]} ${/expires=/i.test(line) ? "with" : "without"} expires`).join(", ");
const read = (request, response) => response.end(JSON.stringify(request.session));

(async () => {
  const before = await start(["old"], (request, response) => {
    request.session.user = "ann";
    response.end();
  });
  const after = await start(["new", "old"], read);
  const signedIn = await get(before);
  console.log("before the change:", describe(signedIn.set));

  const renewed = await get(after, signedIn.set.map(pair).join("; "));
  console.log("first request after it:", renewed.text, "sets", describe(renewed.set));

  // A browser that was closed has only the cookies with an expiry, in their newest version.
  const newest = new Map([...signedIn.set, ...renewed.set].map((line) => [pair(line).split("=")[0], line]));
  const kept = [...newest.values()].filter((line) => /expires=/i.test(line)).map(pair);
  console.log("after the browser was closed:", (await get(after, kept.join("; "))).text);
  before.close();
  after.close();
  process.exit();
})();
JS

cat > expected <<'TEXT'
before the change: s with expires, s.sig with expires
first request after it: {"user":"ann"} sets s.sig without expires
after the browser was closed: {}
TEXT
timeout 30 node try.cjs > actual
diff expected actual && echo "as described"
