/** A fresh token for the signed-in user, or null. */
async function token() {
  const response = await fetch("__LOGIN_ORIGIN__/generate/token", { credentials: "include" }).catch(() => null);
  return response?.ok ? (await response.json()).token : null;
}

// Called whenever Zendesk needs a fresh token.
const authentication = { jwt_fn: async (callback) => callback(await token()) };

// Zendesk treats a missing token as an error, so don't set `authentication` for signed-out visitors.
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
