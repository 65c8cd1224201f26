// CloudBase on the demo site: the vendor's own SDK signs the user in with a ticket, and out again.
"use strict";

(() => {
  const { env, gateway } = Showcase.settings;
  const user = Showcase.exhibit("user");
  let auth;
  let cancelRenewal = () => {};
  /** The sign-in or renewal under way, or the last one. */
  let asking = Promise.resolve();
  /** When the platform's login ends, in milliseconds; 0 is for nobody's. */
  let end = 0;
  /** What comes too late, because somebody else has come meanwhile, is not shown. */
  let attempt = 0;

  /** Whether the SDK is here. */
  const ready = user.load("/sdk/cloudbase.js").then((isLoaded) => {
    if (isLoaded) start();
    else user.failed("CloudBase's SDK is not here. It comes from npm when the demo is built on a machine with Node.");
    return isLoaded;
  });

  function start() {
    const app = cloudbase.init({ env });
    // Where the vendor's servers are; without it the SDK asks the real ones.
    const { protocol, host } = new URL(gateway);
    app.registerEndPointWithKey({ key: "GATEWAY", url: `//${host}/v1`, protocol: protocol.slice(0, -1) });
    auth = app.auth({ persistence: "local" });
  }

  async function ticket() {
    const { ticket } = JSON.parse(await user.credential("/api/cloudbase/ticket"));
    user.signed(ticket);
    return ticket;
  }

  /** Draws the platform's user; there is no widget to do it. */
  function draw(lines) {
    const list = document.createElement("dl");
    list.className = "facts platform-user";
    for (const [name, value] of lines) {
      const term = Object.assign(document.createElement("dt"), { textContent: name });
      const detail = Object.assign(document.createElement("dd"), { textContent: value });
      list.append(term, detail);
    }
    user.place.replaceChildren(list);
  }

  function drawNobody(verdict = ["", "Nobody is signed in to the platform."]) {
    user.place.dataset.state = "signed-out";
    draw([["User", "Nobody is signed in."]]);
    user.verdict(...verdict);
  }

  async function show({ session }, verdict) {
    const now = ++attempt;
    end = Date.now() + session.expires_in * 1000;
    const profile = await auth.getUserInfo();
    if (now !== attempt) return;
    user.place.dataset.state = "signed-in";
    const [{ provider_user_id: id } = {}] = profile.providers ?? [];
    draw([["User of the platform", profile.sub], ["Your user", id], ["Account made", profile.created_at]]);
    user.verdict("good", verdict);
    user.answered({
      token_type: session.token_type,
      access_token: "••••••",
      refresh_token: "••••••",
      expires_in: session.expires_in,
      sub: session.sub,
    });
  }

  function fail(reason) {
    if (end > Date.now()) return user.verdict("bad", reason);
    const hasExpired = end > 0;
    user.place.dataset.state = hasExpired ? "expired" : "refused";
    draw([["User", "Nobody is signed in."]]);
    user.answered({});
    user.verdict("bad", hasExpired ? `The platform's login has expired. ${reason}` : reason);
  }

  /** A call of the SDK, which does not throw. */
  async function call(promise) {
    const { data, error } = await promise;
    if (error) throw new Error(`CloudBase: ${error.message}`);
    return data;
  }

  /** A login that the browser has kept may be anybody's: the ticket says whose it has to be. */
  async function signIn() {
    await show(await call(auth.signInWithCustomTicket(ticket)), "CloudBase has accepted the ticket.");
  }

  async function refresh() {
    await show(await call(auth.refreshSession()), "The platform's login was renewed.");
  }

  /** Goes on with the login that is there, and signs in anew where that does not work. Resolves to when it ends. */
  async function renew() {
    try {
      await (end ? refresh().catch(signIn) : signIn());
      return end;
    } catch (error) {
      fail(error.message);
      throw error;
    }
  }

  Viewer.register({
    async begin() {
      if (await ready) drawNobody();
    },
    async identify() {
      if (!(await ready)) return;
      user.verdict("", "Asking CloudBase …");
      cancelRenewal = Showcase.keepFresh(() => (asking = renew()));
    },
    async forget() {
      if (!(await ready)) return;
      cancelRenewal();
      // What is still to come would sign the user in again.
      await asking.catch(() => {});
      attempt += 1;
      end = 0;
      user.clear();
      drawNobody();
      await auth.signOut({});
    },
  });
})();
