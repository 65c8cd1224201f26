// Gets a credential when the user wants to sign in: by the page's own hook, or by the vendor's popup.

class Cancelled extends Error {
  code = "cancelled";
}

/**
 * Starts signing in. Must be called synchronously from a click handler, or browsers block the popup.
 * Resolves when the cookies are written; `signal` aborts.
 */
function startSignIn(chatBox, signal) {
  const page = window.KnoonChat;
  if (typeof page?.requestSignIn === "function") {
    return runHook(page, chatBox.id, signal);
  }
  return runPopup(chatBox, signal);
}

function runHook(page, chatBoxId, signal) {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Cancelled()));
    // The executor runs synchronously, so this is still inside the click.
    Promise.resolve(page.requestSignIn({ chatBoxId, signal })).then(resolve, reject);
  }).then((credential) => {
    if (credential === null) throw new Cancelled();
    check(chatBoxId, credential);
    // The page's hook may have written the cookies itself.
    if (readCredential(chatBoxId)?.jwt !== credential.jwt) store(chatBoxId, credential);
  });
}

function runPopup(chatBox, signal) {
  const popup = window.open(chatBox.signInUrl, "", "popup,width=480,height=720");
  if (!popup) {
    const message = "The browser blocked the sign-in window. Allow pop-ups for this site.";
    return Promise.reject(new Error(message));
  }
  const ending = new AbortController();
  const credential = waitForMessage(popup, chatBox, ending.signal);
  const closed = waitForClose(popup, ending.signal);
  const given = new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new Cancelled()));
  });
  return Promise.race([credential, closed, given])
    .then((data) => {
      check(chatBox.id, data);
      store(chatBox.id, data);
    })
    .finally(() => {
      ending.abort();
      popup.close();
    });
}

/** Accepts messages only from the host's login page in the popup that was opened here. */
function waitForMessage(popup, chatBox, signal) {
  const loginOrigin = new URL(chatBox.signInUrl).origin;
  return new Promise((resolve) => {
    window.addEventListener(
      "message",
      ({ source, origin, data }) => {
        if (source === popup && origin === loginOrigin && looksLikeCredential(data)) resolve(data);
      },
      { signal },
    );
  });
}

function looksLikeCredential(data) {
  return typeof data === "object" && data !== null && ("jwt" in data || "expiresAt" in data || "domain" in data);
}

function waitForClose(popup, signal) {
  return new Promise((_, reject) => {
    const timer = setInterval(() => {
      if (!popup.closed) return;
      clearInterval(timer);
      // The message may have been posted just before the window closed.
      setTimeout(() => reject(new Cancelled()), 300);
    }, 300);
    signal.addEventListener("abort", () => clearInterval(timer));
  });
}

function check(chatBoxId, data) {
  const { jwt, expiresAt, domain } = data ?? {};
  if (typeof jwt !== "string" || jwt === "" || Number.isNaN(parseTime(expiresAt))) {
    throw new Error("The login page sent no usable credential.");
  }
  if (data.chatBoxId !== undefined && data.chatBoxId !== chatBoxId) {
    throw new Error("The login page sent a credential for another chat box.");
  }
  if (domain !== undefined && (typeof domain !== "string" || !coversThisPage(domain))) {
    throw new Error("The login page sent a credential for another domain.");
  }
}

function store(chatBoxId, data) {
  const { jwt, expiresAt } = data;
  deleteCredential(chatBoxId);
  writeCredential(chatBoxId, data);
  if (parseTime(expiresAt) > Date.now() && readCredential(chatBoxId)?.jwt !== jwt) {
    throw new Error("The browser did not keep the sign-in cookies of this page.");
  }
}
