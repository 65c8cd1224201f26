#!/usr/bin/env bash
# Over HTTP/2, Django, Litestar and Falcon behind Granian lose cookies as soon as the browser has two.
#
# Packages: PyPI granian 2.8.9; Django 5.2.19, litestar 2.25.0, falcon 4.4.0, for comparison starlette 1.10.0 (FastAPI) and
#           Quart 0.22.0; the server Hypercorn 0.18.0 for comparison; Node 20 as the client
# Guess:    A server that speaks HTTP/2 joins what a browser has split, so that a framework sees one header `cookie`.
# Fact:     HTTP/2 allows one field for each cookie, and Chromium sends two cookies that way (seen with version 156; Node
#           does if it is given a list). Granian hands the fields on as they came, and frameworks differ in what they do with
#           them: Litestar reads the first, Falcon the last, and Django joins them by a comma, into one cookie with a wrong
#           value. Starlette and Quart read both (Starlette 0.46.2 still read the first alone). Hypercorn joins them for all.
# Seen:     Litestar: {"session":"s"}
#           Falcon: {"theme":"dark"}
#           Django: {"session":"s,theme=dark"}
# Who:      Sites that turn on TLS in Granian, whose HTTP/2 is on by default: users with one cookie stay signed in, and are
#           signed out when a second one is set, such as that of a chat widget. curl and httpx send one field, and proxies
#           that speak HTTP/1.1 to the server join them, so it works there. `--http 1` helps.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py granian==2.8.9 \
  Hypercorn==0.18.0 Django==5.2.19 litestar==2.25.0 falcon==4.4.0 starlette==1.10.0 Quart==0.22.0 2>/dev/null

cat > on_django.py <<'PY'
import django
from django.conf import settings
settings.configure(ROOT_URLCONF="on_django", ALLOWED_HOSTS=["*"], SECRET_KEY="s" * 50)
django.setup()
from django.core.asgi import get_asgi_application
from django.http import JsonResponse
from django.urls import path
urlpatterns = [path("", lambda request: JsonResponse(request.COOKIES))]
app = get_asgi_application()
PY
cat > on_litestar.py <<'PY'
from litestar import Litestar, Request, get
@get("/")
async def index(request: Request) -> dict[str, str]:
    return request.cookies
app = Litestar([index])
PY
cat > on_falcon.py <<'PY'
import falcon.asgi
class Index:
    async def on_get(self, request, response):
        response.media = request.cookies
app = falcon.asgi.App()
app.add_route("/", Index())
PY
cat > on_starlette.py <<'PY'
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
async def index(request):
    return JSONResponse(request.cookies)
app = Starlette(routes=[Route("/", index)])
PY
cat > on_quart.py <<'PY'
from quart import Quart, request
app = Quart(__name__)
@app.get("/")
async def index():
    return dict(request.cookies)
PY
cat > try.mjs <<'JS'
import http2 from "node:http2";
import net from "node:net";
import { spawn } from "node:child_process";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
const isOpen = (port) => new Promise((resolve) => {
  const socket = net.connect(port, "127.0.0.1", () => resolve(socket.end() && true)).on("error", () => resolve(false));
});
function get(port, cookie) {
  return new Promise((resolve, reject) => {
    const client = http2.connect(`http://127.0.0.1:${port}`).on("error", reject);
    const request = client.request({ ":path": "/", cookie });
    let text = "";
    request.on("data", (part) => (text += part));
    request.on("end", () => resolve(client.close() ?? JSON.stringify(JSON.parse(text))));
    request.on("error", reject).end();
  });
}
const servers = {
  Granian: (port, app) => ["-m", "granian", "--interface", "asgi", "--http", "2", "--host", "127.0.0.1", "--port", port, app],
  Hypercorn: (port, app) => ["-m", "hypercorn", "--bind", `127.0.0.1:${port}`, app],
};
const frameworks = { Granian: ["Django", "Litestar", "Falcon", "Starlette", "Quart"], Hypercorn: ["Django", "Litestar", "Falcon"] };
const started = [];
process.on("exit", () => started.forEach(({ server }) => server.kill()));
for (const [name, line] of Object.entries(servers)) {
  for (const framework of frameworks[name]) {
    const port = await freePort();
    const server = spawn("python3", line(String(port), `on_${framework.toLowerCase()}:app`), { stdio: "ignore" });
    started.push({ name, framework, port, server });
  }
}
for (const { name, framework, port } of started) {
  for (let i = 0; i < 600 && !(await isOpen(port)); i++) await sleep(100);
  const inOne = await get(port, "session=s; theme=dark");
  const inTwo = await get(port, ["session=s", "theme=dark"]);
  console.log(`${name}, ${framework}: one field ${inOne}; two fields ${inTwo}`);
}
await Promise.all(started.map(({ server }) => new Promise((resolve) => server.on("exit", resolve) && server.kill())));
JS
cat > expected <<'TEXT'
Granian, Django: one field {"session":"s","theme":"dark"}; two fields {"session":"s,theme=dark"}
Granian, Litestar: one field {"session":"s","theme":"dark"}; two fields {"session":"s"}
Granian, Falcon: one field {"session":"s","theme":"dark"}; two fields {"theme":"dark"}
Granian, Starlette: one field {"session":"s","theme":"dark"}; two fields {"session":"s","theme":"dark"}
Granian, Quart: one field {"session":"s","theme":"dark"}; two fields {"session":"s","theme":"dark"}
Hypercorn, Django: one field {"session":"s","theme":"dark"}; two fields {"session":"s","theme":"dark"}
Hypercorn, Litestar: one field {"session":"s","theme":"dark"}; two fields {"session":"s","theme":"dark"}
Hypercorn, Falcon: one field {"session":"s","theme":"dark"}; two fields {"session":"s","theme":"dark"}
TEXT
PYTHONPATH=py timeout 100 node --no-warnings try.mjs > actual
diff expected actual && echo "as described"
