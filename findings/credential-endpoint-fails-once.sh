#!/usr/bin/env bash
# After one failed request to the site's sign-in endpoint, Pusher's browser SDK never asks again, even if signin() is called.
#
# Packages: npm pusher-js 8.6.0; for comparison ably 2.28.0, centrifuge 5.8.0, @liveblocks/client 3.24.2; the vendors'
#           servers are stand-ins (ws 8.23.0)
# Guess:    An SDK that gets its credential from the site's server tries again after a 503, as all of them do after a lost
#           connection. If it does not, calling its function once more does.
# Fact:     pusher-js tells the page once (`subscription_error`, `pusher:signin_error`) and stops. For channels, a second
#           subscribe() asks again. After a failed signin(), a second signin() sends nothing and gives no event, and
#           `signinDonePromise` resolves as if the user were signed in; only a new connection asks again. ably asks again
#           after 503 and 401 (both reported with statusCode 401), and stops at the first 403. The other two ask again within
#           a second after any error.
# Seen:     pusher-js signin(): 503, pusher:signin_error; signin() again: no request; new connection: 200, signed in
# Who:      Pages whose credential endpoint is restarted or rate limited while a user opens them: the rest of the page works,
#           and Pusher's user stays unknown until the page is reloaded or the connection breaks. Disconnect and connect in
#           the handler of `pusher:signin_error`. For Ably, do not answer 403 to what may pass.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts pusher-js@8.6.0 ably@2.28.0 centrifuge@5.8.0 \
  @liveblocks/client@3.24.2 ws@8.23.0 >/dev/null 2>&1

cat > try.cjs <<'JS'
const http = require("http");
const { WebSocketServer, WebSocket } = require("ws");
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const listen = (server) => new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));
console.error = console.warn = () => {};

// The site's endpoint: `statuses` for the first requests, then 200.
async function site(statuses, log, answer) {
  const left = [...statuses];
  const server = http.createServer((request, response) => {
    const status = left.shift() ?? 200;
    log.push(status);
    request.resume();
    response.writeHead(status, { "content-type": answer.type }).end(status === 200 ? answer.body : "");
  });
  return `http://127.0.0.1:${await listen(server)}`;
}
async function vendor(onConnection) {
  const server = http.createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => onConnection(socket, (value) => socket.send(JSON.stringify(value))));
  return { port: await listen(server), drop: () => sockets.clients.forEach((socket) => socket.close(4200)) };
}

async function pusher(title, begin, again) {
  const log = [];
  const url = await site([503], log, { type: "application/json", body: JSON.stringify({ auth: "key:s", user_data: '{"id":"ann"}' }) });
  const { port, drop } = await vendor((socket, send) => {
    send({ event: "pusher:connection_established", data: JSON.stringify({ socket_id: "1.1", activity_timeout: 120 }) });
    socket.on("message", (message) => {
      const { event, data } = JSON.parse(message);
      if (event === "pusher:subscribe" && data.channel === "private-room") log.push("subscribed");
      if (event === "pusher:signin") {
        log.push("signed in");
        send({ event: "pusher:signin_success", data: { user_data: data.user_data } });
      }
    });
  });
  const Pusher = require("pusher-js");
  const client = new Pusher("key", {
    cluster: "mt1", wsHost: "127.0.0.1", wsPort: port, forceTLS: false, enabledTransports: ["ws"], enableStats: false,
    channelAuthorization: { endpoint: url }, userAuthentication: { endpoint: url },
  });
  client.user.bind("pusher:signin_error", () => log.push("pusher:signin_error"));
  const part = () => log.splice(0).join(", ") || "no request";
  begin(client, log);
  await sleep(4);
  const seen = [part()];
  if (title.includes("signin")) {
    const isDone = await Promise.race([client.user.signinDonePromise.then(() => "resolved"), sleep(0.1)]);
    seen.push(`signinDonePromise ${isDone}`);
  }
  again(client, log);
  await sleep(2);
  seen.push(`${title} again: ${part()}`);
  if (title.includes("signin")) {
    drop();
    await sleep(3);
    seen.push(`new connection: ${part()}`);
  }
  client.disconnect();
  return `pusher-js ${title}: ${seen.join("; ")}`;
}

async function ably(status) {
  const log = [];
  const url = await site([status], log, { type: "text/plain", body: "token" });
  const { port } = await vendor((socket, send) => {
    const connectionDetails = { clientId: "ann", connectionKey: "k", maxIdleInterval: 15000, connectionStateTtl: 120000 };
    send({ action: 4, connectionId: "c", connectionDetails });
  });
  const client = new (require("ably").Realtime)({
    authUrl: url, endpoint: "127.0.0.1", port, tls: false, useBinaryProtocol: false, logLevel: 0, transports: ["web_socket"], disconnectedRetryTimeout: 1000,
  });
  client.connection.on((change) => {
    if (change.current !== "connecting") log.push(change.current + (change.reason ? ` (statusCode ${change.reason.statusCode})` : ""));
  });
  await sleep(5);
  client.close();
  return `ably after ${status}: ${log.join(", ")}`;
}

async function centrifuge() {
  const log = [];
  const { port } = await vendor((socket, send) =>
    socket.on("message", (message) => send({ id: JSON.parse(message).id, connect: { client: "c", version: "1", ping: 25, pong: true } })));
  let calls = 0;
  const getToken = async () => {
    log.push(calls++ ? "asked again" : "asked");
    if (calls === 1) throw new Error("503");
    return "token";
  };
  const client = new (require("centrifuge").Centrifuge)(`ws://127.0.0.1:${port}`, { websocket: WebSocket, getToken });
  client.on("connected", () => log.push("connected"));
  client.connect();
  await sleep(4);
  client.disconnect();
  return `centrifuge: ${log.join(", ")}`;
}

async function liveblocks() {
  const log = [];
  const authEndpoint = async () => {
    log.push(log.length ? "asked again" : "asked");
    if (log.length === 1) throw new Error("503");
    return { error: "forbidden", reason: "the end of this test" };
  };
  const client = require("@liveblocks/client").createClient({ authEndpoint, polyfills: { WebSocket, fetch } });
  client.enterRoom("room", { initialPresence: {} });
  await sleep(4);
  return `@liveblocks/client: ${log.join(", ")}`;
}

const subscribe = (client, log) =>
  client.subscribe("private-room").unbind_all().bind("pusher:subscription_error", () => log.push("subscription_error"));
Promise.all([
  pusher("subscribe()", subscribe, subscribe),
  pusher("signin()", (client) => client.signin(), (client) => client.signin()),
  ably(503), ably(401), ably(403), centrifuge(), liveblocks(),
]).then((lines) => {
  console.log(lines.join("\n"));
  process.exit();
});
JS
cat > expected <<'TEXT'
pusher-js subscribe(): 503, subscription_error; subscribe() again: 200, subscribed
pusher-js signin(): 503, pusher:signin_error; signinDonePromise resolved; signin() again: no request; new connection: 200, signed in
ably after 503: 503, disconnected (statusCode 401), 200, connected
ably after 401: 401, disconnected (statusCode 401), 200, connected
ably after 403: 403, failed (statusCode 403)
centrifuge: asked, asked again, connected
@liveblocks/client: asked, asked again
TEXT
timeout 60 node --no-warnings try.cjs > actual
diff expected actual && echo "as described"
