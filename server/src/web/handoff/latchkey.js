/**
 * Latchkey, the opener's side: signs visitors of this page in to its chat boxes. Types: /latchkey.d.ts
 *
 * The login opens in a popup and posts the credential to exactly this origin. If no message arrives (a
 * Cross-Origin-Opener-Policy severed the window, the browser blocks popups, this page was reloaded), the login redirects
 * to the chat box's return page with a code, which this script redeems with the stored verifier. The credential is kept
 * in two cookies per chat box, which the chat box reads, until it expires; a third remembers that it can be renewed.
 * Times count from when a credential arrives, since the clock of this device may be wrong.
 */
(() => {
  if (globalThis.Latchkey) return;
  const LOGIN = "__LOGIN_ORIGIN__";
  const DOMAIN = "__COOKIE_DOMAIN__";
  const JWT = "__COOKIE_PREFIX___jwt_";
  const EXPIRES = "__COOKIE_PREFIX___expires_at_";
  const RENEWS = "__COOKIE_PREFIX___renews_";
  const CHANNEL = "latchkey";
  const PREFIX = "latchkey-";
  // A quarter of an hour.
  const TIMEOUT = 9e5;
  // Over http, WebKit keeps no `Secure` cookies.
  const SECURE = location.protocol === "https:" ? "; Secure" : "";
  const MESSAGES = {
    blocked: "The browser blocked the popup.",
    cancelled: "The sign-in was canceled.",
    timeout: "The sign-in took too long.",
    unknown: "The sign-in was started in another browser. Finish it there.",
    invalid: "The login sent no valid credential.",
    clock: "The credential has expired. Check the clock.",
    too_long: "The credential is too long.",
    cookies: "The browser blocked cookies.",
  };

  // Chat box id -> the running sign-in, { challenge, promise, resolve, reject, timer }.
  const flows = new Map();
  // Chat box id -> its last popup, kept after the flow: a late credential is still accepted.
  const popups = new Map();
  // Chat box id -> the credential last reported to this page, { jwt, expires, timer, tried }.
  const known = new Map();
  // The ids of the chat boxes whose credential this page is renewing.
  const renewing = new Set();
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

  // Unlike decodeURIComponent, unescape doesn't throw on foreign cookies.
  const cookies = () => new Map(document.cookie.split("; ").map((cookie) => unescape(cookie).split(/=(.*)/)));

  /** The credentials that this page has: chat box id -> { jwt, expires }. */
  const present = () => {
    const all = cookies();
    const found = new Map();
    for (const [name, jwt] of all) {
      const chatBoxId = name.slice(JWT.length);
      const expires = millis(all.get(EXPIRES + chatBoxId));
      if (name.startsWith(JWT) && expires > Date.now()) found.set(chatBoxId, { jwt, expires });
    }
    return found;
  };

  /** Whether the credential of a chat box can be renewed: it may have expired, but no one has signed out. */
  const renews = (chatBoxId) => cookies().has(RENEWS + chatBoxId);

  const set = (name, value, seconds, domain) => {
    const scope = (domain ? `; Domain=${domain}` : "") + SECURE;
    document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; SameSite=Lax; Max-Age=${seconds}${scope}`;
  };

  /** Removes cookies of this host and of the parent domain. */
  const remove = (...names) => {
    for (const name of names) {
      set(name, "", 0, DOMAIN);
      set(name, "", 0);
    }
  };

  /** Stores a credential, or returns an error code. A page outside the cookie domain stores it for its own host. */
  const store = (chatBoxId, data) => {
    const seconds = Math.ceil(data?.expiresIn ?? (millis(data?.expiresAt) - Date.now()) / 1000);
    const fits = data?.jwt && typeof data.jwt === "string" && (data.chatBoxId ?? chatBoxId) === chatBoxId;
    if (!fits || isNaN(seconds)) return "invalid";
    if (seconds < 1) return "expiresIn" in data ? "invalid" : "clock";
    // Browsers drop a cookie whose name and value are longer.
    if ((JWT + chatBoxId + encodeURIComponent(data.jwt)).length > 4096) return "too_long";
    const parent = String(data.domain ?? DOMAIN).replace(/^\./, "");
    const domain = `.${location.hostname}`.endsWith(`.${parent}`) && parent;
    const until = Date.now() + seconds * 1000;
    // The vendor's own time, unless this device's clock differs from the vendor's.
    const time = Math.abs(millis(data.expiresAt) - until) < 3e4 ? data.expiresAt : Math.floor(until / 1000);
    set(JWT + chatBoxId, data.jwt, seconds, domain);
    set(EXPIRES + chatBoxId, time, seconds, domain);
    // 30 days, the longest session of the login.
    set(RENEWS + chatBoxId, 1, 2592e3, domain);
    if (present().get(chatBoxId)?.jwt !== data.jwt) {
      remove(JWT + chatBoxId, EXPIRES + chatBoxId, RENEWS + chatBoxId);
      return "cookies";
    }
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

  const detailOf = (chatBoxId, { jwt, expires }) => ({ chatBoxId, jwt, expiresAt: new Date(expires) });

  /** Compares the cookies with the known credentials and emits an event for every change, whatever caused it. */
  const look = (kind) => {
    const now = present();
    let lost;
    for (const [chatBoxId, { expires, timer, tried }] of known) {
      if (now.has(chatBoxId)) continue;
      // Cookies expire in whole seconds. Earlier, someone has removed them: the vendor's own sign-out removes two of three.
      const expired = kind !== "signedout" && expires - Date.now() < 1500;
      if (expired && !tried && renews(chatBoxId)) {
        renew(chatBoxId);
        continue;
      }
      known.delete(chatBoxId);
      clearTimeout(timer);
      remove(JWT + chatBoxId, EXPIRES + chatBoxId);
      if (expired) emit("expired", { chatBoxId });
      else {
        remove(RENEWS + chatBoxId);
        lost = true;
      }
    }
    if (lost) emit("signedout", {});
    for (const [chatBoxId, credential] of now) {
      const before = known.get(chatBoxId);
      if (before?.jwt === credential.jwt) continue;
      clearTimeout(before?.timer);
      known.set(chatBoxId, credential);
      watch(chatBoxId, credential);
      const detail = detailOf(chatBoxId, credential);
      if (kind !== "renewed") end(chatBoxId)?.resolve(detail);
      emit(kind === "renewed" ? kind : "signedin", detail);
    }
  };

  /** Renews a credential shortly before it expires, or looks when it has. Timers are limited to 24 days. */
  const watch = (chatBoxId, credential) => {
    const left = credential.expires - Date.now();
    const early = !credential.tried && left > 1000 && Math.min(left / 10, 60e3);
    credential.timer = setTimeout(early ? renew : look, Math.min(left - early, 2e9), chatBoxId);
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
  const renew = (chatBoxId) => {
    if (renewing.has(chatBoxId)) return;
    renewing.add(chatBoxId);
    const before = present().get(chatBoxId)?.jwt;
    // No longer after a sign-out, or if another tab has renewed it.
    const isDue = () => renews(chatBoxId) && (present().get(chatBoxId)?.jwt ?? before) === before;
    const work = async () => {
      const credential = known.get(chatBoxId);
      const { status, data } = isDue() ? await ask("renew", "include", { chatBoxId }) : {};
      renewing.delete(chatBoxId);
      if (!isDue()) return look("renewed");
      if (!store(chatBoxId, data)) return spread(credential ? "renewed" : "signedin");
      const refused = ["unauthenticated", "forbidden"].includes(status);
      if (refused) remove(RENEWS + chatBoxId);
      if (!credential) return;
      credential.tried = refused || !present().has(chatBoxId);
      look();
      if (present().has(chatBoxId)) watch(chatBoxId, credential);
    };
    navigator.locks?.request(PREFIX + chatBoxId, work) ?? work();
  };

  /** Requests the credentials that have expired while no page of this site was awake. */
  const wake = () => {
    look();
    for (const name of cookies().keys()) {
      const chatBoxId = name.slice(RENEWS.length);
      if (name.startsWith(RENEWS) && !present().has(chatBoxId)) renew(chatBoxId);
    }
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
    if (data?.latchkey === "cancelled") {
      const { chatBoxId, challenge } = data;
      // "Back" and "Reload" unload the popup's page, too, but the window stays.
      return setTimeout(() => {
        if (flows.get(chatBoxId)?.challenge === challenge && popups.get(chatBoxId)?.closed) fail(chatBoxId, "cancelled");
      }, 500);
    }
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
    let popup;
    try {
      popup =
        mode !== "page" && runs() && open(begin(chatBoxId, flow), PREFIX + chatBoxId, "popup,width=440,height=700");
    } catch {}
    // Blockers return a closed window, a frame's, or an object that is none, or throw.
    if (!popup || popup.top !== popup || popup.closed) popup = null;
    signal?.addEventListener("abort", () => {
      // A widget that found another tab's credential first gives up its own sign-in, which has succeeded.
      look();
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
    for (const name of cookies().keys()) if (name.startsWith("__COOKIE_PREFIX___")) remove(name);
    spread("signedout");
  };

  const on = (name, listener) => {
    const entry = [name, listener];
    listeners.add(entry);
    // This page may have been signed in before the listener came.
    if (name === "signedin")
      setTimeout(() => known.forEach((credential, id) => listener({ ...detailOf(id, credential), already: true })));
    return () => listeners.delete(entry);
  };

  /** On the return page: completes a login that couldn't post a message. */
  const arrive = async () => {
    // The page's router may keep its route before it: #/help?latchkey_code=…
    const [, route, found] = location.hash.match(/^#(.*?)[?&]?(latchkey_(?:code|error)=.*)/) ?? [];
    if (!found) return;
    const { latchkey_code: code, latchkey_error: ending, chatBoxId, challenge } = Object.fromEntries(new URLSearchParams(found));
    history.replaceState(null, "", location.pathname + location.search + (route && `#${route}`));
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
    if (wrong) tell("failed", { chatBoxId, challenge, code: wrong });
    else spread("signedin", { chatBoxId, challenge });
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
  addEventListener("pageshow", ({ persisted }) => persisted && wake());
  document.addEventListener("visibilitychange", () => document.hidden || wake());
  wake();
  prepare();
  arrive();
  globalThis.Latchkey = { signIn, signOut, on };
})();
