#!/usr/bin/env bash
# Of three requests that get a 401 together, axios-auth-refresh repeats only the first after the token was renewed.
#
# Packages: npm axios-auth-refresh 5.0.2, axios 1.21.1
# Guess:    While one refresh runs, the others wait for it, and all are repeated with the new token; its README says that
#           additional requests are stalled.
# Fact:     That holds for requests that begin during the refresh. One that had been sent before it, and gets its 401 while
#           the refresh runs, is rejected with that 401. With `deduplicateRefresh: false` all are repeated, and there is still
#           one refresh only.
# Seen:     three at once: one refresh; 200, 401, 401
# Who:      Pages that load several things at their start with an old token: parts of the page stay empty or show "signed
#           out", and a reload helps. Set `deduplicateRefresh: false`, or renew the token before the first request.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts axios-auth-refresh@5.0.2 axios@1.21.1 >/dev/null 2>&1

cat > try.cjs <<'JS'
const { createServer } = require("http");
const axios = require("axios");
const createAuthRefresh = require("axios-auth-refresh");
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const server = createServer((request, response) => {
  response.writeHead(request.headers.authorization === "Bearer new" ? 200 : 401).end();
});
async function page(title, options, starts) {
  let token = "old";
  let refreshes = 0;
  const client = axios.create({ baseURL: `http://127.0.0.1:${server.address().port}` });
  client.interceptors.request.use((config) => {
    config.headers.Authorization = `Bearer ${token}`;
    return config;
  });
  const refresh = async () => {
    refreshes += 1;
    await sleep(500);
    token = "new";
  };
  createAuthRefresh(client, refresh, options);
  const requests = starts.map(async (start) => {
    await sleep(start);
    return client.get("/").then(({ status }) => status, (error) => error.response?.status ?? error.message);
  });
  console.log(`${title}: ${(await Promise.all(requests)).join(", ")}; refreshes: ${refreshes}`);
}
server.listen(0, "127.0.0.1", async () => {
  await page("three at once", {}, [0, 0, 0]);
  await page("two begin during the refresh", {}, [0, 200, 200]);
  await page("three at once, deduplicateRefresh false", { deduplicateRefresh: false }, [0, 0, 0]);
  process.exit();
});
JS
cat > expected <<'TEXT'
three at once: 200, 401, 401; refreshes: 1
two begin during the refresh: 200, 200, 200; refreshes: 1
three at once, deduplicateRefresh false: 200, 200, 200; refreshes: 1
TEXT
timeout 30 node --no-warnings try.cjs > actual
diff expected actual && echo "as described"
