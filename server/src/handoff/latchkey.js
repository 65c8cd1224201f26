/**
 * Latchkey, the opener's side: signs the visitors of this page in to its chat boxes. Types: /latchkey.d.ts
 *
 * The login opens in a popup and posts the credential to exactly this origin. It is kept in cookies on the parent
 * domain, one pair for each chat box, until it expires; the chat box reads them there.
 */
(() => {
  "use strict";
  const LOGIN = "__LOGIN_ORIGIN__";
  const DOMAIN = "__COOKIE_DOMAIN__";
  const JWT = "__COOKIE_PREFIX___jwt_";
  const EXPIRES = "__COOKIE_PREFIX___expires_at_";

  const flows = new Map(); // chat box id -> { popup, promise, settle, fail }
  const timers = new Map(); // chat box id -> timer of the expiry
  const listeners = { signedin: new Set(), signedout: new Set(), expired: new Set(), error: new Set() };

  const emit = (name, detail) => listeners[name].forEach((listener) => listener(detail));
  const step = (name, chatBoxId) =>
    dispatchEvent(new CustomEvent("latchkey:step", { detail: { step: name, chatBoxId } }));
  const problem = (code, message) => Object.assign(new Error(message), { code });

  /** Seconds, milliseconds or an ISO date, as milliseconds; NaN for anything else. */
  const millis = (value) => {
    const number = typeof value === "number" || /^\d+$/.test(value) ? Number(value) : Date.parse(value);
    return number < 1e11 ? number * 1000 : number;
  };

  const cookies = () =>
    document.cookie.split("; ").map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]);

  const write = (name, value, domain, expires) => {
    const secure = isSecureContext ? "; Secure" : "";
    const scope = domain ? `; Domain=${domain}` : "";
    const until = new Date(expires).toUTCString();
    document.cookie = `${name}=${encodeURIComponent(value)}; Path=/${scope}; Expires=${until}; SameSite=Lax${secure}`;
  };

  /** Keeps a credential, or says in an error why it cannot be kept. */
  const store = (chatBoxId, data) => {
    const expires = millis(data?.expiresAt);
    if (typeof data?.jwt !== "string" || !data.jwt || !(expires > Date.now())) {
      throw problem("invalid", "The login sent something that is not a credential.");
    }
    if (data.chatBoxId !== undefined && data.chatBoxId !== chatBoxId) {
      throw problem("invalid", "The login sent the credential of another chat box.");
    }
    const domain = String(data.domain ?? DOMAIN).replace(/^\./, "");
    if (location.hostname !== domain && !location.hostname.endsWith(`.${domain}`)) {
      throw problem("domain", `This page is not below ${domain}, where the chat box would look.`);
    }
    write(JWT + chatBoxId, data.jwt, domain, expires);
    write(EXPIRES + chatBoxId, String(data.expiresAt), domain, expires);
    if (!cookies().some(([name]) => name === JWT + chatBoxId)) {
      throw problem("cookies", "This browser does not keep cookies for this page.");
    }
    watch(chatBoxId, expires);
    return { chatBoxId, expiresAt: new Date(expires) };
  };

  /** Tells the page when a credential ends. Timers cannot wait longer than 24 days at once. */
  const watch = (chatBoxId, expires) => {
    clearTimeout(timers.get(chatBoxId));
    const wait = Math.min(Math.max(expires - Date.now(), 0), 2e9);
    timers.set(
      chatBoxId,
      setTimeout(() => (expires > Date.now() ? watch(chatBoxId, expires) : emit("expired", { chatBoxId })), wait),
    );
  };

  const finish = (chatBoxId, settle) => {
    const flow = flows.get(chatBoxId);
    flows.delete(chatBoxId);
    clearInterval(flow.timer);
    settle(flow);
  };

  const fail = (chatBoxId, error) => {
    finish(chatBoxId, (flow) => flow.reject(error));
    emit("error", { chatBoxId, code: error.code, message: error.message });
  };

  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== LOGIN || !source) return;
    const [chatBoxId] = [...flows].find(([, flow]) => flow.popup === source) ?? [];
    if (!chatBoxId) return;
    step("message", chatBoxId);
    try {
      const credential = store(chatBoxId, data);
      step("cookies", chatBoxId);
      source.postMessage({ latchkey: "received", chatBoxId }, LOGIN);
      finish(chatBoxId, (flow) => flow.resolve(credential));
      emit("signedin", credential);
    } catch (error) {
      fail(chatBoxId, error);
    }
  });

  /** Opens the login. Call it in the click itself, or browsers block the popup. */
  const signIn = ({ chatBoxId }) => {
    const running = flows.get(chatBoxId);
    if (running && !running.popup.closed) {
      running.popup.focus();
      return running.promise;
    }
    if (running) finish(chatBoxId, (flow) => flow.reject(problem("cancelled", "The login was opened again.")));
    const query = new URLSearchParams({ chatBoxId, receipt: "1" });
    const popup = open(`${LOGIN}/login?${query}`, `latchkey-${chatBoxId}`, "popup,width=440,height=700");
    if (!popup) {
      const error = problem("blocked", "The browser has blocked the login's window.");
      emit("error", { chatBoxId, code: error.code, message: error.message });
      return Promise.reject(error);
    }
    const flow = { popup, ...Promise.withResolvers?.() };
    flow.promise ??= new Promise((resolve, reject) => Object.assign(flow, { resolve, reject }));
    flow.timer = setInterval(() => {
      if (!popup.closed) return;
      clearInterval(flow.timer);
      // The message may still be under way when the window is gone already.
      setTimeout(() => {
        if (flows.get(chatBoxId) === flow) fail(chatBoxId, problem("cancelled", "The login was closed."));
      }, 500);
    }, 250);
    flows.set(chatBoxId, flow);
    step("popup", chatBoxId);
    return flow.promise;
  };

  /** Signs all chat boxes of this page out. The host's own session is ended by a POST to the login's /logout. */
  const signOut = () => {
    for (const [name] of cookies()) {
      if (!name.startsWith(JWT) && !name.startsWith(EXPIRES)) continue;
      for (const domain of [DOMAIN, ""]) write(name, "", domain, 0);
    }
    timers.forEach(clearTimeout);
    timers.clear();
    emit("signedout", {});
  };

  const on = (name, listener) => {
    listeners[name].add(listener);
    return () => listeners[name].delete(listener);
  };

  for (const [name, value] of cookies()) {
    if (name.startsWith(EXPIRES)) watch(name.slice(EXPIRES.length), millis(decodeURIComponent(value)));
  }
  globalThis.Latchkey = Object.freeze({ signIn, signOut, on });
})();
