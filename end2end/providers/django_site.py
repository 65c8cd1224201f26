"""A Django site of one file, with a sign-in page and a provider that is a Django app."""

import os
import signal
import sys
from tempfile import TemporaryDirectory

import django
from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import run
from django.core.wsgi import get_wsgi_application

LOGIN_PAGE = """<!doctype html><html lang="en"><title>Sign in</title>
<form method="post">{% csrf_token %}{{ form.as_p }}<button>Sign in</button></form></html>"""


def serve(app, provider, register):
    """Serves the app `app` with the settings `provider`, after `register` has registered the client."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with TemporaryDirectory() as folder:
        configure(folder, app, provider)
        create_user()
        register()
        run("127.0.0.1", int(os.environ["PORT"]), get_wsgi_application(), threading=True)


def configure(folder, app, provider):
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
            app,
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
        **provider,
    )
    django.setup()
    call_command("migrate", verbosity=0)


def create_user():
    from django.contrib.auth.models import User

    email = os.environ["USER_EMAIL"]
    first_name, last_name = os.environ["USER_NAME"].split(" ", 1)
    User.objects.create_user(email, email, os.environ["USER_PASSWORD"], first_name=first_name, last_name=last_name)
