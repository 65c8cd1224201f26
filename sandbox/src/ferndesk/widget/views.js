// The contents of the panel: the user's identity in each state of the widget, and the pages below it.

/** The texts of the status line. Screen readers announce changes. */
const STATUS = {
  loading: () => "Connecting…",
  anonymous: () => "Ask us anything",
  identified: ({ identity }) => `Signed in as ${identity.name || identity.email}`,
  refused: () => "Something went wrong",
  expired: () => "Sign-in expired",
};

/** The line about the user. */
function account(state, { identity, reason }) {
  switch (state) {
    case "anonymous":
      return [notice("person", "You are a guest here", "Tell us your address when you write, so that we can answer.")];
    case "identified":
      return [
        element("span", { class: "circle initials", "aria-hidden": "true" }, initials(identity.name || identity.email)),
        element("div", { class: "words" },
          element("strong", {}, identity.name || identity.email), element("p", {}, identity.email)),
      ];
    case "refused":
      return [notice("warning", "That did not work", reason)];
    case "expired":
      return [notice("clock", "Your sign-in has expired", "You can still write to us. Reload the page to be known again.")];
    default:
      return [element("div", { class: "skeleton", "aria-hidden": "true" })];
  }
}

function notice(iconName, title, text) {
  return element("div", { class: "notice" },
    element("span", { class: "circle" }, icon(iconName)),
    element("div", { class: "words" }, element("strong", {}, title), element("p", {}, text)));
}

/** The first page: articles, and a link to the contact form. */
function home({ articles, helpCenterUrl }, write) {
  const links = articles.map(({ title, url }) =>
    element("li", {},
      element("a", { href: url, target: "_blank", rel: "noopener" }, element("span", {}, title), icon("next"))));
  return [
    element("h3", {}, "Articles"),
    element("ul", {}, ...links),
    element("a", { class: "all", href: helpCenterUrl, target: "_blank", rel: "noopener" }, "Visit the help center"),
    button("Write to us", "primary", write),
  ];
}

/** The page with the contact form. */
function contact(form, back) {
  return [element("div", { class: "title" }, iconButton("back", "Back", back), element("h3", {}, "Write to us")), form];
}

/** The page after the contact form was sent. */
function thanks({ name, email }, back) {
  return [
    element("div", { class: "thanks" },
      element("span", { class: "circle" }, icon("done")),
      element("h3", { tabindex: "-1" }, name ? `Thank you, ${name}` : "Thank you"),
      element("p", {}, `We would answer to ${email}, if this were not a sandbox.`)),
    button("Back to the articles", "secondary", back),
  ];
}
