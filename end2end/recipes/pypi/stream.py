from getstream import Stream
from stream_chat import StreamChat

VECTORS = [
    {
        "name": "stream.pypi", "by": "stream-chat",
        "make": lambda user, settings, **_: {"token": StreamChat(settings["API_KEY"], settings["API_SECRET"]).create_token(user["id"])},
    },
    {
        "name": "stream.getstream", "by": "getstream",
        "notes": "create_token(user_id): iat is five seconds back, before user_id.",
        "make": lambda user, settings, **_: {"token": Stream(settings["API_KEY"], settings["API_SECRET"]).create_token(user["id"])},
    },
]
