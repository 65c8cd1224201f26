#!/usr/bin/env bash
# Nine readers of .env files do not agree on "#", on "$" within single quotes, nor on a PEM key in double quotes.
#
# Packages: npm dotenv 18.0.10, @next/env 16.4.6, Node 20's --env-file; PyPI python-dotenv 1.2.4, django-environ 0.14.0,
#           python-decouple 3.8, starlette 1.10.0 (Config), honcho 2.0.0; the shell's `.`
# Guess:    A comment begins at " #" with a space, single quotes protect everything, and double quotes allow several lines.
#           Where there are no quotes, "$" and a backslash may be a matter of taste.
# Fact:     Each part of that is wrong for some. Node, dotenv and honcho cut at any "#", and Next, which has dotenv inside.
#           Next replaces "$name" within single quotes, too, so that a bcrypt hash becomes empty. honcho turns "\n" into a
#           line break within single quotes. django-environ, python-decouple and starlette read a key of several lines as its
#           first line with the quotation mark, and leave "\n" as it is where the others make a line break.
# Seen:     V=p#1 is p for dotenv, next, node, honcho, and p#1 for the others (below, lines and values are printed as JSON)
#           V='$2b$10$abc' is empty for next
# Who:      Teams whose services in several languages share a file, or that move one from Python to Node: the mail server
#           refuses the password, the vendor the signature, and the value in the file is right. Written V="p#1", a password
#           with "#" is read by all; neither way to write a PEM key is. Pass keys as files.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts dotenv@18.0.10 @next/env@16.4.6 >/dev/null
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  python-dotenv==1.2.4 django-environ==0.14.0 python-decouple==3.8 starlette==1.10.0 honcho==2.0.0 2>/dev/null

cat > read.cjs <<'JS'
const { copyFileSync, mkdirSync, readFileSync } = require("fs");
const [reader, file] = process.argv.slice(2);
const readers = {
  dotenv: () => require("dotenv").parse(readFileSync(file)).V,
  next: () => {
    mkdirSync("next", { recursive: true });
    copyFileSync(file, "next/.env");
    return require("@next/env").loadEnvConfig("next", false, { info() {}, error() {} }).combinedEnv.V;
  },
  node: () => process.env.V,
};
console.log(JSON.stringify(readers[reader]()));
JS
cat > try.py <<'PY'
import json, os, subprocess, sys
import decouple, dotenv, environ, starlette.config
from honcho.environ import parse

def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout

def with_environ(file):
    os.environ.pop("V", None)
    environ.Env.read_env(file)
    return os.environ.pop("V")

readers = {
    "dotenv": lambda file: json.loads(run("node", "read.cjs", "dotenv", file)),
    "next": lambda file: json.loads(run("node", "read.cjs", "next", file)),
    "node": lambda file: json.loads(run("node", f"--env-file={file}", "read.cjs", "node", file)),
    "python-dotenv": lambda file: dotenv.dotenv_values(file)["V"],
    "django-environ": with_environ,
    "decouple": lambda file: decouple.RepositoryEnv(file).data["V"],
    "starlette": lambda file: starlette.config.Config(file)("V"),
    "honcho": lambda file: parse(open(file).read())["V"],
    "sh": lambda file: run("sh", "-c", f'. ./{file}; printf %s "$V"'),
}
lines = [
    "V=p#1", 'V="p#1"', "V=$2b$10$abc", "V='$2b$10$abc'", r"V=CORP\nina", r"V='CORP\nina'", r'V="BEGIN\nkey\nEND"', 'V="BEGIN\nkey\nEND"',
]
for line in lines:
    open("env", "w").write(line + "\n")
    values = {}
    for name, read in readers.items():
        try:
            value = json.dumps(read("env"))
        except ValueError:
            value = "an error"
        values.setdefault(value, []).append(name)
    print(json.dumps(line)[1:-1].replace('\\"', '"'))
    for value, names in values.items():
        print(f"  {value} {', '.join(names)}")
PY
PYTHONPATH=py timeout 60 python3 -W ignore try.py > actual 2>errors
cat > expected <<'TEXT'
V=p#1
  "p" dotenv, next, node, honcho
  "p#1" python-dotenv, django-environ, decouple, starlette, sh
V="p#1"
  "p#1" dotenv, next, node, python-dotenv, django-environ, decouple, starlette, honcho, sh
V=$2b$10$abc
  "$2b$10$abc" dotenv, node, python-dotenv, django-environ, decouple, starlette, honcho
  "" next
  "b0" sh
V='$2b$10$abc'
  "$2b$10$abc" dotenv, node, python-dotenv, django-environ, decouple, starlette, honcho, sh
  "" next
V=CORP\\nina
  "CORP\\nina" dotenv, next, node, python-dotenv, django-environ, decouple, starlette
  "CORPnina" honcho, sh
V='CORP\\nina'
  "CORP\\nina" dotenv, next, node, python-dotenv, django-environ, decouple, starlette, sh
  "CORP\nina" honcho
V="BEGIN\\nkey\\nEND"
  "BEGIN\nkey\nEND" dotenv, next, node, python-dotenv, honcho
  "BEGIN\\nkey\\nEND" django-environ, decouple, starlette, sh
V="BEGIN\nkey\nEND"
  "BEGIN\nkey\nEND" dotenv, next, node, python-dotenv, sh
  "\"BEGIN" django-environ, decouple, starlette
  an error honcho
TEXT
diff expected actual && echo "as described"
