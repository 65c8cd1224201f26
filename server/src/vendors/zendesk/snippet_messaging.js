/** A fresh token for whoever is signed in, or nothing. */
async function messagingToken() {
  const address = "__LOGIN_ORIGIN__/api/zendesk/messaging-token";
  const answer = await fetch(address, { credentials: "include" }).catch(() => null);
  return answer?.ok ? (await answer.json()).token : undefined;
}

// Asked for a token in vain, Zendesk ends the conversation: whoever is not signed in stays without a name.
async function signInToMessaging() {
  const isSignedIn = Boolean(await messagingToken());
  if (isSignedIn) zE("messenger", "loginUser", async (callback) => callback(await messagingToken()));
}
signInToMessaging();

// When your user signs out:
function signOutOfMessaging() {
  zE("messenger", "logoutUser");
}
