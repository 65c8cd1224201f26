"""oidc-provider-mock with one user: https://oidc-provider-mock.readthedocs.io/"""

import json
import logging
import os
import warnings

# Libraries that it uses warn each other of deprecated parts, whatever the filters.
warnings.showwarning = lambda *_: None

from oidc_provider_mock.__main__ import run

user = {
    "sub": "noor",
    "name": os.environ["USER_NAME"],
    "email": os.environ["USER_EMAIL"],
    "email_verified": True,
}
logging.disable(logging.INFO)
run(["--port", os.environ["PORT"], "--user-claims", json.dumps(user)])
