// The contact form. Purely local: nothing is sent.

class ContactForm {
  #name = element("input", { id: "name", autocomplete: "name", maxlength: "200" });
  #email = element("input", { id: "email", type: "email", required: true, autocomplete: "email", maxlength: "254" });
  #message = element("textarea", { id: "message", rows: "4", required: true, maxlength: "2000" });
  #form = element("form", { class: "form" },
    element("label", { for: "name" }, "Name"), this.#name,
    element("label", { for: "email" }, "Email"), this.#email,
    element("label", { for: "message" }, "How can we help?"), this.#message,
    element("button", { type: "submit", class: "primary" }, "Send"));

  /** `onsent` gets the values of the fields. */
  constructor(onsent) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      onsent({ name: this.#name.value.trim(), email: this.#email.value.trim() });
      this.#message.value = "";
    });
  }

  get form() {
    return this.#form;
  }

  /** Fills in the identified user, and clears the fields when there is none. */
  fill(identity) {
    this.#name.value = identity?.name ?? "";
    this.#email.value = identity?.email ?? "";
  }

  focus() {
    const empty = [this.#name, this.#email].find((field) => field.value === "");
    (empty ?? this.#message).focus();
  }
}
