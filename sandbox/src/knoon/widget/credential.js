// The credential in the page's cookies: two cookies for each chat box, readable on the whole parent domain.

// WebKit keeps no `Secure` cookies over http, not even on loopback.
const POLICY = `; Path=/; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;

/** Converts Unix seconds, Unix milliseconds or an ISO date to milliseconds; NaN for anything else. */
function parseTime(value) {
  if (value === "" || value == null) return NaN;
  const number = Number(value);
  if (Number.isNaN(number)) return Date.parse(value);
  // In seconds, this bound is in the year 5138; in milliseconds, in 1973.
  return number > 0 ? (number < 1e11 ? number * 1000 : number) : NaN;
}

function cookieNames(chatBoxId) {
  const id = encodeURIComponent(chatBoxId);
  return { jwt: `knoon_jwt_${id}`, expiresAt: `knoon_expires_at_${id}` };
}

function readCookie(name) {
  const entry = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${name}=`));
  if (!entry) return "";
  const value = entry.slice(name.length + 1);
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The stored credential, or null if either cookie is missing. */
function readCredential(chatBoxId) {
  const names = cookieNames(chatBoxId);
  const jwt = readCookie(names.jwt);
  const expiresAt = readCookie(names.expiresAt);
  return jwt && expiresAt ? { jwt, expiresAt: parseTime(expiresAt) } : null;
}

/** Whether this page can read cookies for `domain`. */
function coversThisPage(domain) {
  const parent = domain.replace(/^\./, "").toLowerCase();
  const host = location.hostname;
  return parent !== "" && (host === parent || host.endsWith(`.${parent}`));
}

function writeCredential(chatBoxId, { jwt, expiresAt, domain }) {
  const names = cookieNames(chatBoxId);
  const scope = domain ? `; Domain=${domain.replace(/^\./, "")}` : "";
  const expires = new Date(parseTime(expiresAt)).toUTCString();
  const policy = `${POLICY}${scope}; Expires=${expires}`;
  document.cookie = `${names.jwt}=${encodeURIComponent(jwt)}${policy}`;
  document.cookie = `${names.expiresAt}=${encodeURIComponent(String(expiresAt))}${policy}`;
}

/** Tries every possible domain, since a cookie can be deleted only under the domain it was set for. */
function deleteCredential(chatBoxId) {
  const labels = location.hostname.split(".");
  const domains = labels.map((_, index) => `; Domain=${labels.slice(index).join(".")}`);
  for (const name of Object.values(cookieNames(chatBoxId))) {
    for (const scope of ["", ...domains]) {
      document.cookie = `${name}=${POLICY}${scope}; Max-Age=0`;
    }
  }
}

/** Calls `callback` whenever the cookies may have changed. Returns a function that stops watching. */
function watchCookies(callback) {
  const ending = new AbortController();
  const { signal } = ending;
  document.addEventListener("visibilitychange", () => document.hidden || callback(), { signal });
  if (window.cookieStore?.addEventListener) {
    cookieStore.addEventListener("change", callback, { signal });
  } else {
    const timer = setInterval(callback, 1000);
    signal.addEventListener("abort", () => clearInterval(timer));
  }
  const listen = () => {
    if (!window.Latchkey?.on || signal.aborted) return false;
    for (const event of ["signedin", "signedout", "expired"]) {
      window.Latchkey.on(event, () => signal.aborted || callback());
    }
    return true;
  };
  // The host's script may load after this one.
  if (!listen()) window.addEventListener("load", listen, { once: true, signal });
  return () => ending.abort();
}
