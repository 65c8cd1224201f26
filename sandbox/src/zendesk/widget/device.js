// What the widget stores in the browser: the device's id in a cookie for the whole site, and the account's
// last status.

const DEVICE_COOKIE = "__zlcmid";
const STORE = "__zlcstore";
const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** The `Domain` attributes that this page could try for a cookie, the widest first, the host alone last. */
function cookieScopes() {
  const labels = location.hostname.split(".");
  const domains = labels.map((_, index) => `; Domain=${labels.slice(index).join(".")}`);
  return [...domains.reverse(), ""];
}

function readDevice() {
  const entry = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${DEVICE_COOKIE}=`));
  return entry?.slice(DEVICE_COOKIE.length + 1) ?? "";
}

/** The id of this device. Browsers refuse domains that are too wide, so the first one accepted is used. */
function deviceId() {
  const known = readDevice();
  if (known) return known;
  const id = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(36).padStart(2, "0")).join("");
  for (const scope of cookieScopes()) {
    document.cookie = `${DEVICE_COOKIE}=${id}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax${scope}`;
    if (readDevice() === id) break;
  }
  return id;
}

/** Stores the account's status for the next page. Holds nothing about the user. */
function rememberStatus(accountKey, status) {
  try {
    const store = JSON.parse(localStorage.getItem(STORE) ?? "{}");
    store[accountKey] = { account_status: status, timestamp: Date.now() };
    localStorage.setItem(STORE, JSON.stringify(store));
  } catch {
    // Storage may be unavailable; nothing depends on it.
  }
}

/** At logout: the next user of this browser gets another device id. */
function forgetDevice() {
  for (const scope of cookieScopes()) {
    document.cookie = `${DEVICE_COOKIE}=; Path=/; Max-Age=0; SameSite=Lax${scope}`;
  }
  try {
    localStorage.removeItem(STORE);
  } catch {
    // As above.
  }
}
