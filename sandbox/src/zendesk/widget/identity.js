// The visitor's identity: calls the page's `jwt_fn`, exchanges its token, and renews the `id_token`.

/** The reasons are those of the real Web SDK. */
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

  /** Renews a minute before the end, or at half of a lifetime shorter than two minutes. */
  get secondsToRenewal() {
    const early = Math.min(60, this.#lifetime / 2);
    return Math.max(1, this.secondsLeft - early);
  }

  /** The last token, even if expired. */
  get lastIdToken() {
    return this.#idToken;
  }

  /** A token that is valid for another minute; asks the page for a new one if necessary. */
  async idToken() {
    if (this.secondsLeft < 60) await this.renew();
    return this.#idToken;
  }

  renew() {
    this.#pending ??= this.#exchange().finally(() => this.giveUp());
    return this.#pending;
  }

  /** Stops waiting for a page that does not respond. */
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
