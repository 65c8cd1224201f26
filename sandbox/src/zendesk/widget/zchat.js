// `zChat`: the part of Chat's Web SDK that identifies the visitor, and enough of the rest to chat.

const EVENTS = ["error", "connection_update", "account_status", "visitor_update", "chat"];
const SWITCHES = ["suppress_console_error", "activity_window", "popout", "override_auth_server_host", "override_proxy"];
const ALREADY_INITIALIZED =
  "Zendesk Chat Web SDK has already been initialized. Please ensure that zChat.init() is only called once in your code";
const NOT_AUTHENTICATED = "This API is only applicable for authenticated visitors";
/** Errors after which the SDK does not renew. */
const FINAL = ["jwt verification error", "authentication_failed", "logged_out", "banned"];

class WebSdk {
  #listeners = new Map(EVENTS.map((name) => [name, new Set()]));
  #watcher = () => {};
  #options = null;
  #quiet = false;
  #identity = null;
  #visitor = null;
  #connection = "closed";
  #account;
  #isChatting = false;
  #renewal = 0;
  #expiry = 0;
  #lastReason;
  #nextReply;

  /** `nextReply` returns the messages of a simulated agent. */
  constructor(nextReply) {
    this.#nextReply = nextReply;
    document.addEventListener("visibilitychange", () => document.hidden || this.#recheck());
  }

  /** `watcher(state, detail)` is called with what the panel has to show. */
  watch(watcher) {
    this.#watcher = watcher;
  }

  init(options) {
    if (this.#options) return this.#fail(new Error(ALREADY_INITIALIZED), "init");
    const fault = faultOf(options);
    if (fault) return this.#fail(new Error(fault), "init");
    this.#options = options;
    this.#quiet = options.suppress_console_error ?? false;
    this.#lastReason = undefined;
    this.#setConnection("connecting");
    this.#watcher("connecting", {});
    if (options.authentication) {
      this.#identity = new Identity(options.account_key, options.authentication.jwt_fn);
      this.#renew();
    } else {
      this.#visitor = { display_name: `Visitor ${numberOf(deviceId())}`, email: "", phone: "" };
      this.#connected("online");
      this.#watcher("anonymous", { visitor: this.getVisitorInfo() });
    }
  }

  /** Starts again without authentication, as the classic widget does after a token was refused. */
  goOnAnonymously(options) {
    if (this.#options) return;
    this.init({ account_key: options.account_key, suppress_console_error: options.suppress_console_error });
  }

  reconnect() {
    if (this.#connection !== "closed" || !this.#options) {
      return this.#fail(new Error("Call has been ignored due to invalid connection status"), "reconnect");
    }
    this.#setConnection("connecting");
    this.#watcher("connecting", {});
    this.#renew();
  }

  on(name, handler) {
    this.#listeners.get(name)?.add(handler);
  }

  un(name, handler) {
    this.#listeners.get(name)?.delete(handler);
  }

  getConnectionStatus() {
    return this.#connection;
  }

  getAccountStatus() {
    return this.#account;
  }

  getVisitorInfo() {
    return { ...this.#visitor };
  }

  setVisitorInfo(info, callback) {
    if (!this.#visitor) return this.#fail(new Error("There is no connection"), "setVisitorInfo");
    const { display_name, email, phone } = info ?? {};
    const isIdentity = display_name !== undefined || email !== undefined;
    if (this.#identity && isIdentity) {
      return callback?.(new Error("Name and email of an authenticated visitor come from the token"));
    }
    const given = Object.entries({ display_name, email, phone }).filter(([, value]) => typeof value === "string");
    Object.assign(this.#visitor, Object.fromEntries(given));
    this.#emit("visitor_update", this.getVisitorInfo());
    this.#watcher(this.#identity ? "authenticated" : "anonymous", { visitor: this.getVisitorInfo() });
    callback?.();
  }

  isChatting() {
    return this.#isChatting;
  }

  sendChatMsg(text, callback) {
    const msg = typeof text === "string" ? text.trim() : "";
    if (!msg) return this.#fail(new Error("A message must be a string that is not empty"), "sendChatMsg");
    if (this.#connection !== "connected") return this.#fail(new Error("There is no connection"), "sendChatMsg");
    this.#isChatting = true;
    this.#chat("visitor", this.#visitor.display_name, { type: "chat.msg", msg });
    callback?.();
    this.#recheck();
    setTimeout(() => {
      if (this.#isChatting) this.#chat("agent:sandbox", "Zendesk", { type: "chat.msg", msg: this.#nextReply() });
    }, 900);
  }

  endChat(options, callback) {
    const done = typeof options === "function" ? options : callback;
    if (this.#isChatting) {
      this.#isChatting = false;
      this.#chat("visitor", this.#visitor.display_name, { type: "chat.memberleave" });
    }
    done?.();
  }

  logout(callback) {
    this.#logOut("logout", "", callback);
  }

  logoutForAll(callback) {
    this.#logOut("logoutForAll", "?everywhere=true", callback);
  }

  #logOut(name, scope, callback) {
    if (!this.#identity) return this.#fail(new Error(NOT_AUTHENTICATED), name);
    const headers = { authorization: `Bearer ${this.#identity.lastIdToken}` };
    ask(`chat/session${scope}`, { method: "DELETE", headers, keepalive: true });
    this.#reset();
    forgetDevice();
    this.#watcher("anonymous", { reason: "logged_out" });
    if (callback) setTimeout(callback);
  }

  /** Exchanges a token, then asks for the visitor. */
  async #renew() {
    const identity = this.#identity;
    try {
      await identity.renew();
    } catch (error) {
      return identity === this.#identity && this.#authenticationFailed(error);
    }
    if (identity === this.#identity) await this.#recheck(true);
  }

  /** Asks Zendesk whether the visitor is still signed in and not banned. */
  async #recheck(isNew = false) {
    const identity = this.#identity;
    if (!identity?.lastIdToken || (this.#connection !== "connected" && !isNew)) return;
    const headers = { authorization: `Bearer ${identity.lastIdToken}` };
    const answer = await ask("chat/session", { headers });
    if (identity !== this.#identity) return;
    if (answer?.ok && answer.body?.visitor) return this.#authenticated(answer.body, isNew);
    const isVerdict = answer?.status === 401 || answer?.status === 403;
    const reason = isVerdict ? answer.body?.reason : "network/security error";
    // After the expiry, the timer reports it.
    if (reason === "authentication_failed" && identity.secondsLeft <= 0 && !isNew) return;
    this.#authenticationFailed(new AuthenticationError(reason));
  }

  #authenticated({ visitor, account_status: status }, isNew) {
    if (!isNew) return;
    this.#visitor = { phone: "", ...this.#visitor, ...visitor };
    deviceId();
    this.#connected(status);
    this.#setTimers();
    this.#emit("visitor_update", this.getVisitorInfo());
    const detail = { visitor: this.getVisitorInfo(), secondsLeft: this.#identity.secondsLeft };
    this.#watcher("authenticated", detail);
  }

  #setTimers() {
    this.#clearTimers();
    this.#renewal = setTimeout(() => this.#renew(), this.#identity.secondsToRenewal * 1000);
    this.#expiry = setTimeout(() => this.#expire(), this.#identity.secondsLeft * 1000);
  }

  #clearTimers() {
    clearTimeout(this.#renewal);
    clearTimeout(this.#expiry);
  }

  #authenticationFailed(error) {
    const { reason, details } = error.extra;
    const { secondsLeft } = this.#identity;
    this.#lastReason = reason;
    if (FINAL.includes(reason) || (!this.#visitor && secondsLeft <= 0)) {
      const options = this.#options;
      // First, so that the page may call `init` again from its own listener.
      this.#reset();
      if (reason === "banned") this.#setAccount("banned");
      this.#watcher("refused", { reason, details, options });
      return this.#fail(error, "init");
    }
    this.#fail(error, "init");
    if (secondsLeft <= 0) return this.#expire();
    clearTimeout(this.#renewal);
    this.#renewal = setTimeout(() => this.#renew(), Math.max(1, secondsLeft / 2) * 1000);
  }

  /** The `id_token` has expired; `reconnect()` asks the page for another token. */
  #expire() {
    this.#clearTimers();
    this.#identity.giveUp();
    this.#setConnection("closed");
    this.#watcher("expired", { reason: this.#lastReason, visitor: this.getVisitorInfo() });
  }

  #reset() {
    this.#clearTimers();
    this.#options = this.#identity = this.#visitor = null;
    this.#isChatting = false;
    this.#setConnection("closed");
  }

  #connected(status) {
    this.#setAccount(status);
    rememberStatus(this.#options.account_key, status);
    this.#setConnection("connected");
  }

  #setAccount(status) {
    if (this.#account === status) return;
    this.#account = status;
    this.#emit("account_status", status);
  }

  #setConnection(status) {
    if (this.#connection === status) return;
    this.#connection = status;
    this.#emit("connection_update", status);
  }

  #chat(nick, displayName, event) {
    this.#emit("chat", { nick, display_name: displayName, timestamp: Date.now(), ...event });
  }

  #fail(error, context) {
    error.context = context;
    this.#emit("error", error);
    if (!this.#quiet) console.error(`Zendesk Chat Web SDK: ${context}: ${error.message}`);
  }

  #emit(name, value) {
    for (const listener of this.#listeners.get(name)) {
      try {
        listener(value);
      } catch (error) {
        reportError(error);
      }
    }
  }
}

/** What is wrong with the options of `init`, or null. */
function faultOf(options) {
  if (typeof options !== "object" || options === null) return "init expects an object";
  const allowed = ["account_key", "authentication", ...SWITCHES];
  const unknown = Object.keys(options).find((key) => !allowed.includes(key));
  if (unknown) return `The key "${unknown}" is not whitelisted`;
  if (typeof options.account_key !== "string" || options.account_key === "") return 'The key "account_key" is required';
  const { authentication } = options;
  if (authentication === undefined) return null;
  const stray = Object.keys(authentication ?? {}).find((key) => key !== "jwt_fn");
  if (stray) return `The key "${stray}" is not whitelisted`;
  return typeof authentication?.jwt_fn === "function" ? null : 'The key "jwt_fn" is required';
}

/** Eight digits, always the same for a device. */
function numberOf(id) {
  let number = 0;
  for (const letter of id) number = (number * 31 + letter.codePointAt(0)) % 1e8;
  return String(number).padStart(8, "0");
}
