// Zendesk's two chats on the demo site: both authenticate the signed-in user. Chat also accepts users of an upstream
// login, whose token is in a cookie.
"use strict";

(() => {
  const { accountKey, chatUrl, messagingUrl } = Showcase.settings;
  const chat = Showcase.exhibit("chat");
  const messenger = Showcase.exhibit("messenger");
  const COOKIE = "token";
  const STARTED = "latchkey:other-login";

  const cookie = () => document.cookie.split("; ").find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);

  /** The user of the upstream login, if its token is present. Only the server can verify it. */
  function upstreamUser() {
    try {
      const { sub, email, username } = Showcase.claims(cookie());
      return sub && { uid: sub, displayName: username ?? email ?? sub };
    } catch {}
  }

  /** This tab's storage. Without it, returning from the upstream login is ignored. */
  const storage = () => {
    try {
      return sessionStorage;
    } catch {}
  };

  /** Why the upstream login has signed no one in. */
  let refusal;

  /** Back from the upstream login: moves its token from the address into the cookie. */
  function arrive() {
    const address = new URL(location.href);
    const [token, code, error] = [COOKIE, "code", "error"].map((name) => address.searchParams.get(name));
    if (!token && !code && !error) return;
    for (const name of [COOKIE, "code", "state", "error", "error_description"]) address.searchParams.delete(name);
    history.replaceState(history.state, "", address);
    // Ignore tokens in links that this tab didn't ask for.
    const wasStarted = storage()?.getItem(STARTED);
    storage()?.removeItem(STARTED);
    if (!wasStarted) return;
    // Whatever has come, the user before is no longer the one who signs in.
    drop();
    if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token ?? "")) return keep(token, Showcase.millis(Showcase.claims(token).exp));
    refusal = `The other login sent ${code ? "a code instead of a token" : "no token"}, so no one is signed in.`;
  }

  // Over http, as in the demo, WebKit keeps no `Secure` cookies.
  const SECURE = location.protocol === "https:" ? "; Secure" : "";

  const keep = (token, end) => {
    const expires = new Date(end).toUTCString();
    document.cookie = `${COOKIE}=${token}; Domain=${Viewer.domain}; Path=/; Expires=${expires}; SameSite=Lax${SECURE}`;
  };

  /** Deletes the upstream login's token; returns whether it is gone. */
  const drop = () => {
    keep("", 0);
    return !cookie();
  };

  for (const link of document.querySelectorAll("[data-other-login]")) {
    link.addEventListener("click", () => storage()?.setItem(STARTED, "yes"));
  }

  /** The user of the chats, or null. */
  let user = null;
  /** Whether that user comes from the upstream login. */
  let isUpstream = false;
  let isRunning = false;
  let cancelRenewal = () => {};
  const chatReady = chat.load(chatUrl, { mount: `#${chat.place.id}` });
  const messengerReady = messenger.load(messagingUrl, { mount: `#${messenger.place.id}` });

  /** A token for one of the chats, or nothing, which both treat as an error. */
  async function token(path, exhibit, isAgain = false) {
    try {
      const { token } = JSON.parse(await exhibit.credential(path));
      return { token, end: exhibit.signed(token) };
    } catch (error) {
      // A user with a session here isn't the upstream login's user: drop that token.
      if (error.code === "00-04" && !isAgain && drop()) return token(path, exhibit, true);
      exhibit.reason = error.message;
      return {};
    }
  }

  const CHAT = {
    connecting: () => ["", "Connecting to Zendesk…"],
    anonymous({ reason, details }) {
      if (reason === "logged_out") return ["", "Signed out. Nothing of the last visitor remains."];
      if (reason) return ["bad", chat.reason ?? `Zendesk: ${details ?? reason}`];
      if (refusal) return ["bad", refusal];
      return ["", "An anonymous visitor: no token was sent."];
    },
    authenticated: ({ visitor }) => ["good", `Authenticated: agents see ${visitor.display_name} with a green tick.`],
    expired: ({ reason }) => ["bad", `The sign-in expired${reason ? `: ${reason}` : ""}.`],
    refused: ({ reason, details }) => ["bad", chat.reason ?? `Zendesk: ${details ?? reason}`],
  };
  const MESSENGER = {
    connecting: () => ["", "Connecting to Zendesk…"],
    anonymous: () => ["", "Not signed in to Messaging."],
    authenticated: ({ visitor }) => ["good", `Zendesk knows ${visitor.name ?? visitor.external_id}.`],
    expired: () => ["bad", "The token expired. It's renewed with the next message."],
    refused: ({ message }) => ["bad", messenger.reason ?? `Zendesk: ${message}`],
  };

  function watch(event, exhibit, verdicts) {
    document.addEventListener(`${event}:state`, ({ detail: { state, ...detail } }) => {
      exhibit.verdict(...verdicts[state](detail));
      if (state === "authenticated") exhibit.response(detail.visitor);
      else if (state !== "expired") exhibit.response({});
    });
  }
  watch("zendesk", chat, CHAT);
  watch("messenger", messenger, MESSENGER);

  function startChat() {
    chat.reason = undefined;
    const authentication = user && {
      jwt_fn: async (callback) => callback((await token("/generate/token", chat)).token),
    };
    zChat.init({ account_key: accountKey, suppress_console_error: true, ...(authentication && { authentication }) });
  }

  /** Signs in to Messaging once there is a token: a callback without one would end the conversation. */
  async function startMessenger() {
    messenger.reason = undefined;
    let { token: jwt, end } = await token("/api/zendesk/messaging-token", messenger);
    if (!jwt) {
      messenger.verdict("bad", messenger.reason);
      throw new Error(messenger.reason);
    }
    zE("messenger", "loginUser", async (callback) => {
      // Zendesk calls again when it needs a new token.
      callback(jwt ?? (await token("/api/zendesk/messaging-token", messenger)).token);
      jwt = undefined;
    });
    return end;
  }

  /** Signs out of both chats. Returns whether Chat continues, since its visitor was anonymous to Zendesk. */
  function leave() {
    for (const exhibit of [chat, messenger]) exhibit.clear();
    zE("messenger", "logoutUser");
    const isAnonymous = chat.place.dataset.state === "anonymous";
    if (isAnonymous) {
      chat.reason = undefined;
      chat.verdict(...CHAT.anonymous({}));
      zChat.endChat();
    } else {
      zChat.logout();
    }
    return isAnonymous;
  }

  /** Changes the user of both chats; null signs out. */
  async function be(next, other = false) {
    const former = user;
    [user, isUpstream] = [next, other];
    Showcase.incomingToken(isUpstream && cookie());
    cancelRenewal();
    const areLoaded = await Promise.all([chatReady, messengerReady]);
    if (areLoaded.includes(false)) return;
    if (former) isRunning = leave();
    // The Web SDK can't authenticate a running anonymous chat.
    if (isRunning) return next && location.reload();
    isRunning = Boolean(next || !former);
    if (isRunning) startChat();
    if (next) cancelRenewal = Showcase.keepFresh(startMessenger);
  }

  /** Signs the upstream login's user out once the cookie is gone. */
  async function look() {
    if (!isUpstream) return;
    if (upstreamUser()?.uid === user.uid) Viewer.show(user.displayName);
    else await be(null);
  }

  arrive();
  Viewer.register({
    traces: [COOKIE],
    /** Signed out here; there may be a user of the upstream login. */
    async begin() {
      const other = upstreamUser();
      await be(other ?? null, Boolean(other));
    },
    identify(viewer) {
      // The server rejects a session and a token of different users.
      if (isUpstream) drop();
      return be(viewer);
    },
    async forget(next) {
      // The next user is identified immediately afterwards.
      if (user || !next) await be(null);
    },
    look,
  });
})();
