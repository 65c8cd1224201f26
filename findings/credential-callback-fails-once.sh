#!/usr/bin/env bash
# If the function that fetches the credential fails once, graphql-ws, Hocuspocus and Knock do not ask it again.
#
# Packages: npm graphql-ws 6.4.2 (graphql 16.15.0), @hocuspocus/provider 4.8.0 (yjs 13.6.33), @knocklabs/client 0.22.2; for
#           comparison @microsoft/signalr 10.0.11, partysocket 1.3.0; the servers are stand-ins (ws 8.23.0)
# Guess:    A client that reconnects by itself also asks again when the site's endpoint could not give it a token.
# Fact:     graphql-ws counts an error of `connectionParams` as fatal, whatever `retryAttempts` says: the subscription ends,
#           even one that had run and only had to reconnect. With `shouldRetry: () => true` it asks again. Hocuspocus calls
#           onAuthenticationFailed and keeps the connection open; it asks for the token again only when the connection breaks.
#           Knock leaves the error to the page as an unhandled rejection, does not call onUserTokenExpiring again, and its
#           token runs out. signalr (while reconnecting) and partysocket ask again.
# Seen:     graphql-ws at a reconnect: token, data, 503, failed: 503
# Who:      Pages that fetch a credential in such a function: one 503 during a deployment ends live updates until the page
#           is reloaded. Set `shouldRetry`, or retry inside the function and let it fail only when there is no user.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts graphql-ws@6.4.2 graphql@16.15.0 @hocuspocus/provider@4.8.0 \
  yjs@13.6.33 @knocklabs/client@0.22.2 @microsoft/signalr@10.0.11 partysocket@1.3.0 ws@8.23.0 >/dev/null 2>&1

cat > try.cjs <<'JS'
const http = require("http");
const { WebSocketServer, WebSocket } = require("ws");
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
globalThis.WebSocket ??= WebSocket;

/** A function that gives a token, but fails at the calls with these numbers; `log` tells of each. */
function token(log, ...failures) {
  let calls = 0;
  return async () => {
    calls += 1;
    log.push(failures.includes(calls) ? "503" : "token");
    if (failures.includes(calls)) throw new Error("503");
    return "token";
  };
}
const drop = (server) => server.clients.forEach((socket) => socket.terminate());
const port = (server) => server.address().port;

async function graphql(failure, { isDropped, ...options }) {
  const { GraphQLObjectType, GraphQLSchema, GraphQLString } = require("graphql");
  const { useServer } = require("graphql-ws/use/ws");
  const ticks = async function* () {
    yield { tick: "1" };
    await sleep(60);
  };
  const type = (name, more) => new GraphQLObjectType({ name, fields: { tick: { type: GraphQLString, ...more } } });
  const schema = new GraphQLSchema({ query: type("Query"), subscription: type("Subscription", { subscribe: ticks }) });
  const server = new WebSocketServer({ port: 0 });
  useServer({ schema }, server);
  const log = [];
  const ask = token(log, failure);
  const client = require("graphql-ws").createClient({
    url: `ws://127.0.0.1:${port(server)}`, webSocketImpl: WebSocket, retryAttempts: 5, ...options,
    connectionParams: async () => ({ token: await ask() }),
  });
  client.subscribe({ query: "subscription { tick }" }, {
    next: () => log.push("data"), error: (error) => log.push(`failed: ${error.message}`), complete: () => log.push("completed"),
  });
  await sleep(2);
  if (isDropped) drop(server);
  await sleep(7);
  return log;
}

async function hocuspocus() {
  const server = new WebSocketServer({ port: 0 });
  const log = [];
  server.on("connection", () => log.push("connection"));
  const { HocuspocusProvider } = require("@hocuspocus/provider");
  const provider = new HocuspocusProvider({
    url: `ws://127.0.0.1:${port(server)}`, name: "document", document: new (require("yjs").Doc)(), token: token(log, 1),
    onAuthenticationFailed: () => log.push("onAuthenticationFailed"),
  });
  await sleep(5);
  log.push("five seconds later");
  drop(server);
  await sleep(4);
  provider.destroy();
  return log;
}

async function signalr() {
  const { HubConnectionBuilder } = require("@microsoft/signalr");
  const sockets = new WebSocketServer({ noServer: true });
  const server = http.createServer((request, response) => {
    request.resume();
    const transports = [{ transport: "WebSockets", transferFormats: ["Text"] }];
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ connectionId: "1", connectionToken: "1", negotiateVersion: 1, availableTransports: transports }));
  });
  server.on("upgrade", (request, socket, head) => sockets.handleUpgrade(request, socket, head, (peer) => {
    peer.on("message", (message) => String(message).includes("protocol") && peer.send("{}\x1e"));
  }));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const log = [];
  const connection = new HubConnectionBuilder()
    .withUrl(`http://127.0.0.1:${port(server)}/hub`, { accessTokenFactory: token(log, 3) })
    .withAutomaticReconnect([0, 500, 500]).configureLogging(6).build();
  connection.onreconnecting(() => log.push("reconnecting"));
  connection.onreconnected(() => log.push("reconnected"));
  await connection.start();
  sockets.clients.forEach((socket) => socket.terminate());
  await sleep(4);
  return log;
}

/** The token ends after ten seconds; the function is to be called five seconds before. */
async function knock() {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const ending = (seconds) => `${encode({ alg: "RS256" })}.${encode({ sub: "ann", exp: Math.floor(Date.now() / 1000) + seconds })}.c2ln`;
  const log = [];
  const ask = token(log, 1);
  const Knock = require("@knocklabs/client").default;
  const onUserTokenExpiring = () => ask().then(() => ending(3600));
  new Knock("pk_test").authenticate("ann", ending(10), { onUserTokenExpiring, timeBeforeExpirationInMs: 5000 });
  process.once("unhandledRejection", (error) => log.push(`unhandled: ${error.message}`));
  await sleep(13);
  return log;
}

async function partysocket() {
  const server = new WebSocketServer({ port: 0 });
  const log = [];
  const ask = token(log, 1);
  const url = async () => `ws://127.0.0.1:${port(server)}/?token=${await ask()}`;
  const socket = new (require("partysocket/ws").default)(url, [], { WebSocket });
  socket.addEventListener("open", () => log.push("open"));
  socket.addEventListener("error", () => {});
  await sleep(8);
  return log;
}

Promise.all([graphql(1, {}), graphql(2, { isDropped: true }), graphql(1, { shouldRetry: () => true }), hocuspocus(), knock(), signalr(), partysocket()]).then((logs) => {
  const clients = ["graphql-ws at first", "graphql-ws at a reconnect", "graphql-ws with shouldRetry", "Hocuspocus", "Knock", "signalr", "partysocket"];
  logs.forEach((log, index) => console.log(`${clients[index]}: ${log.join(", ")}`));
  process.exit();
});
JS
cat > expected <<'TEXT'
graphql-ws at first: 503, failed: 503
graphql-ws at a reconnect: token, data, 503, failed: 503
graphql-ws with shouldRetry: 503, token, data
Hocuspocus: connection, 503, onAuthenticationFailed, five seconds later, connection, token
Knock: 503, unhandled: 503
signalr: token, token, reconnecting, 503, token, token, reconnected
partysocket: 503, token, open
TEXT
timeout 60 node --no-warnings try.cjs > actual
diff expected actual && echo "as described"
