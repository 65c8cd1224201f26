from azure.messaging.webpubsubservice import WebPubSubServiceClient


def make(user, settings, **_):
    connection = f'Endpoint=https://{settings["HOST"]};AccessKey={settings["ACCESS_KEY"]};Version=1.0;'
    made = WebPubSubServiceClient.from_connection_string(connection, hub=settings["HUB"]).get_client_access_token(user_id=user["id"])
    return {name: made[name] for name in ("baseUrl", "url", "token")}


VECTORS = [{"recipe": "azure-web-pubsub", "name": "azure-web-pubsub.pypi", "by": "azure-messaging-webpubsubservice", "notes": "The claims in another order.", "make": make}]
