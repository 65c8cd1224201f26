// Knoon's chat box on the demo site: connects it with the login, and shows the credential that it has got.
"use strict";

(() => {
  if (!window.Latchkey) {
    window.Showcase?.exhibit("chat-box").failed("Your login's script could not be loaded.");
    return;
  }

  window.KnoonChat = {
    requestSignIn({ chatBoxId, signal }) {
      const signedIn = Latchkey.signIn({ chatBoxId, signal }).then(({ jwt, expiresAt }) => {
        return { jwt, expiresAt: expiresAt.getTime() };
      });
      // A refused sign-in is told by the "error" event; it must not be an unhandled rejection as well.
      signedIn.catch(() => {});
      return signedIn;
    },
  };

  /** Whose credential this page has; a sign-in may just have changed that. */
  let owner;
  Latchkey.on("signedin", () => {
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

  // The first page of the site has the chat box, too, but shows nothing of what is below.
  if (!window.Showcase) return;

  const { scriptUrl, chatBoxId, domain } = Showcase.settings;
  const chatBox = Showcase.exhibit("chat-box");
  const VERDICTS = {
    loading: ["", "Asking Knoon …"],
    "signed-out": ["", "Nobody is signed in to the chat."],
    "signing-in": ["", "Your login is open in another window. Go on there."],
    "signed-in": ["good", "Knoon has accepted its credential: the chat knows who you are."],
    expired: ["bad", "The credential has expired, as it should. Sign in again: it is one click."],
    refused: ["bad", "Knoon has refused the credential. The chat says why."],
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
      // What has expired may still be looked at.
      if (state !== "expired") chatBox.clear();
      return;
    }
    chatBox.signed(jwt);
    chatBox.answered({ jwt: "shown below", chatBoxId, expiresAt: cookie("knoon_expires_at"), domain });
  }

  new MutationObserver(show).observe(chatBox.place, { attributeFilter: ["data-state"] });
  for (const event of ["signedin", "renewed"]) Latchkey.on(event, show);
  chatBox.load(scriptUrl, { chatBoxId, mount: `#${chatBox.place.id}` });
})();
