// Zendesk's two chats on the demo site: both authenticate the signed-in user. Chat takes the users of another login as
// well, whose token lies in a cookie.
"use strict";

(() => {
  const { accountKey, chatUrl, messagingUrl } = Showcase.settings;
  const chat = Showcase.exhibit("chat");
  const messenger = Showcase.exhibit("messenger");
  const COOKIE = "token";
  const BEGUN = "latchkey:other-login";

  const cookie = () => document.cookie.split("; ").find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);

  /** The user of the other login, if its token is here; only the server can tell whether it is good. */
  function elsewhere() {
    try {
      const { sub, email, username } = Showcase.claims(cookie());
      return sub && { uid: sub, displayName: username ?? email ?? sub };
    } catch {}
  }

  /** What this tab keeps; a browser that denies storage has nobody come back from the other login. */
  const storage = () => {
    try {
      return sessionStorage;
    } catch {}
  };

  /** Back from the other login: its token goes from the address into the cookie at once. */
  function arrive() {
    const address = new URL(location.href);
    const token = address.searchParams.get(COOKIE);
    if (!token) return;
    address.searchParams.delete(COOKIE);
    history.replaceState(history.state, "", address);
    // Nobody else's link may sign a visitor in as somebody else.
    const wasBegun = storage()?.getItem(BEGUN);
    storage()?.removeItem(BEGUN);
    if (!wasBegun || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return;
    keep(token, Showcase.millis(Showcase.claims(token).exp));
  }

  const keep = (token, end) => {
    const expires = new Date(end).toUTCString();
    document.cookie = `${COOKIE}=${token}; Domain=${Viewer.domain}; Path=/; Expires=${expires}; Secure; SameSite=Lax`;
  };

  /** Forgets the other login's token; whether it is gone. */
  const drop = () => {
    keep("", 0);
    return !cookie();
  };

  for (const link of document.querySelectorAll("[data-other-login]")) {
    link.addEventListener("click", () => storage()?.setItem(BEGUN, "yes"));
  }

  /** Who the chats are for, or null. */
  let user = null;
  /** Whether that user comes from the other login. */
  let isElsewhere = false;
  let isRunning = false;
  let cancelRenewal = () => {};
  const chatReady = chat.load(chatUrl, { mount: `#${chat.place.id}` });
  const messengerReady = messenger.load(messagingUrl, { mount: `#${messenger.place.id}` });

  /** A token for one of the chats, or nothing, which both take for a refusal. */
  async function token(path, exhibit, isAgain = false) {
    try {
      const { token } = JSON.parse(await exhibit.credential(path));
      return { token, end: exhibit.signed(token) };
    } catch (error) {
      // Whoever has signed in here since is not the other login's user, whose token is left.
      if (error.code === "00-04" && !isAgain && drop()) return token(path, exhibit, true);
      exhibit.reason = error.message;
      return {};
    }
  }

  const CHAT = {
    connecting: () => ["", "Asking Zendesk …"],
    anonymous({ reason, details }) {
      if (reason === "logged_out") return ["", "Signed out. Nothing of the last visitor is left."];
      if (reason) return ["bad", chat.reason ?? `Zendesk: ${details ?? reason}`];
      return ["", "An anonymous visitor: no token was sent."];
    },
    authenticated: ({ visitor }) => ["good", `Authenticated: agents see ${visitor.display_name} with a green tick.`],
    expired: ({ reason }) => ["bad", `The sign-in has expired${reason ? `: ${reason}` : ""}.`],
    refused: ({ reason, details }) => ["bad", chat.reason ?? `Zendesk: ${details ?? reason}`],
  };
  const MESSENGER = {
    connecting: () => ["", "Asking Zendesk …"],
    anonymous: () => ["", "Nobody is signed in to Messaging."],
    authenticated: ({ visitor }) => ["good", `Zendesk knows ${visitor.name ?? visitor.external_id}.`],
    expired: () => ["bad", "The token has expired. It is renewed with the next message."],
    refused: ({ message }) => ["bad", messenger.reason ?? `Zendesk: ${message}`],
  };

  function watch(event, exhibit, verdicts) {
    document.addEventListener(`${event}:state`, ({ detail: { state, ...detail } }) => {
      exhibit.verdict(...verdicts[state](detail));
      if (state === "authenticated") exhibit.answered(detail.visitor);
      else if (state !== "expired") exhibit.answered({});
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

  /** Signs in to Messaging with a token that is there: asked for one in vain, it would end the conversation. */
  async function startMessenger() {
    messenger.reason = undefined;
    let { token: jwt, end } = await token("/api/zendesk/messaging-token", messenger);
    if (!jwt) {
      messenger.verdict("bad", messenger.reason);
      throw new Error(messenger.reason);
    }
    zE("messenger", "loginUser", async (callback) => {
      // After the first call it is Zendesk that wants another.
      callback(jwt ?? (await token("/api/zendesk/messaging-token", messenger)).token);
      jwt = undefined;
    });
    return end;
  }

  /** Takes their user out of both chats. Tells whether Chat goes on, since to Zendesk its visitor was nobody. */
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

  /** Makes both chats somebody's, or nobody's. */
  async function be(next, other = false) {
    const former = user;
    [user, isElsewhere] = [next, other];
    Showcase.cameIn(isElsewhere && cookie());
    cancelRenewal();
    const areLoaded = await Promise.all([chatReady, messengerReady]);
    if (areLoaded.includes(false)) return;
    if (former) isRunning = leave();
    // The Web SDK makes nobody somebody on the same page.
    if (isRunning) return next && location.reload();
    isRunning = Boolean(next || !former);
    if (isRunning) startChat();
    if (next) cancelRenewal = Showcase.keepFresh(startMessenger);
  }

  /** The other login's user is gone as soon as the cookie is. */
  async function look() {
    if (!isElsewhere) return;
    if (elsewhere()?.uid === user.uid) Viewer.show(user.displayName);
    else await be(null);
  }

  arrive();
  Viewer.register({
    traces: [COOKIE],
    /** Nobody is signed in here; perhaps the other login knows somebody. */
    async begin() {
      const other = elsewhere();
      await be(other ?? null, Boolean(other));
    },
    identify(viewer) {
      // Two different users would get no token at all.
      if (isElsewhere) drop();
      return be(viewer);
    },
    async forget(next) {
      // Whoever comes next is identified at once.
      if (user || !next) await be(null);
    },
    look,
  });
})();
