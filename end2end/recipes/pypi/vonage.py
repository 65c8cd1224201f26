from vonage_jwt import JwtClient


def make(user, settings, key, **_):
    acl = {"paths": {"/*/users/**": {}, "/*/conversations/**": {}}}
    client = JwtClient(settings["APPLICATION_ID"], key("PRIVATE_KEY_FILE"))
    return {"token": client.generate_application_jwt({"sub": user["id"], "acl": acl}).decode()}


VECTORS = [{"name": "vonage.pypi", "by": "vonage-jwt", "random": ["jti"], "notes": "The claims in another order.", "make": make}]
