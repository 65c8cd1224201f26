#!/usr/bin/env bash
# A sign-in link whose token ends with "_" loses that character when Markdown in GitHub's style makes it a link.
#
# Packages: npm marked 18.2.1, remark-gfm 4.0.1 with remark 15.0.1; PyPI cmarkgfm 2025.10.22, pymdown-extensions 13.1.2
#           (magiclink); for comparison npm linkify-it 6.1.0 (markdown-it), linkifyjs 4.4.0, autolinker 4.1.5; PyPI mistune
#           3.4.0, Django 5.2.19 (urlize)
# Guess:    A URL ends at a space. At most a full stop or a closing bracket after it is not part of it; "-" and "_", which
#           base64url has, are.
# Fact:     GitHub's rules count "_" and "~" at the end of a URL as punctuation, as "." is. The first four follow them, and
#           the address that is opened is one character short. "-" is kept by all, and "_" inside, too.
# Seen:     https://login.example.com/reset/abc_ becomes a link to https://login.example.com/reset/abc
# Who:      Help desks whose agents paste a link into a chat or a ticket that renders Markdown, and notification services
#           that take Markdown. One in 64 tokens of nanoid, or of 24 or 48 bytes in base64url, ends with "_"; those of 32
#           bytes cannot, since their last character has two bits less. Tests meet it by chance only. Let the URL end with
#           something else, or write it as <https://…>, which they all take.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts marked@18.2.1 remark-gfm@4.0.1 remark@15.0.1 linkify-it@6.1.0 \
  linkifyjs@4.4.0 autolinker@4.1.5 >/dev/null
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  cmarkgfm==2025.10.22 pymdown-extensions==13.1.2 Markdown==3.11.3 mistune==3.4.0 Django==5.2.19 2>/dev/null

cat > try.mjs <<'JS'
import { LinkifyIt } from "linkify-it";
import * as linkifyjs from "linkifyjs";
import Autolinker from "autolinker";
import { marked } from "marked";
import { remark } from "remark";
import remarkGfm from "remark-gfm";

const firstLink = (node) => (node.type === "link" ? node.url : node.children?.map(firstLink).find(Boolean));
const makers = {
  marked: (text) => /href="([^"]*)"/.exec(marked.parse(text))[1],
  "remark-gfm": (text) => firstLink(remark().use(remarkGfm).parse(text)),
  "linkify-it": (text) => new LinkifyIt().match(text)[0].url,
  linkifyjs: (text) => linkifyjs.find(text)[0].href,
  autolinker: (text) => Autolinker.parse(text, {})[0].getAnchorHref(),
};
const start = "https://login.example.com/reset/";
for (const [name, make] of Object.entries(makers)) {
  const ends = ["abc_", "abc-", "a_b"].map((token) => `${token} ${make(`Please open ${start + token}`).replace(start, "opens ")}`);
  console.log(`${name}: ${ends.join(", ")}; with brackets ${make(`Please open <${start}abc_>`).replace(start, "opens ")}`);
}
JS
cat > try.py <<'PY'
import re
import cmarkgfm, markdown, mistune
from django.conf import settings
settings.configure()
from django.utils.html import urlize

def href(page):
    return re.search('href="([^"]*)"', page).group(1)

makers = {
    "cmarkgfm": lambda text: href(cmarkgfm.github_flavored_markdown_to_html(text)),
    "magiclink": lambda text: href(markdown.markdown(text, extensions=["pymdownx.magiclink"])),
    "mistune": lambda text: href(mistune.create_markdown(plugins=["url"])(text)),
    "Django": lambda text: href(urlize(text)),
}
start = "https://login.example.com/reset/"
for name, make in makers.items():
    ends = [f"{token} {make(f'Please open {start}{token}').replace(start, 'opens ')}" for token in ("abc_", "abc-", "a_b")]
    print(f"{name}: {', '.join(ends)}; with brackets {make(f'Please open <{start}abc_>').replace(start, 'opens ')}")
PY
{
  timeout 60 node try.mjs
  PYTHONPATH=py timeout 60 python3 -W ignore try.py
} > actual
cat > expected <<'TEXT'
marked: abc_ opens abc, abc- opens abc-, a_b opens a_b; with brackets opens abc_
remark-gfm: abc_ opens abc, abc- opens abc-, a_b opens a_b; with brackets opens abc_
linkify-it: abc_ opens abc_, abc- opens abc-, a_b opens a_b; with brackets opens abc_
linkifyjs: abc_ opens abc_, abc- opens abc-, a_b opens a_b; with brackets opens abc_
autolinker: abc_ opens abc_, abc- opens abc-, a_b opens a_b; with brackets opens abc_
cmarkgfm: abc_ opens abc, abc- opens abc-, a_b opens a_b; with brackets opens abc_
magiclink: abc_ opens abc, abc- opens abc-, a_b opens a_b; with brackets opens abc_
mistune: abc_ opens abc_, abc- opens abc-, a_b opens a_b; with brackets opens abc_
Django: abc_ opens abc_, abc- opens abc-, a_b opens a_b; with brackets opens abc_
TEXT
diff expected actual && echo "as described"
