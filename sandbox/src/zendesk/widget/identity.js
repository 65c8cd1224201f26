// Who the visitor is: the page's `jwt_fn`, the exchange of its token, and the renewals.

/** The reasons are the Web SDK's own words. */
class AuthenticationError extends Error {
  constructor(reason, details) {
    super(details ? `Authentication failed: ${reason}. ${details}` : `Authentication failed: ${reason}`);
    this.extra = { reason, details };
  }
}

class Identity {
  #accountKey;
  #jwtFn;
  #idToken = "";
  #state = "";
  #expiresAt = 0;
  #lifetime = 0;
  #pending = null;

  constructor(accountKey, jwtFn) {
    this.#accountKey = accountKey;
    this.#jwtFn = jwtFn;
  }

  get secondsLeft() {
    return Math.max(0, (this.#expiresAt - Date.now()) / 1000);
  }

  /** In the last minute, or half-way where a life is too short for that. */
  get secondsToRenewal() {
    const early = Math.min(60, this.#lifetime / 2);
    return Math.max(1, this.secondsLeft - early);
  }

  /** The last token, for saying goodbye. */
  get lastIdToken() {
    return this.#idToken;
  }

  /** A token that has a minute left, asking the page for a new one if need be. */
  async idToken() {
    if (this.secondsLeft < 60) await this.renew();
    return this.#idToken;
  }

  renew() {
    this.#pending ??= this.#exchange().finally(() => this.giveUp());
    return this.#pending;
  }

  /** Waits no longer for a page that does not answer. */
  giveUp() {
    this.#pending = null;
  }

  async #exchange() {
    const fields = { account_key: this.#accountKey, token: await this.#askPage(), format: "json" };
    if (this.#state) fields.state = this.#state;
    const answer = await ask("authenticated/web/jwt", { method: "POST", body: new URLSearchParams(fields) });
    if (!answer) throw new AuthenticationError("network/security error");
    if (!answer.body) throw new AuthenticationError("format error");
    if (!answer.ok) throw new AuthenticationError("jwt verification error", answer.body.details);
    const { id_token: idToken, expires_in: lifetime, state } = answer.body;
    if (typeof idToken !== "string" || typeof lifetime !== "number") throw new AuthenticationError("format error");
    this.#idToken = idToken;
    this.#state = state ?? "";
    this.#lifetime = lifetime;
    this.#expiresAt = Date.now() + lifetime * 1000;
  }

  #askPage() {
    return new Promise((resolve, reject) => {
      const refuse = () => reject(new AuthenticationError("invalid jwt in callback"));
      try {
        this.#jwtFn((jwt) => (typeof jwt === "string" && jwt !== "" ? resolve(jwt) : refuse()));
      } catch {
        refuse();
      }
    });
  }
}
