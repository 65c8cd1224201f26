// The chat box: mounts itself on the page, holds the state, and asks Knoon to validate credentials.

// The longest delay of `setTimeout`, in milliseconds.
const MAX_TIMER = 2 ** 31 - 1;
const API = new URL("v1/", document.currentScript.src);
const TAG = document.currentScript;

class ChatBox {
  #host;
  #id;
  #config = null;
  #state = "loading";
  #seen = "";
  #expiresAt = NaN;
  #attempt = null;
  #expiryTimer = 0;
  #stopWatching = null;
  #conversation = new Conversation();
  #name = element("h2", {}, "Chat");
  #status = element("p", { class: "status", role: "status" });
  #account = element("div", { class: "account" });
  #root;

  constructor(host, id) {
    this.#host = host;
    this.#id = id;
    this.#root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.append(
      element("section", { class: "box", "aria-label": "Chat" },
        element("header", {}, element("span", { class: "mark" }, icon("chat")),
          element("div", { class: "title" }, this.#name, this.#status)),
        this.#conversation.log, this.#account, this.#conversation.composer,
        element("footer", {}, "Chat by Knoon · sandbox")),
    );
    this.#show("loading");
    this.#connect();
  }

  /** Asks Knoon for the box's name and sign-in address, then looks for a credential. */
  async #connect() {
    this.#show("loading");
    const retry = () => this.#connect();
    const answer = await this.#ask(`chat-boxes/${encodeURIComponent(this.#id)}`);
    if (!answer.ok) return this.#refuse(answer.message, retry);
    this.#config = answer.body;
    if (!this.#stopWatching) {
      this.#name.textContent = this.#config.name;
      this.#root.querySelector("section").setAttribute("aria-label", `Chat: ${this.#config.name}`);
      this.#conversation.welcome(this.#config.name);
      this.#stopWatching = watchCookies(() => this.#refresh());
    }
    this.#seen = "";
    this.#refresh();
  }

  /** Reads the cookies and acts if they have changed. */
  #refresh() {
    if (!this.#host.isConnected) return this.#stopWatching?.();
    const credential = readCredential(this.#id);
    const seen = credential ? `${credential.jwt} ${credential.expiresAt}` : "none";
    if (seen === this.#seen) return;
    const before = this.#seen;
    this.#seen = seen;
    if (!credential) return this.#lost(before);
    if (!(credential.expiresAt > Date.now())) return this.#expire();
    this.#verify(credential, seen);
  }

  /** No credential: it expired (and its cookies with it), the user signed out, or there never was one. */
  #lost(before) {
    if (this.#state === "signing-in" || (this.#state === "expired" && before !== "")) return;
    if (this.#expiresAt <= Date.now() + 1500) return this.#expire();
    this.#withoutUser("signed-out");
  }

  async #verify({ jwt, expiresAt }, seen) {
    const answer = /^[!-~]+$/.test(jwt)
      ? await this.#ask(`session?chatBoxId=${encodeURIComponent(this.#id)}`, jwt)
      : { status: 401, message: "The sign-in credential cannot be read." };
    if (seen !== this.#seen) return;
    if (answer.ok) return this.#signedIn(answer.body, expiresAt);
    if (answer.code === "expired") return this.#expire();
    const askAgain = () => this.#connect();
    this.#refuse(answer.message, answer.status === 401 ? () => this.#signIn() : askAgain);
  }

  #signedIn(user, expiresAt) {
    this.#endAttempt();
    // By the clock of this device, which may differ from Knoon's.
    this.#expiresAt = expiresAt;
    this.#conversation.setUser(user);
    this.#show("signed-in", { user, canSignOut: !this.#config.blockSignOut });
    this.#awaitExpiry();
  }

  #awaitExpiry() {
    clearTimeout(this.#expiryTimer);
    const left = this.#expiresAt - Date.now();
    if (left <= 0) return this.#expire();
    this.#expiryTimer = setTimeout(() => this.#awaitExpiry(), Math.min(left, MAX_TIMER));
  }

  #expire() {
    this.#withoutUser("expired");
  }

  #refuse(reason, retry) {
    this.#withoutUser("refused", { reason, retry });
  }

  #withoutUser(state, detail) {
    this.#endAttempt();
    clearTimeout(this.#expiryTimer);
    this.#expiresAt = NaN;
    this.#conversation.setUser(null);
    this.#show(state, detail);
  }

  #signIn() {
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#show("signing-in");
    startSignIn(this.#config, attempt.signal).then(
      () => this.#attempt === attempt && this.#attemptDone(),
      (error) => this.#attempt === attempt && this.#attemptFailed(error),
    );
  }

  #attemptDone() {
    this.#seen = "";
    if (readCredential(this.#id)) return this.#refresh();
    this.#refuse("The sign-in ended without a credential.", () => this.#signIn());
  }

  #attemptFailed(error) {
    if (error?.code === "cancelled") return this.#withoutUser("signed-out");
    this.#refuse(error?.message || "The sign-in failed.", () => this.#signIn());
  }

  #endAttempt() {
    const attempt = this.#attempt;
    this.#attempt = null;
    attempt?.abort();
  }

  #signOut() {
    deleteCredential(this.#id);
    this.#seen = "none";
    this.#withoutUser("signed-out");
  }

  async #ask(path, jwt) {
    try {
      const headers = jwt ? { authorization: `Bearer ${jwt}` } : {};
      const signal = AbortSignal.timeout(10_000);
      const response = await fetch(new URL(path, API), { headers, signal, credentials: "omit" });
      const body = await response.json();
      const { error: code, message = "Knoon answered with an error." } = body;
      return { ok: response.ok, status: response.status, body, code, message };
    } catch {
      return { ok: false, status: 0, message: "Knoon cannot be reached. Check your connection." };
    }
  }

  #show(state, detail = {}) {
    const hadFocus = this.#account.contains(this.#root.activeElement);
    this.#state = state;
    this.#host.dataset.state = state;
    this.#status.textContent = STATUS[state](detail);
    const actions = {
      signIn: () => this.#signIn(),
      signOut: () => this.#signOut(),
      cancel: () => this.#withoutUser("signed-out"),
    };
    const content = accountPanel(state, detail, actions).filter((node) => node != null);
    this.#account.replaceChildren(...content);
    this.#conversation.scrollToEnd();
    if (!hadFocus) return;
    if (state === "signed-in") this.#conversation.focus();
    else this.#account.querySelector("button")?.focus();
  }
}

function mount() {
  const { chatBoxId, mount: selector } = TAG.dataset;
  const host = selector ? document.querySelector(selector) : element("div");
  if (!host || !chatBoxId) {
    console.error("Knoon: the script tag needs data-chat-box-id, and data-mount must find an element.");
    return;
  }
  if (!selector) TAG.after(host);
  if (!host.shadowRoot) new ChatBox(host, chatBoxId);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mount);
else mount();
