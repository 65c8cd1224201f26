// The panel: in the element that `data-mount` selects, or behind a launcher in the page's corner.

const TAG = document.currentScript;
const BASE = new URL(".", TAG.src);

class Panel {
  #eventName;
  #host = null;
  #state = "";
  #title;
  #status = element("p", { class: "status", role: "status" });
  #account = element("div", { class: "account" });
  #conversation;
  #box;
  #launcher = null;

  /** `product` selects the colours. The document gets the event `${eventName}:state` at each change. */
  constructor({ product, title, footer, eventName, conversation }) {
    this.#eventName = eventName;
    this.#title = title;
    this.#conversation = conversation;
    this.#box = element("section", { class: `box ${product}`, "aria-label": title },
      element("header", {}, element("span", { class: "mark" }, icon("chat")),
        element("div", { class: "title" }, element("h2", {}, title), this.#status)),
      this.#account, conversation.log, conversation.composer, element("footer", {}, footer));
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.#mount());
    else this.#mount();
  }

  #mount() {
    const selector = TAG.dataset.mount;
    const host = selector ? document.querySelector(selector) : element("div", { "data-corner": true });
    if (!host || host.shadowRoot) {
      console.error(`Zendesk: data-mount="${selector}" must name a free element of the page.`);
      return;
    }
    this.#host = host;
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
    root.append(this.#box);
    if (!selector) {
      this.#addLauncher(root);
      document.body.append(host);
    }
    host.dataset.state = this.#state;
  }

  #addLauncher(root) {
    this.#launcher = element("button", { type: "button", class: `launcher ${this.#box.classList[1]}` });
    this.#launcher.addEventListener("click", () => this.#open(this.#box.hidden));
    this.#box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.#open(false);
      this.#launcher.focus();
    });
    root.append(this.#launcher);
    this.#open(false);
  }

  #open(open) {
    this.#box.hidden = !open;
    this.#launcher.setAttribute("aria-expanded", String(open));
    this.#launcher.setAttribute("aria-label", `${open ? "Close" : "Open"} ${this.#title.toLowerCase()}`);
    this.#launcher.replaceChildren(icon(open ? "close" : "chat"));
    if (!open) return;
    this.#conversation.scrollToEnd();
    this.#conversation.focus();
  }

  /** Opens or closes the panel in the corner. A mounted panel is always open. */
  toggle(open = this.#box.hidden) {
    if (this.#launcher) this.#open(open);
  }

  /** Shows a state: `status` is the status line, `account` the nodes below it, `detail` the event's. */
  show(state, { status, account, connected, detail }) {
    const hadFocus = this.#account.contains(this.#host?.shadowRoot.activeElement);
    this.#state = state;
    this.#status.textContent = status;
    this.#account.replaceChildren(...account);
    this.#conversation.allow(connected);
    this.#conversation.scrollToEnd();
    if (this.#host) this.#host.dataset.state = state;
    if (hadFocus) (this.#account.querySelector("button") ?? this.#conversation).focus();
    document.dispatchEvent(new CustomEvent(`${this.#eventName}:state`, { detail: { state, ...detail } }));
  }
}

/** The vendor's response, or null if there was none. `body` is undefined if it is not JSON. */
async function ask(path, options) {
  try {
    const signal = AbortSignal.timeout(10_000);
    const response = await fetch(new URL(path, BASE), { credentials: "omit", signal, ...options });
    const text = await response.text();
    return { ok: response.ok, status: response.status, body: parseJson(text) };
  } catch {
    return null;
  }
}

function parseJson(text) {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
