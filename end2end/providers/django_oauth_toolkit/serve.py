"""Django OAuth Toolkit in a site of one file: https://django-oauth-toolkit.readthedocs.io/"""

import json
import os
import signal
import sys
from tempfile import TemporaryDirectory

import django
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import run
from django.core.wsgi import get_wsgi_application

LOGIN_PAGE = """<!doctype html><html lang="en"><title>Sign in</title>
<form method="post">{% csrf_token %}{{ form.as_p }}<button>Sign in</button></form></html>"""


def private_key():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def configure(folder, provider):
    settings.configure(
        SECRET_KEY="not for production",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="urls",
        LOGIN_URL="/login/",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/provider.db"}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        ("django.template.loaders.locmem.Loader", {"registration/login.html": LOGIN_PAGE}),
                        "django.template.loaders.app_directories.Loader",
                    ]
                },
            }
        ],
        LOGGING={"version": 1, "disable_existing_loggers": False, "loggers": {"django.server": {"level": "ERROR"}}},
        OAUTH2_PROVIDER={"OIDC_ENABLED": True, "OIDC_RSA_PRIVATE_KEY": private_key(), **provider},
    )
    django.setup()
    call_command("migrate", verbosity=0)


def register(algorithm):
    """Registers the user and the client."""
    from django.contrib.auth.models import User
    from oauth2_provider.models import Application

    email = os.environ["USER_EMAIL"]
    first_name, last_name = os.environ["USER_NAME"].split(" ", 1)
    User.objects.create_user(email, email, os.environ["USER_PASSWORD"], first_name=first_name, last_name=last_name)
    Application.objects.create(
        name="Latchkey",
        client_id=os.environ["CLIENT_ID"],
        client_secret=os.environ["CLIENT_SECRET"],
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=os.environ["REDIRECT_URI"],
        algorithm=algorithm,
    )


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    provider = json.loads(os.environ["SETTINGS"])
    algorithm = provider.pop("algorithm", "")
    with TemporaryDirectory() as folder:
        configure(folder, provider)
        register(algorithm)
        run("127.0.0.1", int(os.environ["PORT"]), get_wsgi_application(), threading=True)


main()
