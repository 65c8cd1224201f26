/** A fresh token for the signed-in user, or undefined. */
async function messagingToken() {
  const address = "__LOGIN_ORIGIN__/api/zendesk/messaging-token";
  const response = await fetch(address, { credentials: "include" }).catch(() => null);
  return response?.ok ? (await response.json()).token : undefined;
}

// Zendesk ends the conversation if the callback gives no token, so call it for signed-in users only.
async function signInToMessaging() {
  const isSignedIn = Boolean(await messagingToken());
  if (isSignedIn) zE("messenger", "loginUser", async (callback) => callback(await messagingToken()));
}
signInToMessaging();

// When your user signs out:
function signOutOfMessaging() {
  zE("messenger", "logoutUser");
}
