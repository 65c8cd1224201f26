#!/usr/bin/env bash
# After an upgrade of Django, a user's next sign-in on one device signs out all the others.
#
# Packages: PyPI Django 5.1.15 and 5.2.19 (SQLite, the default hasher and session engine)
# Guess:    A hash with more iterations is the same password, so other sessions go on, as they do after the upgrade itself.
# Fact:     Each release raises the iterations of PBKDF2, and a sign-in replaces the stored hash by one with the new number.
#           Django's sessions contain a keyed hash of the stored value, which `login()` renews in the new session only. So
#           the user's other sessions end at that moment, although no one changed the password.
# Seen:     Django 5.1: laptop ann, tablet ann
#           Django 5.2, after the upgrade: laptop ann, tablet ann
#           Django 5.2, after a sign-in on the phone: laptop no one, tablet no one, phone ann
# Who:      Sites on Django after each upgrade, or after a change of PASSWORD_HASHERS: for weeks users report that signing in
#           on one device has signed out the others, each user once. Tests create users with the current hasher, so they do
#           not show it. A hasher of your own with a fixed number of iterations, raised on a day of your choice, or a
#           `get_session_auth_hash` that does not depend on the stored value, avoids it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
pip="python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile"
$pip --target before Django==5.1.15 2>/dev/null
$pip --target after Django==5.2.19 2>/dev/null

cat > try.py <<'PY'
import json, os, sys
import django
from django.conf import settings
settings.configure(
    SECRET_KEY="s" * 50, ALLOWED_HOSTS=["*"], ROOT_URLCONF="__main__",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "site.db"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()
from django.contrib.auth import authenticate, login
from django.contrib.auth.models import User
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import path

def sign_in(request):
    login(request, authenticate(request, username="ann", password="a long password"))
    return HttpResponse()

urlpatterns = [path("sign-in", sign_in), path("me", lambda request: HttpResponse(request.user.get_username() or "no one"))]
call_command("migrate", verbosity=0)
devices = {name: Client() for name in ("laptop", "tablet", "phone")}
name = "Django " + django.get_version().rpartition(".")[0]

def show(when, *names):
    print(f"{name}{when}: " + ", ".join(f"{device} {devices[device].get('/me').content.decode()}" for device in names))

if sys.argv[1] == "before":
    User.objects.create_user("ann", password="a long password")
    for device in ("laptop", "tablet"):
        devices[device].get("/sign-in")
    show("", "laptop", "tablet")
    json.dump({device: devices[device].cookies["sessionid"].value for device in ("laptop", "tablet")}, open("cookies.json", "w"))
else:
    for device, value in json.load(open("cookies.json")).items():
        devices[device].cookies["sessionid"] = value
    show(", after the upgrade", "laptop", "tablet")
    devices["phone"].get("/sign-in")
    show(", after a sign-in on the phone", "laptop", "tablet", "phone")
PY
{
  PYTHONPATH=before timeout 60 python3 -W ignore try.py before
  PYTHONPATH=after timeout 60 python3 -W ignore try.py after
} > actual
cat > expected <<'TEXT'
Django 5.1: laptop ann, tablet ann
Django 5.2, after the upgrade: laptop ann, tablet ann
Django 5.2, after a sign-in on the phone: laptop no one, tablet no one, phone ann
TEXT
diff expected actual && echo "as described"
