#!/usr/bin/env bash
# nodemailer hands the local sendmail lines that end in CR LF and a last one in LF, and `newline` has an effect only lately.
#
# Packages: npm nodemailer 7.0.13 (6.9.16 is the same) and 10.6.1
# Guess:    The sendmail transport writes Unix line ends, as its documentation calls the default; `newline: "unix"` and
#           `newline: "windows"` choose one kind for the whole mail, in every version.
# Fact:     Without the option, all versions write CR LF, except for the last line, which ends in LF. In 6 and 7, the option
#           changes nothing. In 10 it does: then all lines end the same way.
# Seen:     7.0.13 with unix: CR LF and LF
#           10.6.1 without: CR LF and LF; with unix: LF
# Who:      Sites that send confirmation mails through a local sendmail, msmtp or a script in its place. A program that
#           expects Unix lines takes the CR as part of each line, and one that expects CR LF misses the last end.
#           State `newline: "unix"` with version 10. SMTP itself is not affected.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts seven@npm:nodemailer@7.0.13 ten@npm:nodemailer@10.6.1 >/dev/null

# Stands in for the local sendmail: writes what it gets to a file.
cat > sendmail <<'SH'
#!/bin/sh
cat > mail.txt
SH
chmod +x sendmail
cat > try.cjs <<'JS'
const { readFileSync } = require("fs");
const mail = { from: "login@site.example", to: "ann@site.example", subject: "Confirm", text: "Hello Ann\nwelcome" };
(async () => {
  for (const [name, nodemailer] of [["7.0.13", require("seven")], ["10.6.1", require("ten")]]) {
    for (const newline of [undefined, "unix", "windows"]) {
      await nodemailer.createTransport({ sendmail: true, path: "./sendmail", ...(newline && { newline }) }).sendMail(mail);
      const text = readFileSync("mail.txt", "latin1");
      const ends = [/\r\n/.test(text) && "CR LF", /(?<!\r)\n/.test(text) && "LF"].filter(Boolean);
      console.log(`${name} ${newline ? `with ${newline}` : "without"}: ${ends.join(" and ")}`);
    }
  }
})();
JS
timeout 30 node try.cjs > actual
cat > expected <<'TEXT'
7.0.13 without: CR LF and LF
7.0.13 with unix: CR LF and LF
7.0.13 with windows: CR LF and LF
10.6.1 without: CR LF and LF
10.6.1 with unix: LF
10.6.1 with windows: CR LF
TEXT
diff expected actual && echo "as described"
