// `zE("messenger", …)`: the part of the Messaging widget that signs users in and out.

/** The error that `loginUser` passes to its second callback. */
class LoginFailedError extends Error {
  type = "LoginFailedError";

  constructor(reason, message) {
    super(message);
    this.reason = reason;
  }
}

class Messenger {
  #jwtCallback = null;
  #attempt = 0;
  #user = null;
  #expiresAt = Infinity;
  #expiry = 0;
  #conversation = new Conversation((text) => this.#send(text));
  #panel = new Panel({
    product: "messaging",
    title: "Messages",
    footer: "Zendesk Messaging · sandbox",
    eventName: "messenger",
    conversation: this.#conversation,
  });

  constructor() {
    this.#anonymous();
  }

  open() {
    this.#panel.toggle(true);
  }

  close() {
    this.#panel.toggle(false);
  }

  /** `jwtCallback` provides a token on request; `loginCallback` gets the result. */
  loginUser(jwtCallback, loginCallback) {
    if (typeof jwtCallback !== "function") throw new TypeError("loginUser expects a function that gives a JWT");
    this.#jwtCallback = jwtCallback;
    this.#logIn(loginCallback);
  }

  logoutUser() {
    this.#attempt += 1;
    this.#jwtCallback = this.#user = null;
    clearTimeout(this.#expiry);
    this.#conversation.clear();
    this.#anonymous("logged_out");
  }

  async #logIn(loginCallback) {
    const attempt = ++this.#attempt;
    // The user stays identified while the token is renewed.
    if (!this.#user) {
      this.#show("connecting", "Connecting…", [element("div", { class: "skeleton", "aria-hidden": "true" })]);
    }
    const answer = await this.#exchange();
    if (attempt !== this.#attempt) return;
    if (answer.user) {
      this.#authenticated(answer);
      return loginCallback?.(null);
    }
    this.#refused(answer);
    loginCallback?.(new LoginFailedError(answer.reason, answer.message));
  }

  async #exchange() {
    const jwt = await new Promise((resolve) => {
      try {
        this.#jwtCallback(resolve);
      } catch {
        resolve();
      }
    });
    if (typeof jwt !== "string" || jwt === "") {
      return { reason: "invalid_jwt", message: "The page gave no token. There may be no signed-in user." };
    }
    const headers = { "content-type": "application/json" };
    const answer = await ask("messaging/login", { method: "POST", headers, body: JSON.stringify({ jwt }) });
    if (!answer) return { reason: "network_error", message: "Zendesk cannot be reached. Check your connection." };
    if (answer.ok && answer.body?.user) return answer.body;
    const { code = "invalid_answer", description = "Zendesk's answer could not be read." } = answer.body ?? {};
    return { reason: code, message: description };
  }

  #authenticated({ user, expires_in: seconds }) {
    const isOther = this.#user?.external_id !== user.external_id;
    this.#user = user;
    clearTimeout(this.#expiry);
    this.#expiresAt = Infinity;
    if (typeof seconds === "number") {
      this.#expiresAt = Date.now() + seconds * 1000;
      this.#expiry = setTimeout(() => this.#expire(), Math.min(seconds * 1000, 2 ** 31 - 1));
    }
    const name = user.name || user.email || user.external_id;
    this.#show("authenticated", `Signed in as ${name} ✓ verified`, [
      identityCard(name, user.email ?? "No verified email", true),
      element("p", { class: "verdict good" }, "Zendesk accepted the page's token."),
    ]);
    if (!isOther) return;
    this.#conversation.clear();
    this.#conversation.say("Zendesk", `Hello ${name}, how can we help?`);
  }

  /** Shows the expiry. The next message asks the page for a new token. */
  #expire() {
    if (Date.now() < this.#expiresAt) return;
    this.#show("expired", "Sign-in expired", [
      notice("clock", "", "Your sign-in has expired", "It is renewed with your next message."),
    ], true);
  }

  #refused({ reason, message }) {
    this.#user = null;
    this.#conversation.clear();
    this.#show("refused", "Sign-in refused", [
      notice("warning", "bad", "Sign-in refused", message),
      button("Try again", "primary", () => this.#logIn()),
    ], false, { reason, message });
  }

  #anonymous(reason) {
    this.#show("anonymous", "Not signed in", [
      identityCard("Visitor", "Anonymous", false),
      element("p", { class: "verdict" }, reason ? "You were signed out." : "The page has not signed in a user."),
    ], true, { reason });
    this.#conversation.say("Zendesk", "Hello! How can we help?");
  }

  async #send(text) {
    if (this.#user && Date.now() >= this.#expiresAt) {
      await this.#logIn();
      if (!this.#user) return;
    }
    const name = this.#user ? this.#user.name || this.#user.email || this.#user.external_id : "You";
    this.#conversation.say(name, text, "own");
    setTimeout(() => this.#conversation.say("Zendesk", this.#conversation.nextReply()), 900);
  }

  #show(state, status, account, connected = state === "authenticated", detail = {}) {
    this.#panel.show(state, { status, account, connected, detail: { ...detail, visitor: this.#user ?? undefined } });
  }
}

const messenger = new Messenger();
const ACTIONS = { messenger: ["open", "close", "loginUser", "logoutUser"] };

window.zE = (target, action, ...values) => {
  if (!ACTIONS[target]?.includes(action)) throw new Error(`zE does not know "${target}", "${action}" here`);
  return messenger[action](...values);
};
