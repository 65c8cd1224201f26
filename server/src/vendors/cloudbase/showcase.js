// CloudBase on the demo site: the vendor's own SDK signs the user in with a ticket, and out again.
"use strict";

(() => {
  const { env, gateway } = Showcase.settings;
  const user = Showcase.exhibit("user");
  let auth;
  let cancelRenewal = () => {};
  /** What comes too late, because somebody else has come meanwhile, is not shown. */
  let attempt = 0;

  const ready = user.load("/sdk/cloudbase.js").then(
    () => {
      const app = cloudbase.init({ env });
      // Where the vendor's servers are; without it the SDK asks the real ones.
      const { protocol, host } = new URL(gateway);
      app.registerEndPointWithKey({ key: "GATEWAY", url: `//${host}/v1`, protocol: protocol.slice(0, -1) });
      auth = app.auth({ persistence: "local" });
    },
    () => {
      user.failed("CloudBase's SDK is not here. It comes from npm when the demo is built on a machine with Node.");
      throw new Error("no SDK");
    },
  );

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

  async function show({ data, error }, verdict) {
    const now = ++attempt;
    if (error) {
      user.place.dataset.state = "refused";
      draw([["User", "Nobody is signed in."]]);
      return user.verdict("bad", `CloudBase: ${error.message}`);
    }
    const { session } = data;
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
    cancelRenewal = Showcase.before(Date.now() + session.expires_in * 1000, renew);
  }

  async function renew() {
    await show(await auth.refreshSession(), "The platform's login was renewed.");
  }

  Viewer.register({
    async begin() {
      await ready;
      drawNobody();
    },
    async identify() {
      await ready;
      user.verdict("", "Asking CloudBase …");
      try {
        // A login that the browser has kept may be anybody's: the ticket says whose it has to be.
        await show(await auth.signInWithCustomTicket(ticket), "CloudBase has accepted the ticket.");
      } catch (error) {
        user.verdict("bad", error.message);
      }
    },
    async forget() {
      await ready;
      attempt += 1;
      cancelRenewal();
      user.clear();
      drawNobody();
      await auth.signOut();
    },
  });
})();
