"""Verifies tokens with PyJWT: reads JSON from stdin and prints the claims of each token, null for refused ones."""

import json
import sys
from datetime import datetime

import jwt

asked = json.load(sys.stdin)


class Then(datetime):
    """Sets the time of verification, which PyJWT does not accept as an argument."""

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(asked["at"], tz)


jwt.api_jwt.datetime = Then


def read(token):
    try:
        return jwt.decode(
            token,
            asked["secret"],
            algorithms=["HS256"],
            issuer=asked.get("issuer"),
            options={"require": asked.get("required", [])},
        )
    except Exception:
        return None


json.dump([read(token) for token in asked["tokens"]], sys.stdout)
