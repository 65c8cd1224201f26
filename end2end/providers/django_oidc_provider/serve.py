"""django-oidc-provider: https://django-oidc-provider.readthedocs.io/"""

import json
import os
import sys

from django.core.management import call_command
from django_site import serve


def register():
    """Registers the client, and creates the provider's key."""
    from oidc_provider.models import Client, ResponseType

    client = Client.objects.create(
        name="Latchkey",
        client_id=os.environ["CLIENT_ID"],
        client_secret=os.environ["CLIENT_SECRET"],
        _redirect_uris=os.environ["REDIRECT_URI"],
    )
    client.response_types.add(ResponseType.objects.get(value="code"))
    call_command("creatersakey", stdout=sys.stdout)


serve("oidc_provider", json.loads(os.environ["SETTINGS"]), register)
