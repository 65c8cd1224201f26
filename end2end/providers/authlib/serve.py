"""Authlib's OpenID provider in a Flask app: https://docs.authlib.org/"""

import json
import logging
import os
import secrets
import time
from dataclasses import dataclass

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, jsonify, request
from joserfc.jwk import RSAKey

ISSUER = os.environ["ISSUER"]
SETTINGS = json.loads(os.environ["SETTINGS"])
KEY = RSAKey.generate_key(2048, {"use": "sig"})
SCOPES = {"openid", "email", "profile"}

# The provider is reached over plain http.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"


class Client(ClientMixin):
    client_id = os.environ["CLIENT_ID"]

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return os.environ["REDIRECT_URI"]

    def get_allowed_scope(self, scope):
        return " ".join(part for part in (scope or "").split() if part in SCOPES)

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri == os.environ["REDIRECT_URI"]

    def check_client_secret(self, client_secret):
        return secrets.compare_digest(client_secret, os.environ["CLIENT_SECRET"])

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "client_secret_basic"

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    code: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    auth_time: int

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope

    def get_nonce(self):
        return self.nonce

    def get_auth_time(self):
        return self.auth_time

    def get_acr(self):
        return None

    def get_amr(self):
        return None


@dataclass
class Token(TokenMixin):
    access_token: str
    scope: str
    expires_at: float

    def get_scope(self):
        return self.scope

    def is_expired(self):
        return time.time() > self.expires_at

    def is_revoked(self):
        return False


USER = "noor"
CLIENT = Client()
codes = {}
tokens = {}


class Grant(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

    def save_authorization_code(self, code, request):
        data = request.payload.data
        codes[code] = Code(
            code,
            request.payload.redirect_uri,
            request.payload.scope,
            data["nonce"],
            data["code_challenge"],
            data["code_challenge_method"],
            int(time.time()),
        )

    def query_authorization_code(self, code, client):
        return codes.get(code)

    def delete_authorization_code(self, authorization_code):
        del codes[authorization_code.code]

    def authenticate_user(self, authorization_code):
        return USER


def claims(scope):
    """What the provider tells of the user."""
    told = UserInfo(sub=USER)
    if "profile" in scope:
        told["name"] = os.environ["USER_NAME"]
    if "email" in scope:
        told["email"] = os.environ["USER_EMAIL"]
        told["email_verified"] = True
    return told


class IdToken(OpenIDCode):
    def exists_nonce(self, nonce, request):
        return any(code.nonce == nonce for code in codes.values())

    def get_jwt_config(self, grant, client):
        return {"key": KEY.as_dict(private=True), "alg": SETTINGS["alg"], "iss": ISSUER, "exp": 600}

    def generate_user_info(self, user, scope):
        return claims(scope)


class Bearer(BearerTokenValidator):
    def authenticate_token(self, token_string):
        return tokens.get(token_string)


def save_token(token, request):
    expires_at = time.time() + token["expires_in"]
    tokens[token["access_token"]] = Token(token["access_token"], token["scope"], expires_at)


app = Flask(__name__)
server = AuthorizationServer(app, query_client=lambda id: CLIENT if id == CLIENT.client_id else None, save_token=save_token)
server.register_grant(Grant, [IdToken(require_nonce=True), CodeChallenge(required=True)])
signed_in = ResourceProtector()
signed_in.register_token_validator(Bearer())


@app.get("/.well-known/openid-configuration")
def document():
    return jsonify(
        issuer=ISSUER,
        authorization_endpoint=f"{ISSUER}/authorize",
        token_endpoint=f"{ISSUER}/token",
        userinfo_endpoint=f"{ISSUER}/userinfo",
        jwks_uri=f"{ISSUER}/jwks",
        response_types_supported=["code"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=[SETTINGS["alg"]],
        token_endpoint_auth_methods_supported=["client_secret_basic"],
    )


@app.get("/jwks")
def keys():
    return jsonify(keys=[KEY.as_dict(private=False)])


@app.route("/authorize", methods=["GET", "POST"])
def authorize():
    try:
        grant = server.get_consent_grant(end_user=USER)
    except OAuth2Error as error:
        return str(error), 400
    if request.method == "GET":
        return """<!doctype html><html lang="en"><title>Sign in</title>
            <form method="post"><label>Password <input name="password" type="password"></label>
            <button>Sign in</button></form></html>"""
    if request.form["password"] != os.environ["USER_PASSWORD"]:
        return "Wrong password", 403
    return server.create_authorization_response(grant_user=USER, grant=grant)


@app.post("/token")
def token():
    return server.create_token_response()


@app.get("/userinfo")
@signed_in("openid")
def userinfo():
    return jsonify(claims(current_token.scope))


logging.getLogger("werkzeug").setLevel(logging.ERROR)
app.run("127.0.0.1", int(os.environ["PORT"]))
