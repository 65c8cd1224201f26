// The user interface of `zChat`: who is chatting, whether Zendesk accepted it, and the conversation.

const WHY = {
  "invalid jwt in callback": "The page gave no token. There may be no signed-in user.",
  "format error": "Zendesk's answer could not be read.",
  "network/security error": "Zendesk cannot be reached. Check your connection.",
  "jwt verification error": "Zendesk did not accept the page's token.",
  authentication_failed: "Zendesk does not know this identity any more.",
  logged_out: "You were signed out of the chat.",
  banned: "This visitor is banned on all devices.",
};

/** After these errors the chat continues with an anonymous visitor. */
const BACK_TO_ANONYMOUS = ["jwt verification error", "authentication_failed", "logged_out"];

const conversation = new Conversation((text) => sdk.sendChatMsg(text));
const sdk = new WebSdk(() => conversation.nextReply());
const panel = new Panel({
  product: "chat",
  title: "Support chat",
  footer: "Zendesk Chat · sandbox",
  eventName: "zendesk",
  conversation,
});
/** Why the visitor became anonymous. */
let refusal = null;
let greeted = "";

function show(state, detail) {
  if (state === "connecting") {
    const account = [element("div", { class: "skeleton", "aria-hidden": "true" })];
    return panel.show(state, { status: "Connecting…", account, connected: false });
  }
  const { visitor, reason, details, options } = detail;
  const told = { visitor, reason, details };
  if (state === "authenticated") {
    refusal = null;
    const { display_name: name, email } = visitor;
    greet(email, name);
    return panel.show(state, {
      status: `Chatting as ${name} ✓ verified`,
      account: [identityCard(name, email, true), verdict("good", `Zendesk accepted the page's token. ${lasting(detail)}`)],
      connected: true,
      detail: told,
    });
  }
  if (state === "anonymous") {
    const because = reason ?? refusal?.reason;
    const account = visitor ? [identityCard(visitor.display_name, "Anonymous visitor", false)] : [];
    if (refusal) account.push(notice("warning", "bad", "Sign-in refused", refusal.details ?? WHY[refusal.reason]));
    else if (!visitor) account.push(notice("person", "", "You are signed out", "Nothing of the last visitor is left here."));
    else account.push(verdict("", "No token was sent, so nothing is verified."));
    if (visitor) greet("", "");
    else forget();
    return panel.show(state, {
      status: visitor ? `Chatting as ${visitor.display_name}, not verified` : "Signed out",
      account,
      connected: Boolean(visitor),
      detail: { visitor, reason: because, details: refusal?.details },
    });
  }
  if (state === "expired") {
    return panel.show(state, {
      status: "Sign-in expired",
      account: [
        notice("clock", "", "Your sign-in has expired", WHY[reason] ?? "Connect again to go on with this chat."),
        button("Connect again", "primary", () => sdk.reconnect()),
      ],
      connected: false,
      detail: told,
    });
  }
  forget();
  panel.show(state, {
    status: "Sign-in refused",
    account: [
      notice("warning", "bad", "Sign-in refused", details ?? WHY[reason] ?? reason),
      reason === "banned" ? null : button("Try again", "primary", () => sdk.init(options)),
    ].filter(Boolean),
    connected: false,
    detail: told,
  });
  if (!BACK_TO_ANONYMOUS.includes(reason)) return;
  refusal = { reason, details };
  queueMicrotask(() => sdk.goOnAnonymously(options));
}

function verdict(kind, text) {
  return element("p", { class: `verdict ${kind}` }, text);
}

function lasting({ secondsLeft }) {
  const minutes = Math.round(secondsLeft / 60);
  return minutes > 1 ? `Good for ${minutes} minutes.` : `Good for ${Math.round(secondsLeft)} seconds.`;
}

/** Clears the conversation when the user changes. */
function greet(who, name) {
  const key = who || "anonymous";
  if (greeted === key) return;
  conversation.clear();
  greeted = key;
  conversation.say("Zendesk", name ? `Hello ${name}, how can we help?` : "Hello! How can we help?");
}

function forget() {
  conversation.clear();
  greeted = "";
}

sdk.on("chat", ({ type, nick, display_name: name, msg }) => {
  if (type === "chat.msg") conversation.say(name, msg, nick === "visitor" ? "own" : "theirs");
  if (type !== "chat.memberleave") return;
  conversation.clear();
  conversation.say("Zendesk", "This chat is over. Write to begin another.");
});
sdk.watch(show);
panel.show("connecting", {
  status: "Waiting for the page…",
  account: [element("div", { class: "skeleton", "aria-hidden": "true" })],
  connected: false,
});

const API = [
  "init", "reconnect", "on", "un", "getConnectionStatus", "getAccountStatus", "getVisitorInfo", "setVisitorInfo",
  "isChatting", "sendChatMsg", "endChat", "logout", "logoutForAll",
];
window.zChat = Object.fromEntries(API.map((name) => [name, (...values) => sdk[name](...values)]));
