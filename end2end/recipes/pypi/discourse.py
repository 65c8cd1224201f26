from urllib.parse import parse_qsl

from pydiscourse.sso import sso_payload


def make(user, settings, params, **_):
    fields = {"nonce": params["nonce"], "external_id": user["id"], "email": user["email"], "name": user["display_name"]}
    return dict(parse_qsl(sso_payload(settings["SECRET"], **fields)))


VECTORS = [{"name": "discourse.pypi", "by": "pydiscourse", "notes": "A space is + and ' is %27 in the query string.", "make": make}]
