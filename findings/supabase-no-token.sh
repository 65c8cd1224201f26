#!/usr/bin/env bash
# When the page's credential is gone, supabase-js goes on as a visitor: queries answer an empty list, and no error.
#
# Packages: npm @supabase/supabase-js 2.109.0, with a stand-in for its server that answers as row-level security does
# Guess:    With the option `accessToken` (sign-in by another login), a callback that returns null or throws makes the calls
#           fail, at once and with the callback's error.
# Fact:     Null, which one returns for a user who is signed out or whose renewal failed, is replaced by the project's public
#           key, in queries, storage and functions. Row-level security then hides the rows: status 200, an empty list, and no
#           error. If the callback throws, a query calls it four times within 7 s before it reports the error, an insert and
#           the others once, and functions hide its message.
# Seen:     null: select [], sent as the public key, 1 call of the callback
#           throws: select fails with "Error: no credential", not sent, 4 calls of the callback
# Who:      Sites whose login hands its users over to Supabase: after the credential has expired the page shows "no entries
#           yet" instead of "please sign in". Let the callback throw, not return null, when there should be a user.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @supabase/supabase-js@2.109.0 ws@8.23.0 >/dev/null 2>&1

cat > try.mjs <<'JS'
import http from "node:http";
import { createClient } from "@supabase/supabase-js";
import { WebSocket } from "ws";
console.error = console.warn = () => {};

// A table whose rows only their owner sees.
let sentAs = "";
const server = http.createServer((request, response) => {
  sentAs = { "Bearer public-key": "the public key", "Bearer credential": "the user" }[request.headers.authorization] ?? "something else";
  request.resume();
  const rows = sentAs === "the user" ? [{ id: 1 }] : [];
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(request.url.startsWith("/storage") ? { Key: "files/photo" } : rows));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${server.address().port}`;

const callbacks = {
  "a credential": () => "credential",
  null: () => null,
  throws: () => {
    throw new Error("no credential");
  },
};
for (const [name, callback] of Object.entries(callbacks)) {
  let calls = 0;
  const accessToken = async () => {
    calls++;
    return callback();
  };
  const client = createClient(url, "public-key", { accessToken, realtime: { transport: WebSocket } });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const actions = {
    select: () => client.from("notes").select(),
    insert: () => client.from("notes").insert({ id: 2 }),
    upload: () => client.storage.from("files").upload("photo", "bytes"),
    function: () => client.functions.invoke("hello"),
  };
  for (const [action, run] of Object.entries(actions)) {
    calls = 0;
    sentAs = "";
    const { data, error } = await run();
    const answer = error ? `fails with "${error.message}"` : action === "select" ? JSON.stringify(data) : "no error";
    console.log(`${name}: ${action} ${answer}, ${sentAs ? `sent as ${sentAs}` : "not sent"}, ${calls} call${calls === 1 ? "" : "s"} of the callback`);
  }
}
process.exit();
JS
cat > expected <<'TEXT'
a credential: select [{"id":1}], sent as the user, 1 call of the callback
a credential: insert no error, sent as the user, 1 call of the callback
a credential: upload no error, sent as the user, 1 call of the callback
a credential: function no error, sent as the user, 1 call of the callback
null: select [], sent as the public key, 1 call of the callback
null: insert no error, sent as the public key, 1 call of the callback
null: upload no error, sent as the public key, 1 call of the callback
null: function no error, sent as the public key, 1 call of the callback
throws: select fails with "Error: no credential", not sent, 4 calls of the callback
throws: insert fails with "Error: no credential", not sent, 1 call of the callback
throws: upload fails with "no credential", not sent, 1 call of the callback
throws: function fails with "Failed to send a request to the Edge Function", not sent, 1 call of the callback
TEXT
timeout 60 node --no-warnings try.mjs > actual
diff expected actual && echo "as described"
