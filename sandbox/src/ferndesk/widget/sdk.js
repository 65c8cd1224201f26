// `Ferndesk(method, options)`: the widget, which each `init` replaces, and the queue of the loader's calls.

// The longest delay of `setTimeout`, in milliseconds.
const MAX_TIMER = 2 ** 31 - 1;

class Widget {
  #id;
  #panel;
  #ready;
  #state;
  #attempt = 0;
  #expiryTimer = 0;
  #ended = false;

  constructor({ widgetId, open = false, hideLauncher = false } = {}) {
    this.#id = widgetId;
    this.#panel = new Panel(hideLauncher);
    this.#show("loading");
    this.#ready = this.#connect();
    this.#ready.then(
      () => this.#attempt || this.#show("anonymous"),
      (error) => this.#refuse("init", error),
    );
    if (open) this.#panel.open({ takeFocus: false });
  }

  async #connect() {
    if (typeof this.#id !== "string" || this.#id === "") throw new Error("init requires a widgetId");
    this.#panel.setContent(await ask(`widgets/${encodeURIComponent(this.#id)}`));
  }

  /** Asks Ferndesk whether the token in `options` is good. Only the latest call counts. */
  async identify(options) {
    const attempt = ++this.#attempt;
    if (attempt === 1 && this.#panel.wasOpened) {
      console.warn("Ferndesk: identify should be called before the widget is opened");
    }
    // The user stays identified while the token is renewed.
    if (this.#state !== "identified") this.#show("loading");
    try {
      await this.#ready;
      const answer = await ask("identify", { ...options, widgetId: this.#id });
      if (attempt === this.#attempt) this.#welcome(answer);
    } catch (error) {
      if (attempt === this.#attempt) this.#refuse("identify", error);
    }
  }

  open() {
    this.#panel.open();
  }

  close() {
    this.#panel.close();
  }

  toggle() {
    this.#panel.toggle();
  }

  /** Removes the widget from the page, with all it knows about the user. */
  end() {
    this.#ended = true;
    clearTimeout(this.#expiryTimer);
    this.#panel.remove();
  }

  #welcome({ email, name, expiresAt }) {
    this.#show("identified", { identity: { email, name } });
    if (expiresAt != null) this.#awaitExpiry(expiresAt * 1000);
  }

  #awaitExpiry(end) {
    const left = end - Date.now();
    if (left <= 0) return this.#show("expired");
    this.#expiryTimer = setTimeout(() => this.#awaitExpiry(end), Math.min(left, MAX_TIMER));
  }

  #refuse(method, { message }) {
    if (this.#ended) return;
    const reason = `${method} failed - ${message}`;
    console.error(`Ferndesk: ${reason}`);
    this.#show("refused", { reason });
  }

  #show(state, detail = {}) {
    if (this.#ended) return;
    this.#state = state;
    clearTimeout(this.#expiryTimer);
    this.#panel.show(state, detail);
    announce(state, detail);
  }
}

/** Tells the page the widget's state, by an event. */
function announce(state, detail) {
  document.dispatchEvent(new CustomEvent("ferndesk:state", { detail: { state, ...detail } }));
}

const METHODS = ["identify", "open", "close", "toggle"];
let widget = null;

function run(method, options) {
  if (method === "init") {
    widget?.end();
    widget = new Widget(options);
  } else if (!METHODS.includes(method)) {
    console.error(`Ferndesk: there is no method ${method}`);
  } else if (!widget) {
    const reason = `${method} failed - call init first`;
    console.error(`Ferndesk: ${reason}`);
    announce("refused", { reason });
  } else {
    widget[method](options);
  }
}

const waiting = window.Ferndesk?.q ?? [];
window.Ferndesk = run;
for (const call of waiting) run(...call);
