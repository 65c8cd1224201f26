#!/usr/bin/env bash
# The npm package phpass verifies no portable hash of phpass, and wordpress-hash-node none of phpBB.
#
# Packages: npm phpass 0.1.1, wordpress-hash-node 1.0.0; PyPI passlib 1.7.4
# Guess:    A portable hash ($P$… in WordPress, $H$… in phpBB) is the same everywhere, and a port of phpass verifies it.
# Fact:     passlib verifies both. phpass, "a port of the portable PHP password hashing framework" for "existing password
#           hashes", has bcrypt only, and returns false for all others, so every imported user has the wrong password.
#           wordpress-hash-node verifies $P$ and not $H$, which differs in that letter alone.
# Seen:     phpass, $P$: false
# Who:      Who takes over users from WordPress before 6.8, phpBB or a forum of that time. Try the import with one known
#           password. Replacing $H$ by $P$ helps with wordpress-hash-node.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts phpass@0.1.1 wordpress-hash-node@1.0.0 >/dev/null 2>&1
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py passlib==1.7.4 2>/dev/null

cat > try.py <<'PY'
import json
from passlib.hash import phpass
made = phpass.using(rounds=13).hash("correct horse")
hashes = {"$P$": made, "$H$": made.replace("$P$", "$H$")}
json.dump(hashes, open("hashes.json", "w"))
for kind, text in hashes.items():
    print(f"passlib, {kind}: {str(phpass.verify('correct horse', text)).lower()}")
PY
cat > try.cjs <<'JS'
const wordpress = require("wordpress-hash-node");
const phpass = new (require("phpass").PasswordHash)();
for (const [kind, hash] of Object.entries(require("./hashes.json"))) {
  console.log(`phpass, ${kind}: ${phpass.checkPassword("correct horse", hash)}`);
  console.log(`wordpress-hash-node, ${kind}: ${wordpress.CheckPassword("correct horse", hash)}`);
}
console.log(`phpass, its own: ${phpass.checkPassword("correct horse", phpass.hashPassword("correct horse"))}`);
JS
{
  PYTHONPATH=py python3 -W ignore try.py
  node try.cjs
} > actual
cat > expected <<'TEXT'
passlib, $P$: true
passlib, $H$: true
phpass, $P$: false
wordpress-hash-node, $P$: true
phpass, $H$: false
wordpress-hash-node, $H$: false
phpass, its own: true
TEXT
diff expected actual && echo "as described"
