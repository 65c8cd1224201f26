#!/usr/bin/env bash
# A graceful restart ends an event stream forever in fetch-event-source, and a 502 on the way does in EventSource.
#
# Packages: npm @microsoft/fetch-event-source 2.0.1, eventsource 4.1.1 and undici 7.30.2 (EventSource as in browsers); for
#           comparison eventsource-client 1.2.0
# Guess:    Reconnecting is what server-sent events are for, whatever ended the stream; a client written to improve on
#           EventSource does it at least as well.
# Fact:     fetch-event-source connects again after a connection that broke, and after a 502, but not after a stream that the
#           server ended properly: its promise resolves, and that is all. EventSource connects again after both, but any
#           status other than 200 ends it (the HTML standard asks for that), with one `error` event as at each reconnection.
#           eventsource-client is back each time.
# Seen:     stream ended, then 200: fetch-event-source stays away, promise resolved; eventsource is back
#           stream cut, then 502: fetch-event-source is back; eventsource stays away
# Who:      Chats and dashboards on such streams, behind a proxy, at each deployment: a server that shuts down gracefully
#           loses the users of the one, and a proxy that answers 502 meanwhile those of the other; a server that crashes does
#           less harm in the test. Throw in `onclose` in the first; with EventSource, make a new one when `readyState` is 2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @microsoft/fetch-event-source@2.0.1 eventsource@4.1.1 undici@7.30.2 eventsource-client@1.2.0 >/dev/null 2>&1

cat > try.mjs <<'JS'
import http from "node:http";
import { createRequire } from "node:module";
import { EventSource } from "eventsource";
import { createEventSource } from "eventsource-client";
const require = createRequire(import.meta.url);
globalThis.window = globalThis;
globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
const { fetchEventSource } = require("@microsoft/fetch-event-source");
const undici = require("undici");
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const clients = {
  "fetch-event-source": (url, note) => {
    fetchEventSource(url, { openWhenHidden: true, onmessage: ({ data }) => note(data) }).then(() => note("resolved"), () => note("rejected"));
  },
  eventsource: (url, note) => {
    new EventSource(url).onmessage = ({ data }) => note(data);
  },
  undici: (url, note) => {
    new undici.EventSource(url).onmessage = ({ data }) => note(data);
  },
  "eventsource-client": (url, note) => createEventSource({ url, onMessage: ({ data }) => note(data) }),
};
const end = (response) => response.end();
const cut = (response) => response.destroy();
const good = (response) => response.writeHead(200, { "content-type": "text/event-stream" }).end("data: back\n\n");
const bad = (response) => response.writeHead(502).end();
// How the first response ends, and what the second request gets; further ones get a good response.
const restarts = {
  "stream ended, then 200": [end, good], "stream cut, then 200": [cut, good], "stream ended, then 502": [end, bad], "stream cut, then 502": [cut, bad],
};
const lines = [];
for (const [restart, [finish, answer]] of Object.entries(restarts)) {
  for (const [name, start] of Object.entries(clients)) {
    lines.push((async () => {
      let requests = 0;
      const server = http.createServer((request, response) => {
        if (++requests === 2) return answer(response);
        if (requests > 2) return good(response);
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write("retry: 200\ndata: first\n\n");
        setTimeout(finish, 300, response);
      });
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      const seen = new Set();
      start(`http://127.0.0.1:${server.address().port}/`, (text) => seen.add(text));
      await sleep(8);
      return `${restart}: ${name} ${seen.has("back") ? "is back" : `stays away${seen.has("resolved") ? ", promise resolved" : ""}${seen.has("rejected") ? ", promise rejected" : ""}`}`;
    })());
  }
}
process.on("unhandledRejection", () => {});
console.log((await Promise.all(lines)).join("\n"));
process.exit();
JS
cat > expected <<'TEXT'
stream ended, then 200: fetch-event-source stays away, promise resolved
stream ended, then 200: eventsource is back
stream ended, then 200: undici is back
stream ended, then 200: eventsource-client is back
stream cut, then 200: fetch-event-source is back
stream cut, then 200: eventsource is back
stream cut, then 200: undici is back
stream cut, then 200: eventsource-client is back
stream ended, then 502: fetch-event-source stays away, promise resolved
stream ended, then 502: eventsource stays away
stream ended, then 502: undici stays away
stream ended, then 502: eventsource-client is back
stream cut, then 502: fetch-event-source is back
stream cut, then 502: eventsource stays away
stream cut, then 502: undici stays away
stream cut, then 502: eventsource-client is back
TEXT
timeout 60 node --no-warnings try.mjs > actual
diff expected actual && echo "as described"
