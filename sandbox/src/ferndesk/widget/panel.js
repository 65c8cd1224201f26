// The launcher and the panel that it opens.

class Panel {
  #host = element("div", { id: "ferndesk-widget" });
  #launcher = element("button", { type: "button", class: "launcher", "aria-controls": "panel", onclick: () => this.toggle() });
  #status = element("p", { class: "status", role: "status" });
  #account = element("div", { class: "account" });
  #page = element("div", { class: "page" });
  #contact = new ContactForm((sent) => this.#thank(sent));
  #panel = element("section", { id: "panel", class: "panel", role: "dialog", "aria-labelledby": "title", tabindex: "-1", hidden: true },
    element("header", {},
      element("span", { class: "mark" }, icon("leaf")),
      element("div", { class: "words" }, element("h2", { id: "title" }, "Help"), this.#status),
      iconButton("close", "Close", () => this.close())),
    this.#account, this.#page,
    element("footer", {}, "Help by Ferndesk · sandbox"));
  #content = null;
  #focusBefore = null;
  #wasOpened = false;

  constructor(hideLauncher) {
    const root = this.#host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
    this.#launcher.hidden = hideLauncher;
    this.#panel.addEventListener("keydown", ({ key }) => key === "Escape" && this.close());
    root.append(this.#panel, this.#launcher);
    document.body.append(this.#host);
  }

  get wasOpened() {
    return this.#wasOpened;
  }

  /** Shows the help center's content from Ferndesk. */
  setContent(content) {
    this.#content = content;
    this.#home();
  }

  show(state, detail) {
    this.#host.dataset.state = state;
    this.#status.textContent = STATUS[state](detail);
    this.#account.replaceChildren(...account(state, detail));
    this.#contact.fill(detail.identity);
    this.#nameLauncher();
  }

  open({ takeFocus = true } = {}) {
    this.#wasOpened = true;
    if (!this.#panel.hidden) return;
    this.#focusBefore = document.activeElement;
    this.#panel.hidden = false;
    this.#nameLauncher();
    if (takeFocus) this.#panel.focus();
  }

  close() {
    if (this.#panel.hidden) return;
    const hadFocus = document.activeElement === this.#host;
    this.#panel.hidden = true;
    this.#nameLauncher();
    if (hadFocus) (this.#launcher.hidden ? this.#focusBefore : this.#launcher)?.focus();
  }

  toggle() {
    if (this.#panel.hidden) this.open();
    else this.close();
  }

  remove() {
    this.#host.remove();
  }

  #nameLauncher() {
    const { hidden } = this.#panel;
    const problem = ["refused", "expired"].includes(this.#host.dataset.state) ? `, ${this.#status.textContent}` : "";
    this.#launcher.setAttribute("aria-label", hidden ? `Open help${problem}` : "Close help");
    this.#launcher.setAttribute("aria-expanded", String(!hidden));
    this.#launcher.replaceChildren(icon(hidden ? "leaf" : "close"));
  }

  #home() {
    this.#page.replaceChildren(...home(this.#content, () => this.#write()));
  }

  #write() {
    this.#page.replaceChildren(...contact(this.#contact.form, () => this.#backHome()));
    this.#contact.focus();
  }

  #thank(sent) {
    this.#page.replaceChildren(...thanks(sent, () => this.#backHome()));
    this.#page.querySelector("h3").focus();
  }

  #backHome() {
    this.#home();
    this.#page.querySelector(".primary").focus();
  }
}
