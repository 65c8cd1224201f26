"""Debian's glewlwyd, set up by its own API: https://github.com/babelouest/glewlwyd"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import HTTPError, URLError
from urllib.request import HTTPCookieProcessor, Request, build_opener

from rsa_key import new_key

# The packages are unpacked beside this file, not installed.
ROOT = Path(__file__).parent / "root"
SHARE = ROOT / "usr/share/glewlwyd"
MODULES = ROOT / "usr/lib/glewlwyd"
URL = f"http://127.0.0.1:{os.environ['PORT']}"

CONFIG = f"""
port={os.environ["PORT"]}
bind_address="127.0.0.1"
external_url="{URL}"
login_url="login.html"
api_prefix="api"
static_files_path="%(folder)s/pages/"
log_mode="console"
log_level="ERROR"
session_key="GLEWLWYD2_SESSION_ID"
hash_algorithm="SHA512"
user_module_path="{MODULES}/user"
client_module_path="{MODULES}/client"
user_auth_scheme_module_path="{MODULES}/scheme"
plugin_module_path="{MODULES}/plugin"
database = {{ type = "sqlite3", path = "%(folder)s/glewlwyd.db" }};
static_files_mime_types = (
  {{ extension = ".html", mime_type = "text/html" }},
  {{ extension = ".css", mime_type = "text/css" }},
  {{ extension = ".js", mime_type = "application/javascript" }},
  {{ extension = ".json", mime_type = "application/json" }}
)
"""

# What the form for a new OpenID Connect plugin proposes, as far as it matters here.
PROPOSED = {
    "jwt-type": "rsa",
    "jwt-key-size": "256",
    "access-token-duration": 3600,
    "refresh-token-duration": 1209600,
    "code-duration": 600,
    "refresh-token-rolling": True,
    "auth-type-code-enabled": True,
    "auth-type-token-enabled": True,
    "auth-type-id-token-enabled": True,
    "auth-type-none-enabled": True,
    "auth-type-password-enabled": False,
    "auth-type-client-enabled": True,
    "auth-type-device-enabled": False,
    "auth-type-refresh-enabled": True,
    "allow-non-oidc": False,
    "scope": [],
    "additional-parameters": [],
    "claims": [],
    "jwks-show": True,
    "jwks-x5c": [],
    "request-parameter-allow": True,
    "address-claim": {"type": "no"},
    "name-claim": "on-demand",
    "name-claim-scope": [],
    "email-claim": "no",
    "email-claim-scope": [],
    "scope-claim": "no",
    "scope-claim-scope": [],
    "allowed-scope": ["openid"],
    "pkce-allowed": False,
}

opener = build_opener(HTTPCookieProcessor(CookieJar()))


def copy_pages(folder):
    """Copies its pages: it serves no links, and Debian links some of the files to those of other packages."""
    # Some links are to what is not needed.
    with suppress(shutil.Error):
        shutil.copytree(SHARE / "webapp", folder, ignore=shutil.ignore_patterns("config.json"))
    shutil.copy(SHARE / "templates/config.json", folder)


def create_database(file):
    with sqlite3.connect(file) as connection:
        connection.executescript((ROOT / "usr/share/dbconfig-common/data/glewlwyd/install/sqlite3").read_text())


def wait():
    while True:
        try:
            return opener.open(f"{URL}/config/")
        except URLError:
            time.sleep(0.05)


def post(path, body):
    request = Request(f"{URL}/api/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        opener.open(request)
    except HTTPError as error:
        raise SystemExit(f"{path}: {error.code}: {error.read().decode()}") from error


def set_up():
    """Registers the user and the client, and last the provider, whose document says that all is there."""
    post("auth/", {"username": "admin", "password": "password"})
    user = {
        "username": os.environ["USER_EMAIL"],
        "name": os.environ["USER_NAME"],
        "email": os.environ["USER_EMAIL"],
        "password": os.environ["USER_PASSWORD"],
        "scope": ["openid"],
        "enabled": True,
    }
    post("user/", user)
    client = {
        "client_id": os.environ["CLIENT_ID"],
        "name": "Latchkey",
        "confidential": True,
        "client_secret": os.environ["CLIENT_SECRET"],
        "redirect_uri": [os.environ["REDIRECT_URI"]],
        "authorization_type": ["code"],
        "token_endpoint_auth_method": ["client_secret_basic"],
        "scope": [],
        "enabled": True,
    }
    post("client/", client)
    private, public = new_key()
    own = {"iss": os.environ["ISSUER"], "key": private, "cert": public}
    parameters = {**PROPOSED, **own, **json.loads(os.environ["SETTINGS"])}
    post("mod/plugin/", {"module": "oidc", "name": "oidc", "display_name": "OIDC", "parameters": parameters})


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with TemporaryDirectory() as folder:
        copy_pages(f"{folder}/pages")
        create_database(f"{folder}/glewlwyd.db")
        config = Path(folder, "glewlwyd.conf")
        config.write_text(CONFIG % {"folder": folder})
        libraries = ":".join(str(path) for path in ROOT.glob("usr/lib/*-linux-gnu*"))
        glewlwyd = subprocess.Popen(
            [ROOT / "usr/bin/glewlwyd", f"--config-file={config}"],
            env={**os.environ, "LD_LIBRARY_PATH": libraries},
        )
        try:
            wait()
            set_up()
            glewlwyd.wait()
        finally:
            glewlwyd.terminate()
            glewlwyd.wait()


main()
