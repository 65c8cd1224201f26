"""Django OAuth Toolkit: https://django-oauth-toolkit.readthedocs.io/"""

import json
import os

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django_site import serve


def private_key():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def register():
    from oauth2_provider.models import Application

    Application.objects.create(
        name="Latchkey",
        client_id=os.environ["CLIENT_ID"],
        client_secret=os.environ["CLIENT_SECRET"],
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=os.environ["REDIRECT_URI"],
        algorithm=algorithm,
    )


provider = json.loads(os.environ["SETTINGS"])
algorithm = provider.pop("algorithm", "")
own = {"OIDC_ENABLED": True, "OIDC_RSA_PRIVATE_KEY": private_key(), **provider}
serve("oauth2_provider", {"OAUTH2_PROVIDER": own}, register)
