#!/usr/bin/env bash
# For the same upload form, boto3 makes another credential than the JavaScript SDK, and does not cover the form's own fields.
#
# Packages: npm @aws-sdk/s3-presigned-post 3.1164.0 with @aws-sdk/client-s3 3.1164.0; PyPI boto3 1.44.8
# Guess:    Both make an AWS4-HMAC-SHA256 policy of the same conditions; only the JSON's spaces and order differ.
# Fact:     In a region of the old kind (eu-west-1), boto3 still makes the form of 2006: AWSAccessKeyId, policy and an
#           HMAC-SHA1 signature. In eu-central-1, and with signature_version="s3v4", it makes the new form. In neither does
#           it turn Fields into conditions, as the JavaScript SDK does: a Content-Type in the form is not in the policy,
#           and S3 refuses a form with a field that the policy does not name.
# Seen:     javascript eu-west-1: AWS4-HMAC-SHA256, Content-Type in the policy
#           boto3 eu-west-1: HMAC-SHA1, Content-Type not in the policy
# Who:      Sites that hand the browser a short-lived permission to upload, and rewrite that endpoint in the other language,
#           or use it with a service that speaks S3 but knows version 4 only.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @aws-sdk/s3-presigned-post@3.1164.0 @aws-sdk/client-s3@3.1164.0 >/dev/null
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  boto3==1.44.8 botocore==1.44.8 2>/dev/null

cat > try.cjs <<'JS'
const { createPresignedPost } = require("@aws-sdk/s3-presigned-post");
const { S3Client } = require("@aws-sdk/client-s3");
(async () => {
  for (const region of ["eu-west-1", "eu-central-1"]) {
    const client = new S3Client({ region, credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" } });
    const { fields } = await createPresignedPost(client, { Bucket: "photos", Key: "ann.png", Fields: { "Content-Type": "image/png" }, Expires: 60 });
    const { conditions } = JSON.parse(Buffer.from(fields.Policy, "base64"));
    const isCovered = conditions.some((condition) => "Content-Type" in condition);
    console.log(`javascript ${region}: ${fields["X-Amz-Algorithm"] ?? "HMAC-SHA1"}, Content-Type ${isCovered ? "" : "not "}in the policy`);
  }
})();
JS
cat > try.py <<'PY'
import base64, json
import boto3
from botocore.config import Config

def form(region, config=None):
    client = boto3.client("s3", region_name=region, aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret", config=config)
    fields = client.generate_presigned_post("photos", "ann.png", Fields={"Content-Type": "image/png"}, ExpiresIn=60)["fields"]
    conditions = json.loads(base64.b64decode(fields["policy"]))["conditions"]
    covered = any("Content-Type" in condition for condition in conditions)
    kind = fields.get("x-amz-algorithm", "HMAC-SHA1" if "AWSAccessKeyId" in fields else "?")
    return f"{kind}, Content-Type {'' if covered else 'not '}in the policy"

for region in ("eu-west-1", "eu-central-1"):
    print(f"boto3 {region}: {form(region)}")
print(f"boto3 eu-west-1 with s3v4: {form('eu-west-1', Config(signature_version='s3v4'))}")
PY
{
  timeout 20 node --no-warnings try.cjs
  PYTHONPATH=py timeout 25 python3 -W ignore try.py
} > actual
cat > expected <<'TEXT'
javascript eu-west-1: AWS4-HMAC-SHA256, Content-Type in the policy
javascript eu-central-1: AWS4-HMAC-SHA256, Content-Type in the policy
boto3 eu-west-1: HMAC-SHA1, Content-Type not in the policy
boto3 eu-central-1: AWS4-HMAC-SHA256, Content-Type not in the policy
boto3 eu-west-1 with s3v4: AWS4-HMAC-SHA256, Content-Type not in the policy
TEXT
diff expected actual && echo "as described"
