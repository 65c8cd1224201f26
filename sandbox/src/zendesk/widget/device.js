// What stays in the browser: the device's id in a cookie of the whole site, and the account's last status.

const DEVICE_COOKIE = "__zlcmid";
const STORE = "__zlcstore";
const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Every domain that this page could set a cookie for, the widest first, and none for the host alone. */
function cookieScopes() {
  const labels = location.hostname.split(".");
  const domains = labels.map((_, index) => `; Domain=${labels.slice(index).join(".")}`);
  return [...domains.reverse(), ""];
}

function readDevice() {
  const entry = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${DEVICE_COOKIE}=`));
  return entry?.slice(DEVICE_COOKIE.length + 1) ?? "";
}

/** The id of this device. The browser refuses domains that are too wide, so the first that sticks is right. */
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

/** Holds no identity: what an account's status was, for the next page. */
function rememberStatus(accountKey, status) {
  try {
    const store = JSON.parse(localStorage.getItem(STORE) ?? "{}");
    store[accountKey] = { account_status: status, timestamp: Date.now() };
    localStorage.setItem(STORE, JSON.stringify(store));
  } catch {
    // Pages may forbid storage; nothing depends on it.
  }
}

/** At logout the next person must not be taken for the last one's device. */
function forgetDevice() {
  for (const scope of cookieScopes()) {
    document.cookie = `${DEVICE_COOKIE}=; Path=/; Max-Age=0; SameSite=Lax${scope}`;
  }
  try {
    localStorage.removeItem(STORE);
  } catch {
    // See above.
  }
}
