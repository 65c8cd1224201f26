/**
 * Latchkey, the part for any vendor's widget: gives it the credential of the signed-in user, renews that in time, and
 * takes it away when the user signs out or changes, in every tab. Types: /latchkey.d.ts
 *
 * Who is signed in is only what the login says. It is asked at the start, whenever the page wakes up, once a minute while
 * the page is visible, and before a credential is handed over: one that was fetched while the user changed is dropped.
 */
(() => {
  const latchkey = (globalThis.Latchkey ??= {});
  if (latchkey.widget) return;
  const LOGIN = "__LOGIN_ORIGIN__";
  // In storage: the user, whose changes other tabs hear of. Longer keys: what each widget has last taken up.
  const KEY = "latchkey:user";
  const MINUTE = 6e4;
  // Between attempts; when they are used up, a lapse is told.
  const DELAYS = [5e3, 3e4, 12e4];
  // The result of a callback that takes too long.
  const STUCK = {};

  const { signOut, on } = latchkey;
  const widgets = new Set();
  // { uid, displayName }, or null if signed out; undefined until the login has answered.
  let viewer;
  // Replaced whenever the user changes: what was begun in an earlier one is dropped.
  let era = {};
  // Names the present user's time in this browser, and not who it is, since it may stay in storage.
  let mark;
  // Changes run one after the other.
  let work = Promise.resolve();
  // Numbers questions and changes: the answer to a question from before the last change is outdated.
  let turns = 0;
  let latest = 0;
  let waking;
  // Whether a widget may still know a former user.
  let stuck;

  /** Does a step with this origin's storage; undefined if the browser denies access. */
  const within = (step) => {
    try {
      return step(localStorage);
    } catch {}
  };
  const read = (key) => within((storage) => JSON.parse(storage.getItem(key)));
  const write = (key, value) => within((storage) => storage.setItem(key, JSON.stringify(value)));
  const remove = (key) => within((storage) => storage.removeItem(key));

  /** Now, by a clock that no one sets but that may stand still in sleep, and by one that does not. */
  const now = () => [performance.now(), Date.now()];
  const since = ([steady, wall]) => Math.max(performance.now() - steady, Date.now() - wall);

  const inTime = (promise) => Promise.race([promise, new Promise((go) => setTimeout(go, 1e4, STUCK))]);

  /** The body of a response; throws an error's. */
  const unpack = async (response) => {
    const { ok, status } = response;
    const body = await response.text();
    const retryAfter = response.headers.get("retry-after");
    if (!ok) throw Object.assign(Error(status), { status, body, retryAfter });
    try {
      return JSON.parse(body);
    } catch {
      return body;
    }
  };

  const ask = (path, method) =>
    fetch(LOGIN + path, {
      method,
      credentials: "include",
      signal: AbortSignal.timeout?.(15e3),
    }).then(unpack);

  const obtain = async ({ recipe, from }) => {
    if (typeof from !== "function") return ask(from ?? `/api/${recipe}/credential`, from ? "GET" : "POST");
    const answer = await from(viewer);
    return answer instanceof Response ? unpack(answer) : answer;
  };

  /** For how many seconds the JWT in a credential is valid, by its issuer's clock. */
  const lifetime = (credential) => {
    try {
      const [, claims] = JSON.stringify(credential).match(/ey[\w-]+\.(ey[\w-]+)\./);
      const { iat, exp } = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
      // Some count milliseconds.
      return (exp - iat) / (exp > 1e11 ? 1e3 : 1);
    } catch {}
  };

  /** Waits for a promise, or until there is a global of that name. A script's own event doesn't bubble, but is captured. */
  const ready = (wanted) =>
    typeof wanted !== "string" || wanted in globalThis
      ? wanted
      : new Promise((go) => document.addEventListener("load", () => wanted in globalThis && go(), true));

  /** The key in storage that says for whom a widget has last taken up a credential. */
  const trail = ({ recipe }) => `${KEY}:${recipe}`;

  const lapse = (widget, error) => {
    if (widget.told) return;
    widget.told = true;
    widget.lapse?.(error, viewer);
  };

  /** Does what is due for a widget, or comes back then. Timers are late after sleep, and limited to 24 days. */
  const look = (widget) => {
    clearTimeout(widget.timer);
    if (!viewer || widget.era !== era || widget.running === era) return;
    const left = widget.wait - since(widget.at);
    if (left <= 0) return attend(widget);
    const over = widget.lasts - since(widget.got);
    if (widget.tries && over <= 0) lapse(widget, widget.error);
    // After the last attempt, the next one is made when the page wakes up.
    if (widget.tries > DELAYS.length) return;
    widget.timer = setTimeout(look, Math.min(left, over > 0 ? over : left, MINUTE), widget);
  };

  const schedule = (widget, at, wait) => look(Object.assign(widget, { at, wait }));

  const fail = (widget, error) => {
    // The login has refused, unless it asks to come later.
    const delay = /^4(?!08|29)/.test(error.status) ? 0 : DELAYS[widget.tries];
    widget.error = error;
    widget.tries = delay ? widget.tries + 1 : DELAYS.length + 1;
    if (!delay) lapse(widget, error);
    const wait = Math.max(delay || MINUTE, Math.min(error.retryAfter * 1e3 || 0, 60 * MINUTE));
    // Spread, so that pages don't all come back at once after an outage.
    schedule(widget, now(), wait * (1 + Math.random() / 5));
  };

  /** Fetches a credential of the present user, and hands it over if that is still the user afterwards. */
  const attend = async (widget) => {
    const mine = era;
    const user = viewer;
    const isOver = () => mine !== era || !widgets.has(widget);
    widget.running = mine;
    try {
      await ready(widget.ready);
      if (isOver()) return;
      // Before the request: a response may have waited while the page was frozen.
      const asked = now();
      let credential = user;
      if (widget.from !== null) {
        credential = await obtain(widget);
        if (isOver()) return;
        await check();
        if (isOver()) return;
      }
      const own = credential?.expiresIn ?? (lifetime(credential) || Infinity);
      if (!(since(asked) < own * 1e3)) throw Error("expired");
      const step = (widget.taken && widget.renew) || widget.takeUp;
      widget.taken = true;
      write(trail(widget), mark);
      widget.busy = (async () => step(credential, user))();
      const made = await widget.busy;
      const seconds = Number.isFinite(made) ? made : own;
      if (isOver()) return;
      Object.assign(widget, { running: 0, tries: 0, told: false, got: asked, lasts: seconds * 1e3 });
      // A tenth of it early, and at most a minute.
      schedule(widget, asked, widget.renew === false ? Infinity : Math.max(seconds * 0.9, seconds - 60, 5) * 1e3);
    } catch (error) {
      // Signed out, perhaps.
      if (error.status === 401) await check().catch(() => {});
      if (isOver()) return;
      widget.running = 0;
      fail(widget, error);
    }
  };

  /** Makes a widget forget its user. Resolves to whether it may not have. */
  const leave = async (widget) => {
    clearTimeout(widget.timer);
    widget.taken = false;
    widget.era = 0;
    // What is being taken up would be known afterwards.
    const before = await inTime(Promise.allSettled([widget.busy]));
    try {
      const after = await inTime(widget.forget?.(viewer));
      return before === STUCK || after === STUCK;
    } catch (error) {
      console.error(error);
      return true;
    }
  };

  /** Brings widgets to the present user: all forget the former one before any takes up the new one's credential. */
  const change = async (list, isOwn) => {
    const mine = era;
    // Another page may have left before it could forget; and one that has told of a lapse shows it.
    const former = list.filter((widget) => widget.taken || (widget.era && widget.told) || (read(trail(widget)) ?? mark) !== mark);
    const results = await Promise.all(former.map(leave));
    // Where another tab has taken up the new user's already, what the vendor keeps is that user's.
    for (const widget of former) {
      if (viewer && read(trail(widget)) === mark) continue;
      remove(trail(widget));
      widget.forgotten?.();
    }
    stuck ||= results.includes(true);
    // Only a new page is sure to know no one. After the page's own sign-out, it may be on its way to the login.
    if (stuck && (viewer || !isOwn)) return location.reload();
    if (mine !== era) return;
    for (const widget of list) {
      if (widget.era === era) continue;
      const isFirst = widget.era === undefined;
      Object.assign(widget, { era, tries: 0, told: false, got: now(), lasts: Infinity });
      if (viewer) attend(widget);
      else if (isFirst) widget.anonymous?.();
    }
  };

  const plan = (...step) => (work = work.then(() => change(...step)).catch(console.error));

  /** Notes who is signed in, and changes the widgets if it is another user. */
  const become = (next, turn = ++turns, isOwn) => {
    if (turn < latest) return;
    latest = turn;
    if (viewer !== undefined && viewer?.uid === next?.uid) return;
    viewer = next;
    era = {};
    const kept = read(KEY);
    mark = kept && kept.uid === next?.uid ? kept.mark : String(Math.random());
    if (next) write(KEY, { uid: next.uid, mark });
    else remove(KEY);
    plan([...widgets], isOwn);
  };

  /** Asks the login who is signed in. */
  const check = async () => {
    const turn = ++turns;
    try {
      become(await ask("/api/viewer"), turn);
    } catch (error) {
      if (viewer === undefined) widgets.forEach((widget) => lapse(widget, error));
      throw error;
    }
  };

  /** Several events tell that the page is awake, mostly at once. */
  const wake = () => {
    clearTimeout(waking);
    waking = setTimeout(() => check().then(() => widgets.forEach(look), () => {}), 20);
  };

  let start = () => {
    start = undefined;
    addEventListener("storage", ({ key, newValue }) => {
      if (key !== KEY) return;
      if (newValue) wake();
      else become(null);
    });
    // A restored or thawed page has heard of nothing, and changes on the login's pages cause no event here.
    addEventListener("focus", wake);
    addEventListener("pageshow", wake);
    document.addEventListener("resume", wake);
    document.addEventListener("visibilitychange", () => document.hidden || wake());
    setInterval(() => document.hidden || wake(), MINUTE);
    check().catch(() => {});
    if (!on) return;
    // The chat boxes' credential is theirs who have signed in by popup, and that may be the next user.
    let owner;
    on("signedin", ({ already }) => {
      if (already) return;
      owner = ask("/api/viewer").catch(() => {});
      wake();
    });
    widget({
      recipe: "latchkey",
      from: null,
      takeUp() {},
      async forget(next) {
        if (!next || (await owner)?.uid !== next.uid) signOut();
      },
    });
  };

  const widget = (options) => {
    const own = { ...options };
    widgets.add(own);
    start?.();
    if (viewer !== undefined) plan([own]);
    return {
      async credential() {
        const mine = own.era;
        // Not while a former user is being forgotten.
        if (!viewer || mine !== era) return;
        const credential = await obtain(own);
        await check();
        if (mine === era) return credential;
      },
      stop() {
        widgets.delete(own);
        clearTimeout(own.timer);
      },
    };
  };

  latchkey.widget = widget;
  latchkey.signOut = () => {
    signOut?.();
    // Also if another tab knows a user of whom this one hasn't heard.
    remove(KEY);
    become(null, ++turns, true);
  };
})();
