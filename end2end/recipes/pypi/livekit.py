from livekit.api import AccessToken, VideoGrants


def make(user, settings, params, **_):
    token = AccessToken(settings["API_KEY"], settings["API_SECRET"]).with_identity(user["id"]).with_name(user["display_name"])
    return {"token": token.with_grants(VideoGrants(room_join=True, room=params["room"])).to_jwt()}


VECTORS = [{
    "name": "livekit.pypi", "by": "livekit-api", "compare": "claims", "order": False,
    "notes": "Header with typ; canPublish, canSubscribe and canPublishData are added.", "make": make,
}]
