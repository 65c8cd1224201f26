// Ferndesk's widget on the demo site: identifies the signed-in user and resets after a sign-out.
"use strict";

(() => {
  const { widgetId } = Showcase.settings;
  const help = Showcase.exhibit("help");
  let cancelRenewal = () => {};

  document.addEventListener("ferndesk:state", ({ detail: { state, identity, reason } }) => {
    if (state === "loading") help.verdict("", "Connecting to Ferndesk…");
    if (state === "anonymous") help.verdict(help.reason ? "bad" : "", help.reason ?? "Not identified.");
    if (state === "expired") help.verdict("bad", "The token expired.");
    if (state === "refused") help.verdict("bad", `Ferndesk: ${reason}`);
    if (state !== "identified") return;
    help.verdict("good", `Identified: the widget knows ${identity.name ?? identity.email}.`);
    help.response(identity);
  });

  /** Resolves to when the token expires. */
  async function identify() {
    try {
      const token = await help.credential("/api/ferndesk-token");
      help.reason = undefined;
      // Old and new help centers use different names: `token` and `jwt`.
      Ferndesk("identify", { token, jwt: token });
      return help.signed(token);
    } catch (error) {
      // The widget may report "anonymous" later; keep the reason.
      help.reason = error.message;
      help.verdict("bad", error.message);
      throw error;
    }
  }

  Viewer.register({
    identify() {
      cancelRenewal = Showcase.keepFresh(identify);
    },
    forget() {
      cancelRenewal();
      help.reason = undefined;
      help.clear();
      Ferndesk("init", { widgetId });
    },
  });

  const open = Object.assign(document.createElement("button"), { type: "button", className: "button" });
  open.textContent = "Open the help widget";
  open.addEventListener("click", () => Ferndesk("open"));
  help.place.classList.add("corner");
  help.place.append(open);

  Ferndesk("init", { widgetId });
  help.loading(document.querySelector("#ferndesk-sdk"));
})();
