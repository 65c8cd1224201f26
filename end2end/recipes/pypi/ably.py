import asyncio

from ably import AblyRest


def make(user, settings, **_):
    async def request():
        client = AblyRest(settings["API_KEY"])
        made = await client.auth.create_token_request({"client_id": user["id"]})
        await client.close()
        return made.to_dict()

    return asyncio.run(request())


VECTORS = [{"name": "ably.pypi", "by": "ably", "random": ["nonce"], "notes": "ttl and capability are null when not given.", "make": make}]
