#!/usr/bin/env bash
# bleach makes no link of a sign-in address on .app, .dev or an intranet's host, and cuts one with an internationalized domain.
#
# Packages: PyPI bleach 6.4.0; for comparison Django 5.2.19, mistune 3.4.0, cmarkgfm 2025.10.22
# Guess:    Text that begins with https:// becomes a link, as the other libraries do it, whatever the end of the host's name.
# Fact:     bleach.linkify() has an old list of top-level domains, without .app and .dev, and links no host without a dot and
#           no IP address. Of an internationalized top-level domain it links the beginning, "xn", hence another host.
# Seen:     https://login.example.app/verify?token=x: bleach no link
# Who:      Helpdesks, forums and mail templates on bleach that show a sign-in link: readers must copy it by hand, so the
#           mail seems broken on the new domain only. Give linkify a url_re from build_url_re() with your own list.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  bleach==6.4.0 Django==5.2.19 mistune==3.4.0 cmarkgfm==2025.10.22 2>/dev/null

cat > try.py <<'PY'
import html, re
import bleach, cmarkgfm, mistune
from bleach.linkifier import Linker, build_url_re
from django.conf import settings
settings.configure()
from django.utils.html import urlize

markdown = mistune.create_markdown(plugins=["url"])
told = Linker(url_re=build_url_re(tlds=["app", "com"]))
libraries = {
    "bleach": bleach.linkify, "Django": urlize, "mistune": markdown, "cmarkgfm": cmarkgfm.github_flavored_markdown_to_html,
}

def link(text):
    found = re.search('href="([^"]*)"', text)
    return html.unescape(found[1]) if found else "no link"

for host in ("example.com", "login.example.app", "login.example.dev", "intranet:8080", "192.168.1.5", "login.xn--e1afmkfd.xn--p1ai"):
    url = f"https://{host}/verify?token=x"
    links = {name: link(make(f"Sign in: {url} (once)")) for name, make in libraries.items()}
    others = {name: found for name, found in links.items() if found != url}
    print(f"{host}:", ", ".join(f"{name} {found}" for name, found in others.items()) or "all link it")
url = "https://login.example.app/verify?token=x"
print("with a list of one's own:", "linked" if link(told.linkify(url)) == url else "no link")
PY
PYTHONPATH=py timeout 60 python3 -W ignore try.py > actual
cat > expected <<'TEXT'
example.com: all link it
login.example.app: bleach no link
login.example.dev: bleach no link
intranet:8080: bleach no link
192.168.1.5: bleach no link
login.xn--e1afmkfd.xn--p1ai: bleach https://login.xn--e1afmkfd.xn
with a list of one's own: linked
TEXT
diff expected actual && echo "as described"
