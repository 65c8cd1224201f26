#!/usr/bin/env bash
# Python's EmailMessage encodes a List-Unsubscribe header with a usual token, and mail readers then find no URL in it.
#
# Packages: Python 3.11.7 (email), PyPI redmail 0.6.0 and Flask-Mail 0.10.0 on it; for comparison Django 5.2.19, which writes
#           its mails itself; the readers npm mailparser 3.14.2 and postal-mime 4.0.0
# Guess:    A header of ASCII with a long word in it gets that word on a line of its own, or stays long.
# Fact:     If the word does not fit into a line of 78 characters, EmailMessage makes an encoded word (RFC 2047) of it, which
#           is not allowed in such headers. mailparser and postal-mime decode it in In-Reply-To, but not in List-Unsubscribe,
#           where mailparser takes the code for the list's name. A Message-ID stays as it is; the In-Reply-To of an answer to
#           Outlook, whose ids have 80 characters, does not.
# Seen:     List-Unsubscribe: =?utf-8?q?=3Chttps=3A//login=2Eexample=2Ecom/unsubscribe?=
#           EmailMessage: mailparser finds no URL, postal-mime no URL
# Who:      Services that send mails by EmailMessage or a package built on it, as Python's documentation shows: readers do
#           not offer to unsubscribe, which large mailbox providers ask for. A policy with longer lines helps:
#           EmailMessage(policy=policy.SMTP.clone(max_line_length=998)), also when the message becomes bytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts mailparser@3.14.2 postal-mime@4.0.0 >/dev/null
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile --target py \
  redmail==0.6.0 Flask-Mail==0.10.0 Flask==3.1.3 Django==5.2.19 2>/dev/null

cat > make.py <<'PY'
from email import policy
from email.message import EmailMessage
import django.conf, django.core.mail, flask, flask_mail, redmail

url = "https://login.example.com/unsubscribe?token=" + "q3Zr_Ab9" * 5 + "abc"
asked = "<DM6PR12MB41234F0C1D2E3A4B5C6D7E8F9A0B2@DM6PR12MB4123.namprd12.prod.outlook.com>"
headers = {"List-Unsubscribe": f"<{url}>", "In-Reply-To": asked, "Message-ID": asked}
ends = {"from": "login@example.com", "to": "ann@example.net"}

def by_python(used):
    message = EmailMessage(policy=used)
    message["From"], message["To"], message["Subject"] = *ends.values(), "News"
    for name, value in headers.items():
        message[name] = value
    message.set_content("Hello")
    return message.as_bytes(policy=used)

def by_redmail():
    sender = redmail.EmailSender(host="127.0.0.1", port=25)
    rest = {name: value for name, value in headers.items() if name != "Message-ID"}
    message = sender.get_message(subject="News", sender=ends["from"], receivers=[ends["to"]], text="Hello", headers=rest)
    return message.as_bytes(policy=policy.SMTP)

def by_flask():
    app = flask.Flask("site")
    flask_mail.Mail(app)
    with app.app_context():
        return flask_mail.Message("News", sender=ends["from"], recipients=[ends["to"]], body="Hello", extra_headers=headers).as_bytes()

def by_django():
    django.conf.settings.configure()
    return django.core.mail.EmailMessage("News", "Hello", ends["from"], [ends["to"]], headers=headers).message().as_bytes()

mails = {
    "EmailMessage": by_python(policy.SMTP), "EmailMessage, long lines": by_python(policy.SMTP.clone(max_line_length=998)),
    "redmail": by_redmail(), "Flask-Mail": by_flask(), "Django": by_django(),
}
for name, mail in mails.items():
    open(f"{name}.eml", "wb").write(mail)
    lines = mail.decode().replace("\r\n", "\n")
    raw = {header: lines.split(f"\n{header}:")[1].strip() for header in ("List-Unsubscribe", "In-Reply-To")}
    print(f"{name} writes", ", ".join(f"{header} {'encoded' if value.startswith('=?') else 'plain'}" for header, value in raw.items()))
PY
cat > read.mjs <<'JS'
import { readFileSync } from "node:fs";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";
const word = (value) => (/^<?https:\/\/[^ ]+abc>?$/.test(value) ? "the URL" : "no URL");
for (const name of ["EmailMessage", "EmailMessage, long lines", "redmail", "Flask-Mail", "Django"]) {
  const mail = readFileSync(`${name}.eml`);
  const parsed = await simpleParser(mail);
  const postal = await PostalMime.parse(mail);
  const unsubscribe = [parsed.headers.get("list")?.unsubscribe?.url, postal.headers.find(({ key }) => key === "list-unsubscribe").value];
  const answered = [parsed.inReplyTo, postal.inReplyTo].map((value) => (value.endsWith("outlook.com>") && value.startsWith("<DM6") ? "right" : "wrong"));
  console.log(`${name}: mailparser finds ${word(unsubscribe[0])}, postal-mime ${word(unsubscribe[1])}; In-Reply-To ${answered.join(" and ")}`);
}
JS
{
  PYTHONPATH=py timeout 60 python3 -W ignore make.py
  timeout 60 node read.mjs
} > actual
cat > expected <<'TEXT'
EmailMessage writes List-Unsubscribe encoded, In-Reply-To encoded
EmailMessage, long lines writes List-Unsubscribe plain, In-Reply-To plain
redmail writes List-Unsubscribe encoded, In-Reply-To encoded
Flask-Mail writes List-Unsubscribe encoded, In-Reply-To encoded
Django writes List-Unsubscribe plain, In-Reply-To plain
EmailMessage: mailparser finds no URL, postal-mime no URL; In-Reply-To right and right
EmailMessage, long lines: mailparser finds the URL, postal-mime the URL; In-Reply-To right and right
redmail: mailparser finds no URL, postal-mime no URL; In-Reply-To right and right
Flask-Mail: mailparser finds no URL, postal-mime no URL; In-Reply-To right and right
Django: mailparser finds the URL, postal-mime the URL; In-Reply-To right and right
TEXT
diff expected actual && echo "as described"
