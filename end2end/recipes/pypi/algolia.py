from algoliasearch.search.client import SearchClientSync


def make(user, settings, now, **_):
    client = SearchClientSync("TESTAPP", settings["SEARCH_KEY"])
    restrictions = {"filters": f'owner:{user["id"]}', "userToken": user["id"], "validUntil": now + 3600}
    return {"token": client.generate_secured_api_key(settings["SEARCH_KEY"], restrictions)}


VECTORS = [{"name": "algolia.pypi", "by": "algoliasearch", "notes": "", "make": make}]
