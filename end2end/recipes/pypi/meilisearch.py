from datetime import datetime, timezone

from meilisearch import Client


def make(expires):
    def make(user, settings, now, **_):
        rules = {"documents": {"filter": f'owner = "{user["id"]}"'}}
        expires_at = datetime.fromtimestamp(now + 3600, timezone.utc) if expires else None
        client = Client("http://localhost", settings["API_KEY"])
        return {"token": client.generate_tenant_token(settings["API_KEY_UID"], rules, expires_at=expires_at)}

    return make


VECTORS = [
    {"name": "meilisearch.pypi", "by": "meilisearch", "notes": "Header and claims in another order.", "make": make(True)},
    {
        "name": "meilisearch.eternal.pypi", "by": "meilisearch",
        "notes": "exp is null, which jsonwebtoken, jose and PyJWT refuse.", "make": make(False),
    },
]
