import typesense


def make(user, settings, now, **_):
    client = typesense.Client({"nodes": [{"host": "localhost", "port": 8108, "protocol": "http"}], "api_key": settings["SEARCH_KEY"]})
    parameters = {"filter_by": f'owner:={user["id"]}', "expires_at": now + 3600}
    return {"token": client.keys.generate_scoped_search_key(settings["SEARCH_KEY"], parameters).decode()}


VECTORS = [{"name": "typesense.pypi", "by": "typesense", "notes": "JSON with spaces; each text is signed as it stands.", "make": make}]
