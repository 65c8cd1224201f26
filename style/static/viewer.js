// Who is signed in at the login. The widgets of a page say how they take a user up and how they forget one; this script
// sees to it that no widget, cookie or token of one user is left when there is another, or nobody.
"use strict";

const Viewer = (() => {
  const { login: LOGIN, domain: DOMAIN, traces: TRACES } = document.currentScript.dataset;
  /** The id of whoever the widgets of this site know. Other tabs hear of every change. */
  const KEPT = "latchkey:viewer";
  const EVERY = 60_000;
  const PATIENCE = 10_000;
  /** What a widget's answer is if it takes longer than that. */
  const LATE = Symbol("late");

  const widgets = [];
  /** `{ uid, displayName }`, or null for nobody; undefined until the login has answered. */
  let known;
  let work = Promise.resolve();
  /** Questions and changes by their turns: an answer that was asked for before the last change is out of date. */
  let turns = 0;
  let latest = 0;
  /** Whether a sign-out is on its way to the login: nothing may hold it up. */
  let isLeaving = false;

  async function ask() {
    const answer = await fetch(`${LOGIN}/api/viewer`, {
      credentials: "include",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!answer.ok) throw new Error(`The login answered ${answer.status}`);
    return answer.json();
  }

  /** Does something with a storage of this page, unless the browser denies it: everything else goes on without. */
  const within = (storage, step) => {
    try {
      return step(window[storage]);
    } catch {
      return null;
    }
  };

  const keep = (uid) =>
    within("localStorage", (storage) => (uid === null ? storage.removeItem(KEPT) : storage.setItem(KEPT, uid)));

  /** Calls each widget, and is kept by none that fails or hangs; the results are in the order of the widgets. */
  const each = async (step, ...values) => {
    const calls = widgets.map(async (widget) => {
      const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, LATE));
      return Promise.race([widget[step]?.(...values), late]);
    });
    return (await Promise.allSettled(calls)).map(({ value }) => value);
  };

  /** Deletes what vendors keep under these names, also those whose script is not on this page. A star ends a beginning. */
  function wipe(names) {
    const isTrace = (name) =>
      names.some((trace) => (trace.endsWith("*") ? name.startsWith(trace.slice(0, -1)) : name === trace));
    for (const kind of ["localStorage", "sessionStorage"])
      within(kind, (storage) => Object.keys(storage).filter(isTrace).forEach((name) => storage.removeItem(name)));
    for (const name of document.cookie.split("; ").map((cookie) => cookie.split("=")[0]).filter(isTrace))
      for (const scope of ["", `; Domain=${DOMAIN}`])
        document.cookie = `${name}=; Path=/; Max-Age=0; SameSite=Lax; Secure${scope}`;
  }

  /** From the user that was to the user that is, one change after the other. */
  function become(viewer, isSignOut = false, turn = ++turns) {
    if (turn < latest) return work;
    latest = turn;
    const change = async () => {
      const kept = within("localStorage", (storage) => storage.getItem(KEPT));
      const former = known?.uid ?? kept;
      const isNew = known === undefined || known?.uid !== viewer?.uid;
      // A sign-out that the page before did not outlive: signOut() leaves "" until it is done.
      const isUnfinished = known === undefined && kept === "";
      let answers = [];
      if (isSignOut || isUnfinished || (former && former !== viewer?.uid)) {
        answers = await each("forget", viewer);
        const spared = widgets.filter((_, index) => answers[index] === "theirs").flatMap((widget) => widget.traces);
        // Another tab may have done it, and the new user's traces may be there already.
        if (isSignOut || kept !== viewer?.uid) wipe(TRACES.split(" ").filter((trace) => !spared.includes(trace)));
      }
      known = viewer;
      keep(viewer?.uid ?? null);
      // What a vendor still answers would be the former user's: it finds no page any more.
      if (answers.includes(LATE) && !isLeaving) return location.reload();
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

  /** Shows the one of the page's sentences that applies. */
  function show(name, state = name === undefined ? "nobody" : "somebody") {
    document.querySelectorAll("[data-viewer]").forEach((part) => (part.hidden = part.dataset.viewer !== state));
    document.querySelectorAll("[data-viewer-name]").forEach((part) => (part.textContent = name));
  }

  /** Forgets the user in every tab of this site; the session itself ends at the login. */
  function signOut() {
    // Without a change no other tab would hear of it.
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
    if (key !== KEPT || newValue === "") return;
    if (newValue === null) become(null, true);
    else if (newValue !== known?.uid) check();
  });
  addEventListener("pageshow", () => (isLeaving = false));
  // Nothing tells of what happens on the login's own pages.
  addEventListener("focus", check);
  document.addEventListener("visibilitychange", () => document.hidden || check());
  setInterval(() => document.hidden || check(), EVERY);

  return Object.freeze({
    login: LOGIN,
    domain: DOMAIN,
    ask,
    check,
    show,
    /**
     * What `widget` may have: `identify(viewer)`; `forget(next)`, which returns "theirs" if its `traces` are the next
     * user's already; `begin()`, for a page that starts with nobody; `look()`, after every look at the login.
     */
    register: (widget) => widgets.push(widget),
  });
})();
