#!/usr/bin/env bash
# CSV readers that find types turn the user id "007" into 7, "12e34567" into Infinity and "0x1f" into 0 or 31.
#
# Packages: npm papaparse 5.7.1, csv-parse 7.0.3, csvtojson 2.0.14, d3-dsv 3.0.2; for comparison fast-csv 5.0.8
# Guess:    The option that finds numbers and booleans leaves text that is not written as a number would be, such as "007".
# Fact:     All four drop leading zeros and read exponents. papaparse alone leaves what a number cannot hold exactly, a plus
#           sign and hexadecimal text. csv-parse reads as far as it can, so "0x1f" is 0. fast-csv has no such option.
# Seen:     papaparse with dynamicTyping: 007 is 7, 12e3 is 12000
# Who:      Who imports users from a table with ids, customer numbers, postal codes or telephone numbers. Of ids with eight
#           hexadecimal digits one in 70 is decimal but for an "e" inside. Read everything as text, and convert the columns
#           that you know to be numbers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts papaparse@5.7.1 csv-parse@7.0.3 csvtojson@2.0.14 d3-dsv@3.0.2 \
  fast-csv@5.0.8 >/dev/null 2>&1

cat > try.mjs <<'JS'
import { autoType, csvParse } from "d3-dsv";
import { parse } from "csv-parse/sync";
import { parseString } from "fast-csv";
import csvtojson from "csvtojson";
import Papa from "papaparse";
const ids = ["007", "12e3", "12e34567", "+4930123456", "1_000", "0x1f", "12345678901234567890", "5f1c0a9e"];
const csv = `id\n${ids.join("\n")}\n`;
const readers = {
  "papaparse, dynamicTyping": () => Papa.parse(csv, { header: true, dynamicTyping: true, skipEmptyLines: true }).data,
  "csv-parse, cast": () => parse(csv, { columns: true, cast: true }),
  "csvtojson, checkType": () => csvtojson({ checkType: true }).fromString(csv),
  "d3-dsv, autoType": () => csvParse(csv, autoType),
  "fast-csv": () => parseString(csv, { headers: true }).toArray(),
};
for (const [name, read] of Object.entries(readers)) {
  const changed = (await read()).map(({ id }, row) => [ids[row], id]).filter(([before, after]) => before !== after);
  console.log(`${name}: ${changed.map(([before, after]) => `${before} is ${after}`).join(", ") || "nothing"}`);
}
JS
node try.mjs > actual
cat > expected <<'TEXT'
papaparse, dynamicTyping: 007 is 7, 12e3 is 12000
csv-parse, cast: 007 is 7, 12e3 is 12000, +4930123456 is 4930123456, 0x1f is 0, 12345678901234567890 is 12345678901234567000
csvtojson, checkType: 007 is 7, 12e3 is 12000, 12e34567 is Infinity, +4930123456 is 4930123456, 12345678901234567890 is 12345678901234567000
d3-dsv, autoType: 007 is 7, 12e3 is 12000, 12e34567 is Infinity, +4930123456 is 4930123456, 0x1f is 31, 12345678901234567890 is 12345678901234567000
fast-csv: nothing
TEXT
diff expected actual && echo "as described"
