// Tracks the signed-in user. Widgets register callbacks for sign-in and sign-out; this script makes sure that nothing of a
// user remains in widgets, cookies or storage after a sign-out or a change of user.
"use strict";

const Viewer = (() => {
  const { login: LOGIN, domain: DOMAIN, traces: TRACES } = document.currentScript.dataset;
  /** Over http, as in the demo, WebKit keeps no `Secure` cookies. */
  const SECURE = location.protocol === "https:" ? "; Secure" : "";
  /** Storage key of the ID of the user whom the widgets know. Other tabs are notified of changes. */
  const STORAGE_KEY = "latchkey:viewer";
  const INTERVAL = 60_000;
  const TIMEOUT = 10_000;
  /** The result of a widget that takes longer. */
  const LATE = Symbol("late");

  const widgets = [];
  /** `{ uid, displayName }`, or null if signed out; undefined until the login has responded. */
  let known;
  let work = Promise.resolve();
  /** Numbers requests and changes: a response to a request from before the last change is outdated. */
  let turns = 0;
  let latest = 0;
  /** Whether a sign-out is being submitted: nothing may delay it. */
  let isLeaving = false;

  async function ask() {
    const response = await fetch(`${LOGIN}/api/viewer`, {
      credentials: "include",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (!response.ok) throw new Error(`The login responded with ${response.status}`);
    return response.json();
  }

  /** Uses a storage of this page; null if the browser denies access. */
  const within = (storage, step) => {
    try {
      return step(window[storage]);
    } catch {
      return null;
    }
  };

  const keep = (uid) =>
    within("localStorage", (storage) => (uid === null ? storage.removeItem(STORAGE_KEY) : storage.setItem(STORAGE_KEY, uid)));

  /** Calls a callback of each widget, with a timeout. The results are in the order of the widgets. */
  const each = async (step, ...values) => {
    const calls = widgets.map(async (widget) => {
      const late = new Promise((resolve) => setTimeout(resolve, TIMEOUT, LATE));
      return Promise.race([widget[step]?.(...values), late]);
    });
    return (await Promise.allSettled(calls)).map(({ value }) => value);
  };

  /** Deletes cookies and storage entries of these names, also of vendors that aren't on this page. A trailing `*` matches a prefix. */
  function wipe(names) {
    const isTrace = (name) =>
      names.some((trace) => (trace.endsWith("*") ? name.startsWith(trace.slice(0, -1)) : name === trace));
    for (const kind of ["localStorage", "sessionStorage"])
      within(kind, (storage) => Object.keys(storage).filter(isTrace).forEach((name) => storage.removeItem(name)));
    for (const name of document.cookie.split("; ").map((cookie) => cookie.split("=")[0]).filter(isTrace))
      for (const scope of ["", `; Domain=${DOMAIN}`])
        document.cookie = `${name}=; Path=/; Max-Age=0; SameSite=Lax${scope}${SECURE}`;
  }

  /** Changes the user; changes run one after the other. */
  function become(viewer, isSignOut = false, turn = ++turns) {
    if (turn < latest) return work;
    latest = turn;
    const change = async () => {
      const kept = within("localStorage", (storage) => storage.getItem(STORAGE_KEY));
      const former = known?.uid ?? kept;
      const isNew = known === undefined || known?.uid !== viewer?.uid;
      // The previous page was left during a sign-out: signOut() stores "" until it is done.
      const isUnfinished = known === undefined && kept === "";
      let results = [];
      if (isSignOut || isUnfinished || (former && former !== viewer?.uid)) {
        results = await each("forget", viewer);
        const spared = widgets.filter((_, index) => results[index] === "theirs").flatMap((widget) => widget.traces);
        // Another tab may have wiped already, and the new user's traces may exist.
        if (isSignOut || kept !== viewer?.uid) wipe(TRACES.split(" ").filter((trace) => !spared.includes(trace)));
      }
      known = viewer;
      keep(viewer?.uid ?? null);
      // A late response would belong to the former user: reload to discard it.
      if (results.includes(LATE) && !isLeaving) return location.reload();
      show(viewer?.displayName);
      if (viewer && isNew) await each("identify", viewer);
      if (!viewer && isNew && !former && !isUnfinished) await each("begin");
      await each("look");
    };
    return (work = work.then(change, change));
  }

  async function check() {
    const turn = ++turns;
    try {
      await become(await ask(), false, turn);
    } catch {
      if (known === undefined) show(undefined, "unknown");
    }
  }

  /** Shows the sentence for the current state. */
  function show(name, state = name === undefined ? "signed-out" : "signed-in") {
    document.querySelectorAll("[data-viewer]").forEach((part) => (part.hidden = part.dataset.viewer !== state));
    document.querySelectorAll("[data-viewer-name]").forEach((part) => (part.textContent = name));
  }

  /** Signs the user out of all widgets, in every tab of this site. The session itself ends at the login. */
  function signOut() {
    // Other tabs are only notified of a changed value.
    keep("");
    return become(null, true);
  }

  addEventListener("DOMContentLoaded", () => {
    check();
    for (const form of document.querySelectorAll("[data-sign-out]"))
      form.addEventListener("submit", () => {
        isLeaving = true;
        signOut();
      });
  });
  addEventListener("storage", ({ key, newValue }) => {
    if (key !== STORAGE_KEY || newValue === "") return;
    if (newValue === null) become(null, true);
    else if (newValue !== known?.uid) check();
  });
  addEventListener("pageshow", () => (isLeaving = false));
  // Changes on the login's own pages cause no event here.
  addEventListener("focus", check);
  document.addEventListener("visibilitychange", () => document.hidden || check());
  setInterval(() => document.hidden || check(), INTERVAL);

  return Object.freeze({
    login: LOGIN,
    domain: DOMAIN,
    ask,
    check,
    show,
    /**
     * Callbacks of `widget`, all optional: `identify(viewer)`; `forget(next)`, which returns "theirs" if its `traces`
     * already belong to the next user; `begin()`, if the page starts signed out; `look()`, after every check.
     */
    register: (widget) => widgets.push(widget),
  });
})();
