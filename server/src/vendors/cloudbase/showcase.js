// CloudBase on the demo site: the vendor's own SDK signs the user in with a ticket, and out again.
"use strict";

(() => {
  const { env, gateway } = Showcase.settings;
  const user = Showcase.exhibit("user");
  /** Codes of the SDK's errors after which the platform's session may still be valid. */
  const OUTAGES = ["unreachable", "unavailable", "internal", "resource_exhausted", "deadline_exceeded"];
  let auth;
  let cancelRenewal = () => {};
  /** The current or last sign-in or renewal. */
  let pending = Promise.resolve();
  /** When the platform's session expires, in milliseconds; 0 if signed out. */
  let end = 0;
  /** Discards late results after a change of user. */
  let attempt = 0;

  /** Resolves to whether the SDK was loaded. */
  const ready = user.load("/sdk/cloudbase.js").then((isLoaded) => {
    if (isLoaded) start();
    else user.failed("CloudBase's SDK is missing. It is bundled from npm if the demo is built on a machine with Node.");
    return isLoaded;
  });

  function start() {
    const app = cloudbase.init({ env });
    // URL of the sandbox; without it the SDK calls CloudBase's servers.
    const { protocol, host } = new URL(gateway);
    app.registerEndPointWithKey({ key: "GATEWAY", url: `//${host}/v1`, protocol: protocol.slice(0, -1) });
    auth = app.auth({ persistence: "local" });
  }

  async function ticket() {
    const { ticket } = JSON.parse(await user.credential("/api/cloudbase/ticket"));
    if (!ticket) throw new Error("Your login sent no ticket.");
    user.signed(ticket);
    return ticket;
  }

  /** Renders the platform's user, since CloudBase has no widget. */
  function render(lines) {
    const list = document.createElement("dl");
    list.className = "facts platform-user";
    for (const [name, value] of lines) {
      const term = Object.assign(document.createElement("dt"), { textContent: name });
      const detail = Object.assign(document.createElement("dd"), { textContent: value });
      list.append(term, detail);
    }
    user.place.replaceChildren(list);
  }

  function renderSignedOut(verdict = ["", "Not signed in to the platform."]) {
    user.place.dataset.state = "signed-out";
    render([["User", "Not signed in"]]);
    user.verdict(...verdict);
  }

  async function show({ session }, verdict) {
    const now = ++attempt;
    end = Date.now() + session.expires_in * 1000;
    const profile = await auth.getUserInfo();
    if (now !== attempt) return;
    user.place.dataset.state = "signed-in";
    const [{ provider_user_id: id } = {}] = profile.providers ?? [];
    render([["User of the platform", profile.sub], ["Your user", id], ["Account created", profile.created_at]]);
    user.verdict("good", verdict);
    user.response({
      token_type: session.token_type,
      access_token: "••••••",
      refresh_token: "••••••",
      expires_in: session.expires_in,
      sub: session.sub,
    });
  }

  function fail(reason, isOver) {
    if (end > Date.now() && !isOver) return user.verdict("bad", reason);
    const hasExpired = end > 0 && end <= Date.now();
    user.place.dataset.state = hasExpired ? "expired" : "refused";
    render([["User", "Not signed in"]]);
    user.response({});
    user.verdict("bad", hasExpired ? `The platform's session expired. ${reason}` : reason);
  }

  /** Turns the errors that the SDK returns into exceptions. */
  async function call(promise) {
    const { data, error } = await promise;
    if (error) throw Object.assign(new Error(`CloudBase: ${error.message}`), { isRejection: !OUTAGES.includes(error.code) });
    return data;
  }

  /** Always signs in with a ticket, since the browser may still have another user's session. */
  async function signIn() {
    // Requested first: without a ticket, the SDK would send a sign-in all the same.
    const own = await ticket();
    await show(await call(auth.signInWithCustomTicket(() => own)), "CloudBase accepted the ticket.");
  }

  async function refresh() {
    await show(await call(auth.refreshSession()), "The platform's session was renewed.");
  }

  /** Refreshes the session, or signs in again. Resolves to when it expires. */
  async function renew() {
    try {
      // An outage of the platform is left alone until the next renewal: it is neither a sign-out nor a reason to ask again.
      const recover = (error) => (error.isRejection ? signIn() : Promise.reject(error));
      await (end ? refresh().catch(recover) : signIn());
      return end;
    } catch (error) {
      fail(error.message, error.isRejection);
      // After a failed sign-in the SDK still has the session of before, which may be another user's.
      if (error.isRejection || end <= Date.now()) await auth.signOut({});
      throw error;
    }
  }

  Viewer.register({
    async begin() {
      if (await ready) renderSignedOut();
    },
    async identify() {
      if (!(await ready)) return;
      user.verdict("", "Connecting to CloudBase…");
      cancelRenewal = Showcase.keepFresh(() => (pending = renew()));
    },
    async forget() {
      if (!(await ready)) return;
      cancelRenewal();
      // A pending renewal would sign the user in again.
      await pending.catch(() => {});
      attempt += 1;
      end = 0;
      user.clear();
      renderSignedOut();
      await auth.signOut({});
    },
  });
})();
