// The messages and the composer. Purely local: nothing is sent.

const REPLIES = [
  "Thanks, got it. I am a stand-in for the support team, so messages are not read, but the real one would know exactly who you are.",
  "Noted. With a real vendor your account and your history would be on the agent's screen by now.",
  "Understood. Is there anything else I can pretend to help with?",
];

class Conversation {
  #log = element("div", { class: "log", role: "log", "aria-label": "Messages", tabindex: "0" });
  #input = element("textarea", { rows: "1", maxlength: "2000", "aria-label": "Message" });
  #send = element("button", { type: "submit", class: "send", "aria-label": "Send" }, icon("send"));
  #composer = element("form", { class: "composer" }, this.#input, this.#send);
  #user = null;
  #greeted = "";
  #sent = 0;

  constructor() {
    this.#composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.setUser(null);
  }

  get log() {
    return this.#log;
  }

  get composer() {
    return this.#composer;
  }

  welcome(name) {
    this.#say("Knoon", `Hi! You have reached ${name}.`);
    this.#say("Knoon", "Sign in with the account you already have here, then tell us how we can help.");
  }

  /** Only signed-in users may write. */
  setUser(user) {
    this.#user = user;
    this.#input.disabled = this.#send.disabled = !user;
    this.#input.placeholder = user ? "Write a message…" : "Sign in to write a message";
    const name = user?.displayName || user?.email || "";
    if (!name || name === this.#greeted) return;
    this.#greeted = name;
    this.#say("Knoon", `Hello ${name}, how can we help?`);
  }

  /** Shows the latest message; the log's height changes with the account panel's. */
  scrollToEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  focus() {
    this.#input.focus();
  }

  #submit() {
    const text = this.#input.value.trim();
    if (!text || !this.#user) return;
    this.#input.value = "";
    this.#say(this.#user.displayName, text, "own");
    const typing = element("p", { class: "typing", "aria-hidden": "true" }, element("i"), element("i"), element("i"));
    this.#append(typing);
    setTimeout(() => {
      typing.remove();
      this.#say("Knoon", REPLIES[this.#sent++ % REPLIES.length]);
    }, 900);
  }

  #say(author, text, kind = "theirs") {
    this.#append(
      element("div", { class: `message ${kind}` },
        element("span", { class: "author" }, author),
        element("p", { class: "bubble" }, text)),
    );
  }

  #append(node) {
    this.#log.append(node);
    this.scrollToEnd();
  }
}
