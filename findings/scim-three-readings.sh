#!/usr/bin/env bash
# Of the PATCH requests that Microsoft Entra sends, each SCIM library takes another part.
#
# Packages: npm scim-patch 0.8.3, scimmy 1.3.5; PyPI scim2-models 0.12.3
# Guess:    Libraries that make a SCIM server know the best-known client: "False" becomes false, a value for
#           emails[type eq "work"] makes that address, names are compared without case (RFC 7643, section 2.1), and a member
#           who is there already is not added again.
# Fact:     Only the removal by a filter is handled alike. scim-patch stores the text "False", and makes a second attribute
#           `UserName`. scimmy refuses both, refuses the new address, and adds the member twice. scim2-models refuses the new
#           address, and the list of members to remove.
# Seen:     active "False": scim-patch "False", scimmy an error, scim2-models false
# Who:      Sites whose customers provision users from Entra: a user who is disabled there may not be here. Put what the
#           client really sends (log it once) into tests, and normalize it before the library sees it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts scim-patch@0.8.3 scimmy@1.3.5 >/dev/null 2>&1
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  scim2-models==0.12.3 2>/dev/null

cat > cases.json <<'JSON'
{
  "user": {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "1", "userName": "ann", "active": true,
    "emails": [{"type": "home", "value": "home@example.com"}]
  },
  "group": {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "id": "2", "displayName": "Team",
    "members": [{"value": "1"}, {"value": "2"}]
  },
  "cases": [
    ["active \"False\"", "user", {"op": "Replace", "path": "active", "value": "False"}, "active"],
    ["name in another case", "user", {"op": "Replace", "path": "UserName", "value": "bob"}, "userName"],
    ["new address", "user", {"op": "Add", "path": "emails[type eq \"work\"].value", "value": "work@example.com"}, "emails"],
    ["member again", "group", {"op": "Add", "path": "members", "value": [{"value": "2"}]}, "members"],
    ["list to remove", "group", {"op": "Remove", "path": "members", "value": [{"value": "2"}]}, "members"],
    ["filter to remove", "group", {"op": "remove", "path": "members[value eq \"2\"]"}, "members"]
  ]
}
JSON
cat > try.mjs <<'JS'
import { readFileSync } from "node:fs";
import { scimPatch } from "scim-patch";
import SCIMMY from "scimmy";
const { cases, ...resources } = JSON.parse(readFileSync("cases.json"));
const schemas = { user: SCIMMY.Schemas.User, group: SCIMMY.Schemas.Group };
const message = (operation) => ({ schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: [operation] });
const copy = (value) => JSON.parse(JSON.stringify(value));
const short = (value) => (Array.isArray(value) ? value.map((part) => part.value).join(" ") : JSON.stringify(value));
for (const [title, kind, operation, field] of cases) {
  console.log(`${title}, scim-patch: ${short(scimPatch(copy(resources[kind]), [copy(operation)])[field])}`);
  const changed = (async () => {
    const resource = new schemas[kind](copy(resources[kind]), "out");
    return short(copy((await new SCIMMY.Messages.PatchOp(message(copy(operation))).apply(resource, (value) => value)) ?? resource)[field]);
  })();
  console.log(`${title}, scimmy: ${await changed.catch((error) => error.scimType)}`);
}
JS
cat > try.py <<'PY'
import json
from scim2_models import Group, PatchOp, User
given = json.load(open("cases.json"))
models = {"user": User, "group": Group}
for title, kind, operation, field in given["cases"]:
    try:
        resource = models[kind].model_validate(given[kind])
        message = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}
        PatchOp[models[kind]].model_validate(message).patch(resource)
        value = resource.model_dump()[field]
        print(f"{title}, scim2-models:", " ".join(part["value"] for part in value) if isinstance(value, list) else json.dumps(value))
    except Exception as error:
        print(f"{title}, scim2-models: {error.__class__.__name__}")
PY
{
  node try.mjs
  PYTHONPATH=py python3 -W ignore try.py
} | LC_ALL=C sort > actual
cat > expected <<'TEXT'
active "False", scim-patch: "False"
active "False", scim2-models: false
active "False", scimmy: invalidValue
filter to remove, scim-patch: 1
filter to remove, scim2-models: 1
filter to remove, scimmy: 1
list to remove, scim-patch: 1
list to remove, scim2-models: InvalidValueException
list to remove, scimmy: 1
member again, scim-patch: 1 2
member again, scim2-models: 1 2
member again, scimmy: 1 2 2
name in another case, scim-patch: "ann"
name in another case, scim2-models: "bob"
name in another case, scimmy: invalidPath
new address, scim-patch: home@example.com work@example.com
new address, scim2-models: NoTargetException
new address, scimmy: noTarget
TEXT
diff expected actual && echo "as described"
