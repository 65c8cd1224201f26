"""Vendors without a package that signs: the form that their documentation describes, made with PyJWT and hmac."""
import base64
import hmac
import json

import jwt


def jwt_of(claims, name, notes, key="SECRET", algorithm="HS256", headers=None, random=(), **more):
    def make(user, now, settings, params, key_file=key, **given):
        secret = given["key"](key_file) if key_file.endswith("_FILE") else settings[key_file]
        extra = headers(settings) if headers else None
        return {"token": jwt.encode(claims(user=user, now=now, settings=settings, params=params), secret, algorithm, headers=extra)}

    return {"recipe": name, "by": "PyJWT", "compare": "claims", "order": False, "random": list(random), "notes": notes, "make": make, **more}


def digest(secret, text, algorithm="sha256"):
    return hmac.new(secret if isinstance(secret, bytes) else secret.encode(), text.encode(), algorithm)


def mac_of(field, name, notes, output, decode=str.encode):
    def make(user, settings, **_):
        return {output: digest(decode(settings["SECRET"]), user[field]).hexdigest()}

    return {"recipe": name, "by": "hmac", "notes": notes, "make": make}


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def fastcomments(user, now, settings, **_):
    data = base64.b64encode(compact({"id": user["id"], "email": user["email"], "username": user["display_name"]}).encode()).decode()
    milliseconds = now * 1000
    return {
        "userDataJSONBase64": data,
        "verificationHash": digest(settings["SECRET"], f"{milliseconds}{data}").hexdigest(),
        "timestamp": milliseconds,
    }


def disqus(user, now, settings, **_):
    data = base64.b64encode(compact({"id": user["id"], "username": user["display_name"], "email": user["email"]}).encode()).decode()
    return {"remote_auth_s3": f'{data} {digest(settings["SECRET"], f"{data} {now}", "sha1").hexdigest()} {now}'}


VECTORS = [
    jwt_of(
        lambda user, now, **_: {"user_id": user["id"], "email": user["email"], "name": user["display_name"], "exp": now + 7200},
        "intercom", "exp is optional; the vendor advises two hours. iat is not asked for.",
    ),
    mac_of("id", "intercom-legacy", "user_hash: hex HMAC-SHA256 of the user id; never expires.", "user_hash"),
    jwt_of(
        lambda user, now, **_: {
            "scope": "user", "external_id": user["id"], "name": user["display_name"], "email": user["email"],
            "email_verified": user["email_verified"], "exp": now + 3600,
        },
        "zendesk-messaging", "kid is the key's id.", headers=lambda settings: {"kid": settings["KEY_ID"]},
    ),
    mac_of("id", "chatwoot", "identifier_hash; the vendor's secret has 24 characters.", "identifier_hash"),
    mac_of("email", "crisp", "Signs the e-mail address only.", "signature"),
    mac_of("email", "help-scout", "Signs the e-mail address only.", "signature"),
    {**mac_of("email", "help-scout", "An address that is hard to encode.", "signature"), "name": "help-scout.awkward", "is_awkward": True},
    mac_of("email", "front", "userHash; signs the e-mail address only.", "userHash"),
    jwt_of(
        lambda user, now, **_: {"id": user["id"], "email": user["email"], "name": user["display_name"], "exp": now + 3600},
        "canny", "avatarURL is left out without a picture; exp is optional.",
    ),
    jwt_of(
        lambda user, now, **_: {"userId": user["id"], "email": user["email"], "name": user["display_name"], "exp": now + 3600},
        "featurebase", "featurebaseJwt; exp is optional.",
    ),
    jwt_of(
        lambda user, now, settings, **_: {
            "iss": settings["ISSUER"], "sub": user["id"], "aud": "authenticated", "role": "authenticated",
            "email": user["email"], "iat": now, "exp": now + 3600,
        },
        "supabase", "Third-party issuer with a published key set: kid must be that of the key set; role is what the database acts as.",
        key="PRIVATE_KEY_FILE", algorithm="ES256", headers=lambda settings: {"kid": settings["KEY_ID"]},
    ),
    jwt_of(
        lambda user, now, params, **_: {
            "resource": {"dashboard": params["dashboard"]}, "params": {"user_id": user["id"]}, "exp": now + 600,
        },
        "metabase", "Static embedding: the dashboard is a number, params is always there.",
    ),
    jwt_of(
        lambda user, now, **_: {"sub": user["id"], "info": {"name": user["display_name"]}, "exp": now + 3600},
        "centrifugo", "The connection's token; without exp the connection never has to renew.",
    ),
    mac_of("id", "novu", "subscriberHash; signed with the API's secret key.", "subscriberHash"),
    mac_of("email", "pylon", "email_hash; the secret is decoded from hex before use.", "email_hash", decode=bytes.fromhex),
    {"recipe": "fastcomments", "by": "hmac", "notes": "hex HMAC-SHA256 of the milliseconds and the base64 of the JSON.", "make": fastcomments},
    {"recipe": "disqus", "by": "hmac", "notes": "HMAC-SHA1 over the base64 of the JSON, a space and the seconds.", "make": disqus},
    {"recipe": "disqus", "name": "disqus.awkward", "by": "hmac", "is_awkward": True, "notes": "A name that is hard to encode.", "make": disqus},
    jwt_of(
        lambda user, now, settings, **_: {"iss": settings["APP_ID"], "exp": now + 3600, "identity": {"external_id": user["id"]}},
        "onesignal", "ES256.", key="PRIVATE_KEY_FILE", algorithm="ES256",
    ),
    jwt_of(
        lambda user, now, settings, **_: {"host": settings["HOST"], "expiresAt": now + 86400, "groups": [], "content": {}, "exp": now + 10},
        "mintlify", "EdDSA; exp is at most ten seconds away, expiresAt is the end of the reader's session in seconds.",
        key="PRIVATE_KEY_FILE", algorithm="EdDSA", compare="bytes", order=True,
    ),
    jwt_of(
        lambda user, now, settings, **_: {
            "iss": settings["CLIENT_ID"], "sub": user["email"], "aud": "tableau", "jti": "00000000-0000-4000-8000-000000000001",
            "exp": now + 300, "scp": ["tableau:views:embed"],
        },
        "tableau", "The header has the secret's id as kid and the client's id as iss; at most ten minutes.", random=["jti"],
        headers=lambda settings: {"kid": settings["SECRET_ID"], "iss": settings["CLIENT_ID"]},
    ),
    jwt_of(
        lambda user, now, settings, **_: {"tokenType": "user", "iss": settings["APP_ID"], "sub": user["id"], "exp": now + 3600},
        "talkjs", "iss is the app's id.",
    ),
]
