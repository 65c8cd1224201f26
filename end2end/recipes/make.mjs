// Makes recipes/golden/*.json with the vendors' npm packages, at one moment and with numbered "random" bytes, so that each run gives the same.
import { createRequire, syncBuiltinESMExports } from "node:module";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import crypto from "node:crypto";

const require = createRequire(import.meta.url);
const at = (path) => new URL(path, import.meta.url);
const cases = JSON.parse(readFileSync(at("cases.json")));

// An SDK must be loaded after this, so the vendors' modules are imported below.
const { now } = cases;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    super(...(parts.length ? parts : [now * 1000]));
  }
  static now() {
    return now * 1000;
  }
};
let drawn = 0;
const fill = (bytes) => {
  new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength).forEach((_, at, all) => (all[at] = ++drawn & 255));
  return bytes;
};
const uuid = () => {
  const hex = crypto.createHash("sha256").update(`uuid ${++drawn}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
crypto.randomFillSync = fill;
crypto.randomBytes = (length) => fill(Buffer.alloc(length));
crypto.randomUUID = uuid;
syncBuiltinESMExports();
globalThis.crypto.getRandomValues = fill;
globalThis.crypto.randomUUID = uuid;
Math.random = () => (++drawn % 1000) / 1000;

const version = (name) => {
  for (const folder of require.resolve.paths(name)) {
    const file = `${folder}/${name}/package.json`;
    if (existsSync(file)) return JSON.parse(readFileSync(file)).version;
  }
  throw new Error(`${name} is not installed`);
};
const decode = (token) => token.split(".").slice(0, 2).map((part) => Buffer.from(part, "base64url").toString());
/** The value at a path such as `jti` in the token's claims or in the output. */
const pick = (output, path) => {
  const claims = output.token?.split(".").length === 3 ? JSON.parse(decode(output.token)[1]) : {};
  return path.split(".").reduce((value, key) => value?.[key], { ...output, ...claims });
};

const only = process.argv.slice(2);
for (const file of readdirSync(at("npm/")).sort()) {
  const vendor = file.replace(".mjs", "");
  if (only.length && !only.includes(vendor)) continue;
  for (const vector of (await import(`./npm/${file}`)).default) {
    const { name, recipe = vendor, by, random = [], compare = "bytes", order = true, notes = "", isAwkward, make } = vector;
    const user = isAwkward ? cases.awkward : cases.user;
    const { settings, params = {} } = cases.recipes[recipe];
    const key = (name) => readFileSync(at(`../../recipes/golden/${settings[name]}`), "utf8");
    drawn = 0;
    const output = await make({ user, now, settings, params, key });
    const golden = {
      recipe, made_by: `${by} ${version(by)} (npm)`, user, settings, params, now,
      random: Object.fromEntries(random.map((path) => [path, pick(output, path)])),
      output, compare, order, notes,
    };
    const path = at(`../../recipes/golden/${name ?? recipe}.json`);
    // ECDSA signs with a random number of its own; a vector with the same claims stays as it is.
    const old = compare === "claims" && existsSync(path) && JSON.parse(readFileSync(path)).output;
    if (old?.token && output.token && isDeepStrictEqual(decode(old.token), decode(output.token))) golden.output = old;
    writeFileSync(path, `${JSON.stringify(golden, null, 2)}\n`);
  }
}
process.exit();
