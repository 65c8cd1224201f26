/** A fresh token for whoever is signed in, or null. */
async function token() {
  const answer = await fetch("__LOGIN_ORIGIN__/generate/token", { credentials: "include" }).catch(() => null);
  return answer?.ok ? (await answer.json()).token : null;
}

// Called whenever Zendesk wants a fresh token.
const authentication = { jwt_fn: async (callback) => callback(await token()) };

// To Zendesk a visitor without a token is an error, unless nothing was said about tokens.
async function startChat() {
  const isSignedIn = Boolean(await token());
  zChat.init({ account_key: "__ACCOUNT_KEY__", ...(isSignedIn && { authentication }) });
}
startChat();

// When your user signs out:
function signOut() {
  zChat.logout();
  document.cookie = "token=; Domain=__COOKIE_DOMAIN__; Path=/; Max-Age=0; Secure; SameSite=Lax";
}
