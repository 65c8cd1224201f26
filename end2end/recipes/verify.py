"""Verifies credentials with PyJWT and hmac, as verify.mjs does with jose: `python3 verify.py [FILE…]`, the same files.

Envelopes, such as Ably's or Discourse's, are left to verify.mjs."""
import datetime
import hashlib
import hmac
import json
import pathlib
import sys
import time

import jwt
import jwt.api_jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key

here = pathlib.Path(__file__).resolve().parent
golden = here.parents[1] / "recipes" / "golden"
cases = json.loads((here / "cases.json").read_text())
shapes = json.loads((here / "shapes.json").read_text())
# What an SDK makes and PyJWT refuses, by file.
REFUSED = {"meilisearch.eternal.pypi": "Expiration Time claim (exp) must be an integer."}


def moment(now):
    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(now, tz)

    return Clock


def get(value, path):
    for key in path.split("."):
        value = value[key]
    return value


def equal(what, actual, expected):
    if actual != expected:
        raise ValueError(f"{what} is {actual!r}, not {expected!r}")


def public(pem):
    return load_pem_private_key(pem.encode(), None).public_key()


def verify_jwt(shape, output, user, settings, now, own):
    name = shape["key"]
    key = own or settings[name]
    if name.endswith("_FILE"):
        key = public(own or (golden / key).read_text())
    elif shape.get("encoding") == "name:hex":
        key = bytes.fromhex(key.split(":")[1])
    token = output["token"].split("/@@/")[-1]
    # A ticket in milliseconds is read with a clock in milliseconds; Python's dates end too early for it.
    options = {"verify_aud": False}
    if shape.get("milliseconds"):
        options |= {"verify_exp": False, "verify_iat": False}
    jwt.api_jwt.datetime = moment(now)
    claims = jwt.decode(token, key, algorithms=[shape["alg"]], options=options)
    if shape.get("milliseconds") and not claims["iat"] <= now * 1000 < claims["exp"]:
        raise ValueError("its times are not now")
    if "kid" in shape:
        equal("kid", jwt.get_unverified_header(token)["kid"], settings[shape["kid"]])
    for claim, field in shape["user"].items():
        equal(claim, get(claims, claim), user[field])
    for claim, setting in shape.get("claims", {}).items():
        equal(claim, get(claims, claim), settings[setting])


def verify_mac(shape, output, user, settings, own):
    secret = own or settings["SECRET"]
    key = bytes.fromhex(secret) if shape.get("encoding") == "hex" else secret.encode()
    expected = hmac.new(key, user[shape["of"]].encode(), hashlib.sha256).hexdigest()
    equal(shape["output"], output[shape["output"]], expected)


def verdict(credential):
    recipe = credential["recipe"]
    shape = shapes[recipe]
    given = {"user": cases["user"], "now": time.time(), **cases["recipes"][recipe], **credential}
    user, output, settings = given["user"], given["output"], given["settings"]
    try:
        if "jwt" in shape:
            verify_jwt(shape["jwt"], output, user, settings, given["now"], given.get("key"))
        elif "mac" in shape:
            verify_mac(shape["mac"], output, user, settings, given.get("key"))
        else:
            return "left to verify.mjs"
    except (jwt.InvalidTokenError, ValueError, KeyError) as error:
        return f"refused: {error}"
    return "accepted"


given = sys.argv[1:]
failed = False
for file in given or sorted(golden.glob("*.json")):
    content = json.loads(sys.stdin.read() if file == "-" else pathlib.Path(file).read_text())
    for credential in content if isinstance(content, list) else [content]:
        name = credential["recipe"] if given else file.stem
        said = verdict(credential)
        refusal = REFUSED.get(name) if not given else None
        failed |= said != f"refused: {refusal}" if refusal else said not in ("accepted", "left to verify.mjs")
        print(f"{name}: {said}")
sys.exit(failed)
