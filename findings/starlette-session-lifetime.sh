#!/usr/bin/env bash
# Starlette 1 sends the session cookie only when the session was changed, so sessions now end 14 days after the last change.
#
# Packages: PyPI starlette 0.52.1 and 1.0.0 (1.10.0 is the same); httpx 0.28.1, itsdangerous 2.2.0
# Guess:    SessionMiddleware sends the cookie again with each response, as it always did: max_age counts from the last
#           request, and users who come every day stay signed in.
# Fact:     From 1.0.0 on, a request that only reads the session, or does not touch it, sends no cookie. max_age counts from
#           the last change, which for most sites is the sign-in: users who come every day are signed out on day 14.
#           Pages that do not touch the session no longer have `Vary: Cookie`, either.
# Seen:     0.52.1: sign-in: cookie; reading: cookie; another page: cookie
#           1.0.0: sign-in: cookie; reading: no cookie; another page: no cookie
# Who:      Sites made with FastAPI or Starlette that keep their own login beside a widget's credential, after an upgrade.
#           Writing something to the session at most once a day (`session["seen"] = today`) restores the old behaviour.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
pip="python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore"
$pip --target common httpx==0.28.1 itsdangerous==2.2.0 typing_extensions 2>/dev/null
$pip --no-deps --target old starlette==0.52.1 2>/dev/null
$pip --no-deps --target new starlette==1.0.0 2>/dev/null

cat > try.py <<'PY'
import asyncio
import httpx, starlette
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

async def sign_in(request):
    request.session["user"] = "ann"
    return PlainTextResponse("welcome")

async def read(request):
    return PlainTextResponse(request.session["user"])

async def other(request):
    return PlainTextResponse("about us")

routes = [Route("/sign-in", sign_in), Route("/read", read), Route("/other", other)]
app = Starlette(routes=routes, middleware=[Middleware(SessionMiddleware, secret_key="s" * 32)])

async def main():
    seen = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://site.example") as client:
        for name, path in (("sign-in", "/sign-in"), ("reading", "/read"), ("another page", "/other")):
            response = await client.get(path)
            seen.append(f"{name}: {'cookie' if 'set-cookie' in response.headers else 'no cookie'}")
    print(f"{starlette.__version__}: {'; '.join(seen)}")

asyncio.run(main())
PY
for version in old new; do PYTHONPATH=$version:common timeout 20 python3 -W ignore try.py; done > actual
cat > expected <<'TEXT'
0.52.1: sign-in: cookie; reading: cookie; another page: cookie
1.0.0: sign-in: cookie; reading: no cookie; another page: no cookie
TEXT
diff expected actual && echo "as described"
