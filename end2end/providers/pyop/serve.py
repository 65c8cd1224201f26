"""pyop in a Flask app: https://github.com/IdentityPython/pyop"""

import json
import logging
import os
from urllib.parse import urlencode

from Cryptodome.PublicKey import RSA
from flask import Flask, jsonify, redirect, request
from jwkest.jwk import RSAKey
from pyop.authz_state import AuthorizationState
from pyop.exceptions import InvalidAuthenticationRequest, InvalidClientAuthentication, OAuthError
from pyop.provider import Provider
from pyop.subject_identifier import HashBasedSubjectIdentifierFactory
from pyop.userinfo import Userinfo

ISSUER = os.environ["ISSUER"]
USER = "noor"

app = Flask(__name__)
provider = Provider(
    RSAKey(key=RSA.generate(2048), alg="RS256", kid="1"),
    {
        "issuer": ISSUER.replace("http:", "https:"),
        "authorization_endpoint": f"{ISSUER}/authorize",
        "jwks_uri": f"{ISSUER}/jwks",
        "token_endpoint": f"{ISSUER}/token",
        "userinfo_endpoint": f"{ISSUER}/userinfo",
        "response_types_supported": ["code"],
        **json.loads(os.environ["SETTINGS"]),
    },
    AuthorizationState(HashBasedSubjectIdentifierFactory("not for production")),
    {
        os.environ["CLIENT_ID"]: {
            "client_secret": os.environ["CLIENT_SECRET"],
            "redirect_uris": [os.environ["REDIRECT_URI"]],
            "response_types": ["code"],
            "token_endpoint_auth_method": "client_secret_basic",
        }
    },
    Userinfo({USER: {"name": os.environ["USER_NAME"], "email": os.environ["USER_EMAIL"], "email_verified": True}}),
)
# Its constructor accepts only https.
provider.configuration_information["issuer"] = ISSUER


@app.get("/.well-known/openid-configuration")
def document():
    return jsonify(provider.provider_configuration.to_dict())


@app.get("/jwks")
def keys():
    return jsonify(provider.jwks)


@app.route("/authorize", methods=["GET", "POST"])
def authorize():
    try:
        asked = provider.parse_authentication_request(urlencode(request.args), request.headers)
    except InvalidAuthenticationRequest as error:
        return str(error), 400
    if request.method == "GET":
        return """<!doctype html><html lang="en"><title>Sign in</title>
            <form method="post"><label>Password <input name="password" type="password"></label>
            <button>Sign in</button></form></html>"""
    if request.form["password"] != os.environ["USER_PASSWORD"]:
        return "Wrong password", 403
    answer = provider.authorize(asked, USER)
    return redirect(answer.request(asked["redirect_uri"], False), 303)


@app.post("/token")
def token():
    try:
        answer = provider.handle_token_request(request.get_data().decode(), request.headers)
    except InvalidClientAuthentication as error:
        return jsonify(error="invalid_client", error_description=str(error)), 401
    except OAuthError as error:
        return jsonify(error=error.oauth_error, error_description=str(error)), 400
    return jsonify(answer.to_dict())


@app.get("/userinfo")
def userinfo():
    return jsonify(provider.handle_userinfo_request("", request.headers).to_dict())


logging.getLogger("werkzeug").setLevel(logging.ERROR)
app.run("127.0.0.1", int(os.environ["PORT"]))
