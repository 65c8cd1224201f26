#!/usr/bin/env bash
# Cloudinary's Python SDK leaves parameters that are False or 0 out of an upload signature; its Node SDK signs them.
#
# Packages: npm cloudinary 2.11.0, PyPI cloudinary 1.46.3
# Guess:    Both sign the same text for the same parameters; perhaps they differ in how they write booleans.
# Fact:     True is signed as "true" by both. False and 0 are signed as "false" and "0" by Node, and not at all by Python.
#           So a server in Python that allows an upload with `overwrite: false` signs as if nothing had been said about it.
#           The browser sends `overwrite=false`, which this signature does not cover.
# Seen:     overwrite=False: node signs "overwrite=false&timestamp=1", python signs "timestamp=1"
# Who:      Servers that sign uploads for a widget in the browser. `overwrite`, `unique_filename` and `use_filename` are
#           often set to false. In Python, pass them as text ("false", "0"); then the signatures are equal.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts cloudinary@2.11.0 >/dev/null
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target py cloudinary==1.46.3 2>/dev/null

cat > cases.json <<'JSON'
[
  ["overwrite is true", {"overwrite": true, "timestamp": 1}],
  ["overwrite is false", {"overwrite": false, "timestamp": 1}],
  ["overwrite is \"false\"", {"overwrite": "false", "timestamp": 1}],
  ["quality_analysis is 0", {"quality_analysis": 0, "timestamp": 1}],
  ["a list", {"tags": ["a", "b"], "timestamp": 1}]
]
JSON
cat > try.cjs <<'JS'
const { createHash } = require("crypto");
const { utils } = require("cloudinary").v2;
for (const [name, parameters] of require("./cases.json")) console.log(name + ":", utils.api_sign_request(parameters, "secret"));
// The text that Python signs for `overwrite: false`.
console.log("timestamp=1 alone:", createHash("sha1").update("timestamp=1secret").digest("hex"));
JS
cat > try.py <<'PY'
import json
from cloudinary.utils import api_sign_request
for name, parameters in json.load(open("cases.json")):
    print(name + ":", api_sign_request(parameters, "secret"))
PY
timeout 20 node try.cjs > node.txt
PYTHONPATH=py timeout 20 python3 try.py > python.txt

alone=$(sed -n 's/^timestamp=1 alone: //p' node.txt)
while IFS= read -r line; do
  name=${line%%: *} node=$(grep -F "${line%%: *}: " node.txt | sed 's/.*: //') python=${line##*: }
  if [ "$node" = "$python" ]; then echo "$name: equal"
  elif [ "$python" = "$alone" ]; then echo "$name: python signs the timestamp alone"
  else echo "$name: different"; fi
done < python.txt > actual
cat > expected <<'TEXT'
overwrite is true: equal
overwrite is false: python signs the timestamp alone
overwrite is "false": equal
quality_analysis is 0: python signs the timestamp alone
a list: equal
TEXT
diff expected actual && echo "as described"
