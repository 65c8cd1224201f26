zE("messenger", "loginUser", async (callback) => {
  const answer = await fetch("__LOGIN_ORIGIN__/api/zendesk/messaging-token", { credentials: "include" });
  callback(answer.ok ? (await answer.json()).token : undefined);
});

// When your user signs out:
const signOut = () => zE("messenger", "logoutUser");
