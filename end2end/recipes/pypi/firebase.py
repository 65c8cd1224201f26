import firebase_admin
from firebase_admin import auth, credentials


def token(claims=None):
    def make(user, settings, key, **_):
        account = {
            "type": "service_account", "project_id": "test-project", "private_key_id": "test-key-id", "token_uri": "https://localhost/",
            "client_email": settings["CLIENT_EMAIL"], "private_key": key("PRIVATE_KEY_FILE"),
        }
        app = firebase_admin.initialize_app(credentials.Certificate(account))
        made = auth.create_custom_token(user["id"], claims)
        firebase_admin.delete_app(app)
        return {"token": made.decode()}

    return make


VECTORS = [{
    "name": "firebase.pypi", "by": "firebase-admin",
    "notes": "JSON with spaces, kid in the header (the service account's private_key_id), the claims in another order.", "make": token(),
}]
