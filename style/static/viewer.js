// Who is signed in at the login. Each widget of a page says how it takes a user up and how it forgets one, and this
// script sees to it that no widget, cookie or token of one user is left when there is another, or nobody.
"use strict";

const Viewer = (() => {
  const LOGIN = document.currentScript.dataset.login;
  /** The id of whoever the widgets of this site know; other tabs hear of every change. */
  const KEPT = "latchkey:viewer";
  const EVERY = 60_000;

  const widgets = [];
  let known;
  let work = Promise.resolve();

  /** The signed-in user, `{ uid, displayName }`, or null. */
  async function ask() {
    const answer = await fetch(`${LOGIN}/api/viewer`, { credentials: "include" });
    if (!answer.ok) throw new Error(`the login answered ${answer.status}`);
    return (await answer.json()) ?? (widgets.map((widget) => widget.elsewhere?.()).find(Boolean) ?? null);
  }

  /** One change after the other; a widget that fails keeps no other from it. */
  function become(viewer) {
    work = work.then(async () => {
      const former = known?.uid ?? localStorage.getItem(KEPT);
      const each = (step, ...values) => Promise.allSettled(widgets.map((widget) => widget[step]?.(...values)));
      if (former && former !== viewer?.uid) await each("forget", viewer);
      const isNew = known === undefined || known?.uid !== viewer?.uid;
      known = viewer;
      if (viewer) localStorage.setItem(KEPT, viewer.uid);
      else localStorage.removeItem(KEPT);
      show(viewer ? "somebody" : "nobody");
      if (!isNew) return;
      if (viewer) await each("identify", viewer);
      else if (!former) await each("begin");
    });
    return work;
  }

  async function check() {
    try {
      await become(await ask());
    } catch {
      if (known === undefined) show("unknown");
    }
  }

  /** Shows the one of the page's sentences that applies. */
  function show(state) {
    document.querySelectorAll("[data-viewer]").forEach((part) => (part.hidden = part.dataset.viewer !== state));
    document.querySelectorAll("[data-viewer-name]").forEach((part) => (part.textContent = known?.displayName ?? ""));
  }

  /** Forgets the user in every tab of this site; the session itself ends at the login. */
  const signOut = () => become(null);

  addEventListener("DOMContentLoaded", () => {
    check();
    document.querySelectorAll("[data-sign-out]").forEach((form) => form.addEventListener("submit", signOut));
  });
  addEventListener("storage", ({ key, newValue }) => {
    if (key !== KEPT || newValue === (known?.uid ?? null)) return;
    if (newValue) check();
    else become(null);
  });
  // Nothing tells of a sign-out or a sign-in on the login's own pages.
  document.addEventListener("visibilitychange", () => document.hidden || check());
  addEventListener("focus", check);
  setInterval(() => document.hidden || check(), EVERY);

  return Object.freeze({
    /**
     * `widget` may have `begin()` for a page without a user, `identify(viewer)`, `forget(next)`, and `elsewhere()`,
     * which names a user whom the login does not know.
     */
    register: (widget) => widgets.push(widget),
    ask,
    check,
    login: LOGIN,
  });
})();
