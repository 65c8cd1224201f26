from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import ChatGrant


def make(user, settings, **_):
    token = AccessToken(settings["ACCOUNT_SID"], settings["API_KEY_SID"], settings["API_KEY_SECRET"], identity=user["id"])
    token.add_grant(ChatGrant(service_sid=settings["SERVICE_SID"]))
    return {"token": token.to_jwt()}


VECTORS = [{"name": "twilio.pypi", "by": "twilio", "notes": "nbf is now, and there is no iat.", "make": make}]
