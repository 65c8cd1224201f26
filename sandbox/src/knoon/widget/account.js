// The account panel of the chat box: who the user is, in each state.

/** The texts of the status line. Screen readers announce changes. */
const STATUS = {
  loading: () => "Connecting…",
  "signed-out": () => "Signed out",
  "signing-in": () => "Signing in…",
  "signed-in": ({ user }) => `Signed in as ${user.displayName || user.email}`,
  expired: () => "Sign-in expired",
  refused: () => "Sign-in refused",
};

/** Fills the account panel. `actions` are the click handlers of its buttons. */
function accountPanel(state, detail, actions) {
  switch (state) {
    case "signed-out":
      return [
        notice("lock", "Sign in to start chatting", "We use your existing account. No second password."),
        button("Sign in", "primary", actions.signIn),
      ];
    case "signing-in":
      return [
        element("div", { class: "notice" },
          element("span", { class: "spinner", "aria-hidden": "true" }),
          element("div", {}, element("strong", {}, "Waiting for your sign-in"),
            element("p", {}, "Go on in the window that opened."))),
        button("Cancel", "secondary", actions.cancel),
      ];
    case "signed-in":
      return [identity(detail.user), detail.canSignOut ? button("Sign out", "secondary", actions.signOut) : null];
    case "expired":
      return [
        notice("clock", "Your sign-in has expired", "Sign in again to go on with this conversation."),
        button("Sign in again", "primary", actions.signIn),
      ];
    case "refused":
      return [notice("warning", "That did not work", detail.reason), button("Try again", "primary", detail.retry)];
    default:
      return [element("div", { class: "skeleton", "aria-hidden": "true" })];
  }
}

function notice(name, title, text) {
  return element("div", { class: "notice" },
    element("span", { class: "notice-icon" }, icon(name)),
    element("div", {}, element("strong", {}, title), element("p", {}, text)));
}

function identity(user) {
  return element("div", { class: "identity" }, avatar(user),
    element("div", { class: "who" },
      element("strong", {}, user.displayName || user.email),
      element("span", {}, user.email)));
}
