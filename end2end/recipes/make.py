"""Makes recipes/golden/*.json with the vendors' PyPI packages and with PyJWT and hmac, at the moment of cases.json.

To be run after make.mjs: where a package makes what npm's made, the vector names both, else it gets a file of its own."""
import datetime
import importlib
import json
import os
import pathlib
import random
import sys
import time
import uuid
from importlib.metadata import version

here = pathlib.Path(__file__).resolve().parent
golden = here.parents[1] / "recipes" / "golden"
cases = json.loads((here / "cases.json").read_text())
now = cases["now"]

time.time = lambda: float(now)


class Frozen(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(now, tz)

    @classmethod
    def utcnow(cls):
        return cls.fromtimestamp(now, datetime.timezone.utc).replace(tzinfo=None)


# The vendors' modules must be loaded after this.
datetime.datetime = Frozen


def decoded(token):
    import jwt
    return jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})


def pick(output, path):
    token = output.get("token", "")
    value = {**output, **(decoded(token)[1] if token.count(".") == 2 else {})}
    for key in path.split("."):
        value = value[key]
    return value


def write(name, vector):
    path = golden / f"{name}.json"
    if vector["compare"] == "claims" and path.exists():
        # ECDSA signs with a random number; a vector with the same claims stays as it is.
        old = json.loads(path.read_text())["output"]
        token, before = vector["output"].get("token"), old.get("token")
        if token and before and token.count(".") == 2 and decoded(token) == decoded(before):
            vector["output"] = old
    path.write_text(json.dumps(vector, ensure_ascii=False, indent=2) + "\n")


def make(vector, vendor):
    recipe = vector.get("recipe", vendor)
    user = cases["awkward"] if vector.get("is_awkward") else cases["user"]
    case = cases["recipes"][recipe]
    settings, params = case["settings"], case.get("params", {})
    random.seed(1)
    numbers = random.Random(2)
    uuid.uuid4 = lambda: uuid.UUID(int=numbers.getrandbits(128), version=4)
    os.urandom = lambda length: bytes(numbers.getrandbits(8) for _ in range(length))
    key = lambda name: (golden / settings[name]).read_text()
    given = {"user": user, "now": now, "settings": settings, "params": params, "key": key}
    output = vector["make"](**given)
    made_by = f'{vector["by"]} {version(vector["by"])} (PyPI)' if vector["by"] != "hmac" else f"hmac of Python {sys.version.split()[0]}"
    name = vector.get("name", recipe)
    if name.endswith(".pypi"):
        path = golden / f'{name.removesuffix(".pypi")}.json'
        npm = json.loads(path.read_text())
        if npm["output"] == output:
            npm["made_by"] = f'{npm["made_by"].split(", ")[0]}, {made_by}'
            path.write_text(json.dumps(npm, ensure_ascii=False, indent=2) + "\n")
            return
    write(name, {
        "recipe": recipe, "made_by": made_by, "user": user, "settings": settings, "params": params, "now": now,
        "random": {path: pick(output, path) for path in vector.get("random", [])},
        "output": output, "compare": vector.get("compare", "bytes"), "order": vector.get("order", True), "notes": vector.get("notes", ""),
    })


sys.path.insert(0, str(here))
only = sys.argv[1:]
for file in sorted((here / "pypi").glob("*.py")):
    if not only or file.stem in only:
        for vector in importlib.import_module(f"pypi.{file.stem}").VECTORS:
            make(vector, file.stem)
