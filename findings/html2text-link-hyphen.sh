#!/usr/bin/env bash
# html2text breaks a sign-in link at a hyphen of its token when it makes a mail's text part.
#
# Packages: PyPI html2text 2025.4.15; for comparison PyPI inscriptis 2.7.6, npm html-to-text 10.0.1 (with its line length,
#           80)
# Guess:    Text is wrapped at spaces, and a URL, which has none, stays in one piece, even if its line gets too long.
# Fact:     html2text wraps with Python's textwrap, which also breaks lines after hyphens. A token in base64url or a UUID has
#           some, so the link continues on the next line, and what a mail program makes clickable ends at the hyphen. The
#           other two keep it. `body_width = 0` turns the wrapping off, `wrap_links = False` leaves links alone.
# Seen:     [Set a new password](https://login.example.com/reset/q3Zr-Ab_9cdeFGH-
#           ijKLmnOPqrSTuvwXYz0123456789ab)
#           A token of 43 characters with one hyphen: whole at 2 of 41 places.
# Who:      Services whose text parts are made from their HTML mails. Of random tokens of that length, half have no hyphen at
#           all, so every second link works, and users with one of the others are told that it is invalid or has expired.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts html-to-text@10.0.1 >/dev/null
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  html2text==2025.4.15 inscriptis==2.7.6 2>/dev/null

cat > try.py <<'PY'
import re
import html2text, inscriptis
start = "https://login.example.com/reset/"

def links(tokens, convert):
    """The number of links that are whole in the text."""
    return sum(start + token in convert(f'<p>Hello Ann,</p><p><a href="{start}{token}">Set a new password</a></p>') for token in tokens)

def with_options(**options):
    converter = html2text.HTML2Text()
    for name, value in options.items():
        setattr(converter, name, value)
    return converter.handle

one = "q3Zr-Ab_9cdeFGH-ijKLmnOPqrSTuvwXYz0123456789ab"
print(html2text.html2text(f'<a href="{start}{one}">Set a new password</a>').strip())
# One hyphen, at each place of a token of 43 characters.
tokens = ["a" * place + "-" + "b" * (42 - place) for place in range(1, 42)]
print("html2text:", links(tokens, html2text.html2text), "of", len(tokens))
print("html2text, wrap_links = False:", links(tokens, with_options(wrap_links=False)), "of", len(tokens))
print("html2text, body_width = 0:", links(tokens, with_options(body_width=0)), "of", len(tokens))
page = "<p>Hello Ann,</p><p><a href='x'>{}</a></p>"
print("inscriptis:", sum(start + token in inscriptis.get_text(page.format(start + token)) for token in tokens), "of", len(tokens))
PY
cat > try.cjs <<'JS'
const { convert } = require("html-to-text");
const start = "https://login.example.com/reset/";
const tokens = Array.from({ length: 41 }, (_, i) => "a".repeat(i + 1) + "-" + "b".repeat(41 - i));
const whole = tokens.filter((token) => convert(`<p>Hello Ann,</p><p><a href="${start}${token}">Set a new password</a></p>`).includes(start + token));
console.log("html-to-text:", whole.length, "of", tokens.length);
JS
{
  PYTHONPATH=py timeout 60 python3 -W ignore try.py
  timeout 60 node try.cjs
} > actual
cat > expected <<'TEXT'
[Set a new password](https://login.example.com/reset/q3Zr-Ab_9cdeFGH-
ijKLmnOPqrSTuvwXYz0123456789ab)
html2text: 2 of 41
html2text, wrap_links = False: 41 of 41
html2text, body_width = 0: 41 of 41
inscriptis: 41 of 41
html-to-text: 41 of 41
TEXT
diff expected actual && echo "as described"
