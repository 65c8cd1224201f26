/**
 * Latchkey, the opener's side: signs visitors of this page in to its chat boxes. Types: /latchkey.d.ts
 *
 * The login opens in a popup and posts the credential to exactly this origin. If no message arrives (a
 * Cross-Origin-Opener-Policy severed the window, the browser blocks popups, this page was reloaded), the login redirects
 * to the chat box's return page with a code, which this script redeems with the stored verifier. The credential is kept
 * in two cookies per chat box, which the chat box reads, until it expires.
 */
(() => {
  if (globalThis.Latchkey) return;
  const LOGIN = "__LOGIN_ORIGIN__";
  const DOMAIN = "__COOKIE_DOMAIN__";
  const JWT = "__COOKIE_PREFIX___jwt_";
  const EXPIRES = "__COOKIE_PREFIX___expires_at_";
  const CHANNEL = "latchkey";
  const PREFIX = "latchkey-";
  const TIMEOUT = 15 * 60e3;
  const MESSAGES = {
    blocked: "The browser blocked the popup.",
    cancelled: "The sign-in was canceled.",
    timeout: "The sign-in took too long.",
    unknown: "The sign-in wasn't started here.",
    invalid: "The login sent no valid credential.",
    cookies: "The browser blocked cookies.",
  };

  // Chat box id -> the running sign-in, { challenge, promise, resolve, reject, timer }.
  const flows = new Map();
  // Chat box id -> its last popup, kept after the flow: a late credential is still accepted.
  const popups = new Map();
  // Chat box id -> the credential last reported to this page, { jwt, expires, timer }.
  const known = new Map();
  // Pairs of an event name and a listener.
  const listeners = new Set();
  // Not available in every browser and context; storage events carry the same messages.
  let channel;
  // Whether this window closes once another tab has acknowledged its sign-in.
  let leaving;
  // Verifier and challenge of the next flow, made ahead, since a popup must open synchronously in the click.
  let pair, pairing;

  const emit = (name, detail) => listeners.forEach(([event, listener]) => event === name && listener(detail));

  /** Seconds, milliseconds or an ISO date, as milliseconds; NaN for anything else. */
  const millis = (value) => {
    const number = isNaN(value) ? Date.parse(value) : Number(value);
    return number < 1e11 ? number * 1000 : number;
  };

  /** Stores a value in this origin's storage, if available, and removes abandoned flows. */
  const keep = (key, value) => {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      for (const [old, text] of Object.entries(localStorage)) {
        if (old.startsWith(PREFIX) && JSON.parse(text).until < Date.now()) localStorage.removeItem(old);
      }
    } catch {}
  };

  const take = (key) => {
    try {
      const value = JSON.parse(localStorage.getItem(key));
      localStorage.removeItem(key);
      return value;
    } catch {}
  };

  /** The credentials that this page has: chat box id -> { jwt, expires }. */
  const present = () => {
    // Unlike decodeURIComponent, unescape doesn't throw on foreign cookies.
    const cookies = new Map(document.cookie.split("; ").map((cookie) => unescape(cookie).split(/=(.*)/)));
    const found = new Map();
    for (const [name, jwt] of cookies) {
      const chatBoxId = name.slice(JWT.length);
      const expires = millis(cookies.get(EXPIRES + chatBoxId));
      if (name.startsWith(JWT) && expires > Date.now()) found.set(chatBoxId, { jwt, expires });
    }
    return found;
  };

  /** Writes both cookies of a chat box, or removes them if `end` is in the past. */
  const write = (chatBoxId, domain, end, jwt, expiresAt) => {
    const scope = (domain ? `; Domain=${domain}` : "") + (isSecureContext ? "; Secure" : "");
    const until = new Date(end).toUTCString();
    for (const [name, value] of [[JWT, jwt], [EXPIRES, expiresAt]])
      document.cookie = `${name}${chatBoxId}=${encodeURIComponent(value)}; Path=/; SameSite=Lax; Expires=${until}${scope}`;
  };

  /** Stores a credential, or returns an error code. A page outside the cookie domain stores it for its own host. */
  const store = (chatBoxId, data) => {
    const expires = millis(data?.expiresAt);
    const fits = data?.jwt && typeof data.jwt === "string" && (data.chatBoxId ?? chatBoxId) === chatBoxId;
    if (!(fits && expires > Date.now())) return "invalid";
    const parent = String(data.domain ?? DOMAIN).replace(/^\./, "");
    write(chatBoxId, `.${location.hostname}`.endsWith(`.${parent}`) && parent, expires, data.jwt, data.expiresAt);
    if (!present().has(chatBoxId)) return "cookies";
    known.delete(chatBoxId);
  };

  /** Ends a running sign-in. */
  const end = (chatBoxId) => {
    const flow = flows.get(chatBoxId);
    flows.delete(chatBoxId);
    clearTimeout(flow?.timer);
    return flow;
  };

  const fail = (chatBoxId, code) => {
    const detail = { chatBoxId, code, message: MESSAGES[code] };
    end(chatBoxId)?.reject(Object.assign(new Error(detail.message), detail));
    emit("error", detail);
  };

  /** Compares the cookies with the known credentials and emits an event for every change, whatever caused it. */
  const look = (kind) => {
    const now = present();
    let lost;
    for (const [chatBoxId, { expires, timer }] of known) {
      if (now.has(chatBoxId)) continue;
      known.delete(chatBoxId);
      clearTimeout(timer);
      // Cookies expire in whole seconds.
      if (kind !== "signedout" && expires - Date.now() < 1500) emit("expired", { chatBoxId });
      else lost = true;
    }
    if (lost) emit("signedout", {});
    for (const [chatBoxId, credential] of now) {
      const before = known.get(chatBoxId);
      if (before?.jwt === credential.jwt) continue;
      clearTimeout(before?.timer);
      known.set(chatBoxId, credential);
      watch(chatBoxId, credential, true);
      const detail = { chatBoxId, jwt: credential.jwt, expiresAt: new Date(credential.expires) };
      if (kind !== "renewed") end(chatBoxId)?.resolve(detail);
      emit(kind === "renewed" ? kind : "signedin", detail);
    }
  };

  /** Renews a credential shortly before it expires, or reports its expiry. Timers are limited to 24 days. */
  const watch = (chatBoxId, credential, renews) => {
    const left = credential.expires - Date.now();
    const early = renews && left > 1000 && Math.min(left / 10, 60e3);
    credential.timer = setTimeout(early ? renew : look, Math.min(left - early, 2e9), chatBoxId, credential);
  };

  const ask = (path, credentials, fields) =>
    fetch(`${LOGIN}/api/handoff/${path}`, {
      method: "POST",
      credentials,
      body: new URLSearchParams(fields),
      signal: AbortSignal.timeout?.(15e3),
    })
      .then((answer) => answer.json())
      .catch(() => ({}));

  /** Requests a new credential in one tab; the others read it from the cookies. Without a session it expires. */
  const renew = (chatBoxId, credential) => {
    const isOurs = () => present().get(chatBoxId)?.jwt === credential.jwt;
    const work = async () => {
      const { status, data } = isOurs() ? await ask("renew", "include", { chatBoxId }) : {};
      if (!isOurs()) return look("renewed");
      if (store(chatBoxId, data)) watch(chatBoxId, credential, status !== "unauthenticated" && status !== "forbidden");
      else spread("renewed");
    };
    navigator.locks?.request(PREFIX + chatBoxId, work) ?? work();
  };

  /** Notifies the other tabs of this origin over two channels; receiving both is harmless. */
  const tell = (kind, detail) => {
    const news = { kind, ...detail, at: Date.now() };
    channel?.postMessage(news);
    keep(CHANNEL, news);
  };

  const hear = ({ kind, chatBoxId, challenge, code }) => {
    if (kind === "heard") return leaving && close();
    tell("heard");
    if (challenge && flows.get(chatBoxId)?.challenge === challenge) {
      if (code) fail(chatBoxId, code);
      // This page may know the credential, but not that it completes the flow.
      else known.delete(chatBoxId);
    }
    look(kind);
  };

  /** Reports stored or removed credentials to this page and the other tabs. */
  const spread = (kind, flow) => {
    look(kind);
    tell(kind, flow);
  };

  const base64url = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replace("=", "");

  /** Makes the next pair for PKCE (RFC 7636, S256). Insecure contexts sign in without one. */
  const prepare = () => {
    pair = undefined;
    const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
    pairing = crypto.subtle?.digest("SHA-256", new TextEncoder().encode(verifier)).then((digest) => {
      pair = { verifier, challenge: base64url(digest) };
    });
  };

  /** The login's URL for a flow; stores its verifier for the return page. */
  const begin = (chatBoxId, flow, back) => {
    const query = new URLSearchParams({ chatBoxId, receipt: "1" });
    if (pair) {
      flow.challenge = pair.challenge;
      query.set("challenge", pair.challenge);
      keep(PREFIX + pair.challenge, { verifier: pair.verifier, back, until: Date.now() + TIMEOUT });
      prepare();
    }
    return `${LOGIN}/login?${query}`;
  };

  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== LOGIN) return;
    // Sent while the popup unloads, when browsers set no source.
    if (data?.latchkey === "cancelled")
      return flows.get(data.chatBoxId)?.challenge === data.challenge && fail(data.chatBoxId, "cancelled");
    const [chatBoxId] = [...popups].find(([, popup]) => popup === source) ?? [];
    if (!chatBoxId) return;
    emit("step", { step: "message", chatBoxId });
    const wrong = store(chatBoxId, data);
    if (wrong) return fail(chatBoxId, wrong);
    source.postMessage({ latchkey: "received", chatBoxId }, LOGIN);
    take(PREFIX + flows.get(chatBoxId)?.challenge);
    spread("signedin");
  });

  /** Opens the login. Call it directly in a click handler, or the browser blocks the popup. */
  const signIn = ({ chatBoxId, mode, signal }) => {
    const running = flows.get(chatBoxId);
    const last = popups.get(chatBoxId);
    if (running && last && !last.closed) {
      last.focus();
      return running.promise;
    }
    if (running) fail(chatBoxId, "cancelled");
    const flow = { challenge: null };
    flow.promise = new Promise((resolve, reject) => Object.assign(flow, { resolve, reject }));
    const runs = () => flows.get(chatBoxId) === flow;
    const stop = (code) => runs() && fail(chatBoxId, code);
    flow.timer = setTimeout(stop, TIMEOUT, "timeout");
    flows.set(chatBoxId, flow);
    if (signal?.aborted) stop("cancelled");
    const popup =
      mode !== "page" && runs() && open(begin(chatBoxId, flow), `latchkey-${chatBoxId}`, "popup,width=440,height=700");
    signal?.addEventListener("abort", () => {
      if (runs() && popup) popup.close();
      stop("cancelled");
    });
    if (popup) {
      popups.set(chatBoxId, popup);
      popup.focus();
      emit("step", { step: "popup", chatBoxId });
    } else if (mode === "popup") {
      stop("blocked");
    } else {
      Promise.resolve(pairing).then(() => runs() && location.assign(begin(chatBoxId, flow, location.href)));
    }
    return flow.promise;
  };

  /** Signs out of all chat boxes of this site. A POST to the login's /logout ends the session itself. */
  const signOut = () => {
    for (const chatBoxId of present().keys()) for (const domain of [DOMAIN, ""]) write(chatBoxId, domain, 0);
    spread("signedout");
  };

  const on = (name, listener) => {
    const entry = [name, listener];
    listeners.add(entry);
    return () => listeners.delete(entry);
  };

  /** On the return page: completes a login that couldn't post a message. */
  const arrive = async () => {
    const found = new URLSearchParams(location.hash.slice(1));
    const { latchkey_code: code, latchkey_error: ending, chatBoxId, challenge } = Object.fromEntries(found);
    const flow = { chatBoxId, challenge };
    if (!code && !ending) return;
    history.replaceState(null, "", location.pathname + location.search);
    const { verifier, back, until } = take(PREFIX + challenge) ?? {};
    const begun = until > Date.now();
    // If the opener confirmed late, it has consumed the verifier and the sign-in is complete.
    let wrong = begun ? ending && "cancelled" : !present().has(chatBoxId) && "unknown";
    if (begun && !wrong) {
      const { data } = await ask("redeem", "omit", { chatBoxId, code, verifier });
      wrong = store(chatBoxId, data);
    }
    if (wrong) {
      // The page's own scripts may load later and need the event.
      if (document.readyState !== "complete") await new Promise((go) => addEventListener("load", go));
      fail(chatBoxId, wrong);
    }
    // Only once settled, since other messages may arrive before.
    leaving = !back && wrong !== "unknown";
    if (wrong) tell("failed", { ...flow, code: wrong });
    else spread("signedin", flow);
    if (wrong && wrong !== "cancelled") return;
    if (back !== location.href && back?.startsWith(`${location.origin}/`)) location.replace(back);
  };

  try {
    channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }) => hear(data);
  } catch {}
  addEventListener("storage", ({ key, newValue }) => key === CHANNEL && newValue && hear(JSON.parse(newValue)));
  // The login may have signed this site out; not every browser has an event for that.
  if (globalThis.cookieStore) cookieStore.addEventListener("change", () => setTimeout(look, 200));
  else setInterval(look, 2000);
  addEventListener("focus", look);
  look();
  prepare();
  arrive();
  globalThis.Latchkey = { signIn, signOut, on };
})();
