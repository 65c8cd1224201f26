// Knoon's chat box on the demo site: connects it with the login and shows its credential.
"use strict";

(() => {
  if (!window.Latchkey) {
    window.Showcase?.exhibit("chat-box").failed("Your login's script couldn't be loaded.");
    return;
  }

  window.KnoonChat = {
    requestSignIn({ chatBoxId, signal }) {
      const signedIn = Latchkey.signIn({ chatBoxId, signal }).then(({ jwt, expiresAt }) => {
        return { jwt, expiresAt: expiresAt.getTime() };
      });
      // The "error" event reports a failed sign-in; avoid an unhandled rejection as well.
      signedIn.catch(() => {});
      return signedIn;
    },
  };

  /** Resolves to the owner of this page's credential, which a sign-in may just have changed. */
  let owner;
  Latchkey.on("signedin", ({ already }) => {
    if (already) return;
    owner = Viewer.ask();
    Viewer.check();
  });

  Viewer.register({
    traces: ["knoon_*"],
    async forget(next) {
      if (next && (await owner)?.uid === next.uid) return "theirs";
      owner = undefined;
      Latchkey.signOut();
    },
  });

  // The home page has the chat box, but no showcase.
  if (!window.Showcase) return;

  const { scriptUrl, chatBoxId, domain } = Showcase.settings;
  const chatBox = Showcase.exhibit("chat-box");
  const VERDICTS = {
    loading: ["", "Connecting to Knoon…"],
    "signed-out": ["", "Not signed in to the chat."],
    "signing-in": ["", "Continue in the login window."],
    "signed-in": ["good", "Knoon accepted the credential: the chat knows who you are."],
    expired: ["bad", "The credential expired, as designed. Sign in again with one click."],
    refused: ["bad", "Knoon rejected the credential. The chat shows why."],
  };

  const cookie = (name) => {
    const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}_${chatBoxId}=`));
    return found && decodeURIComponent(found.slice(found.indexOf("=") + 1));
  };

  function show() {
    const { state } = chatBox.place.dataset;
    chatBox.verdict(...(VERDICTS[state] ?? VERDICTS.loading));
    const jwt = cookie("knoon_jwt");
    if (!jwt) {
      // Keep showing an expired credential.
      if (state !== "expired") chatBox.clear();
      return;
    }
    chatBox.signed(jwt);
    chatBox.response({ jwt: "shown below", chatBoxId, expiresAt: cookie("knoon_expires_at"), domain });
  }

  new MutationObserver(show).observe(chatBox.place, { attributeFilter: ["data-state"] });
  for (const event of ["signedin", "renewed"]) Latchkey.on(event, show);
  chatBox.load(scriptUrl, { chatBoxId, mount: `#${chatBox.place.id}` });
})();
