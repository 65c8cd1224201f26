// The messages and the composer.

const REPLIES = [
  "Thanks, got it. I am a stand-in for the support team, so messages are not read.",
  "Noted. With the real product an agent would see the green tick beside your name by now.",
  "Understood. Is there anything else I can pretend to help with?",
];

class Conversation {
  log = element("div", { class: "log", role: "log", "aria-label": "Messages", tabindex: "0" });
  #input = element("textarea", { rows: "1", maxlength: "2000", "aria-label": "Message" });
  #send = element("button", { type: "submit", class: "send", "aria-label": "Send" }, icon("send"));
  composer = element("form", { class: "composer" }, this.#input, this.#send);
  #onsend;
  #replies = 0;

  /** `onsend` is called with each message of the user. */
  constructor(onsend) {
    this.#onsend = onsend;
    this.composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.allow(false);
  }

  /** Enables the composer while there is a connection. */
  allow(open) {
    this.#input.disabled = this.#send.disabled = !open;
    this.#input.placeholder = open ? "Write a message…" : "Not connected";
  }

  say(author, text, kind = "theirs") {
    this.log.append(
      element("div", { class: `message ${kind}` },
        element("span", { class: "author" }, author),
        element("p", { class: "bubble" }, text)),
    );
    this.scrollToEnd();
  }

  nextReply() {
    return REPLIES[this.#replies++ % REPLIES.length];
  }

  clear() {
    this.log.replaceChildren();
  }

  /** Shows the latest message; the log's height changes with the account's. */
  scrollToEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  focus() {
    this.#input.focus();
  }

  #submit() {
    const text = this.#input.value.trim();
    if (!text || this.#input.disabled) return;
    this.#input.value = "";
    this.#onsend(text);
  }
}
