#!/usr/bin/env bash
# A browser set to British English gets the German page where the site has American English, in half of the libraries.
#
# Packages: npm hono 4.13.19, i18next-http-middleware 3.9.9 with i18next 26.7.2, accept-language 3.0.20; PyPI Werkzeug 3.1.9
#           (Flask); for comparison npm negotiator 1.1.0 (Express, Fastify), @formatjs/intl-localematcher 0.10.1, PyPI Babel
#           2.19.0, Django 5.2.19
# Guess:    Browsers send the plain language after the one with the region ("en-GB,en;q=0.9,de;q=0.5"), so that a site with
#           any kind of English is found, here en-US.
# Fact:     The first four do not find "en-US" by "en", and go on to German, which the user likes least. Likewise an Austrian
#           browser gets English where the site's German is called de-DE, and a Portuguese one where Portuguese is pt-BR (by
#           Babel, too). The other way round, de-AT finds "de" in all of them.
# Seen:     en-GB,en;q=0.9,de;q=0.5 at en-US, de: hono de; i18next de; accept-language de; negotiator en-US; formatjs en-US
#           en-GB,en;q=0.9,de;q=0.5 at en-US, de: Flask de; Babel en-US; Django en-us
# Who:      Logins and help centers that name their languages with regions: users abroad see the wrong language, and the
#           team, whose browsers have the site's own regions, does not. Name them without regions where there is one of each.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts hono@4.13.19 i18next@26.7.2 i18next-http-middleware@3.9.9 accept-language@3.0.20 \
  negotiator@1.1.0 @formatjs/intl-localematcher@0.10.1 >/dev/null 2>&1
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  Werkzeug==3.1.9 Babel==2.19.0 Django==5.2.19 2>/dev/null

cat > browsers.json <<'JSON'
[
  ["en-GB,en;q=0.9,de;q=0.5", ["en-US", "de"]],
  ["de-AT,de;q=0.9,en;q=0.8", ["en", "de-DE"]],
  ["pt-PT,pt;q=0.9,en;q=0.8", ["en", "pt-BR"]],
  ["de-AT,de;q=0.9,en;q=0.8", ["en", "de"]]
]
JSON
cat > try.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { match } from "@formatjs/intl-localematcher";
import { Hono } from "hono";
import { languageDetector } from "hono/language";
import i18next from "i18next";
const require = createRequire(import.meta.url);
const acceptLanguage = require("accept-language");
const middleware = require("i18next-http-middleware");
const Negotiator = require("negotiator");
console.info = () => {};

const readers = {
  hono: async (header, site) => {
    const app = new Hono();
    app.use(languageDetector({ supportedLanguages: site, fallbackLanguage: site[0], order: ["header"], caches: false }));
    app.get("/", (context) => context.text(context.get("language")));
    return (await app.request("/", { headers: { "accept-language": header } })).text();
  },
  i18next: async (header, site) => {
    const instance = i18next.createInstance();
    await instance.use(middleware.LanguageDetector).init({ supportedLngs: site, fallbackLng: site[0], preload: site, resources: {}, detection: { order: ["header"] } });
    const request = { headers: { "accept-language": header }, url: "/" };
    await new Promise((resolve) => middleware.handle(instance)(request, { setHeader() {}, getHeader() {}, locals: {} }, resolve));
    return request.language;
  },
  "accept-language": (header, site) => {
    acceptLanguage.languages(site);
    return acceptLanguage.get(header);
  },
  negotiator: (header, site) => new Negotiator({ headers: { "accept-language": header } }).language(site),
  formatjs: (header, site) => match(new Negotiator({ headers: { "accept-language": header } }).languages(), site, site[0]),
};
for (const [header, site] of JSON.parse(readFileSync("browsers.json"))) {
  const seen = [];
  for (const [name, read] of Object.entries(readers)) seen.push(`${name} ${await read(header, site)}`);
  console.log(`${header} at ${site.join(", ")}: ${seen.join("; ")}`);
}
JS
cat > try.py <<'PY'
import json
import django
from babel import negotiate_locale
from django.conf import settings
from django.test import RequestFactory, override_settings
from django.utils.translation import get_language_from_request, trans_real
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
settings.configure(USE_I18N=True)
django.setup()

def with_django(header, site):
    names = [language.lower() for language in site]
    with override_settings(LANGUAGES=[(name, name) for name in names], LANGUAGE_CODE=names[0]):
        trans_real.get_languages.cache_clear()
        return get_language_from_request(RequestFactory().get("/", headers={"accept-language": header}))

readers = {
    "Flask": lambda header, site: parse_accept_header(header, LanguageAccept).best_match(site),
    "Babel": lambda header, site: negotiate_locale([part.split(";")[0] for part in header.split(",")], site, sep="-"),
    "Django": with_django,
}
for header, site in json.load(open("browsers.json")):
    print(f"{header} at {', '.join(site)}: {'; '.join(f'{name} {read(header, site)}' for name, read in readers.items())}")
PY
{
  timeout 60 node --no-warnings try.mjs
  PYTHONPATH=py timeout 60 python3 -W ignore try.py
} > actual
cat > expected <<'TEXT'
en-GB,en;q=0.9,de;q=0.5 at en-US, de: hono de; i18next de; accept-language de; negotiator en-US; formatjs en-US
de-AT,de;q=0.9,en;q=0.8 at en, de-DE: hono en; i18next en; accept-language en; negotiator de-DE; formatjs de-DE
pt-PT,pt;q=0.9,en;q=0.8 at en, pt-BR: hono en; i18next en; accept-language en; negotiator pt-BR; formatjs pt-BR
de-AT,de;q=0.9,en;q=0.8 at en, de: hono de; i18next de; accept-language de; negotiator de; formatjs de
en-GB,en;q=0.9,de;q=0.5 at en-US, de: Flask de; Babel en-US; Django en-us
de-AT,de;q=0.9,en;q=0.8 at en, de-DE: Flask en; Babel de-DE; Django de-de
pt-PT,pt;q=0.9,en;q=0.8 at en, pt-BR: Flask en; Babel en; Django pt-br
de-AT,de;q=0.9,en;q=0.8 at en, de: Flask de; Babel de; Django de
TEXT
diff expected actual && echo "as described"
