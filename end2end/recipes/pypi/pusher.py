from pusher import Pusher


def pusher(settings):
    return Pusher(app_id="1", key=settings["KEY"], secret=settings["SECRET"])


VECTORS = [
    {
        "recipe": "pusher-user", "name": "pusher-user.pypi", "by": "pusher", "notes": "JSON with spaces and \\u escapes, signed as it stands.",
        "make": lambda user, settings, params, **_: pusher(settings).authenticate_user(
            params["socket_id"], {"id": user["id"], "user_info": {"name": user["display_name"]}}),
    },
    {
        "recipe": "pusher-presence", "name": "pusher-channel.pypi", "by": "pusher", "notes": "JSON with spaces and \\u escapes, signed as it stands.",
        "make": lambda user, settings, params, **_: pusher(settings).authenticate(
            params["channel_name"], params["socket_id"], {"user_id": user["id"], "user_info": {"name": user["display_name"]}}),
    },
]
