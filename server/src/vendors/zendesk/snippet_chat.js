zChat.init({
  account_key: "__ACCOUNT_KEY__",
  authentication: {
    // Called whenever Zendesk wants a fresh token. Without one the visitor stays anonymous.
    jwt_fn: async (callback) => {
      const answer = await fetch("__LOGIN_ORIGIN__/generate/token", { credentials: "include" });
      callback(answer.ok ? (await answer.json()).token : undefined);
    },
  },
});

// When your user signs out:
function signOut() {
  zChat.logout();
  document.cookie = "token=; Domain=__COOKIE_DOMAIN__; Path=/; Max-Age=0; Secure; SameSite=Lax";
}
