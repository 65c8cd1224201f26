/** The opener's side of the login, loaded from `/latchkey.js` of the login's origin. */
declare namespace Latchkey {
  /** The credential of a signed-in chat box. */
  interface Credential {
    chatBoxId: string;
    /** The vendor's credential, in the form its scripts expect. */
    jwt: string;
    /** By the clock of this device. */
    expiresAt: Date;
  }

  /**
   * Why a login ended without a credential:
   * - `blocked`: the browser blocked the popup.
   * - `cancelled`: the user or the page cancelled.
   * - `timeout`: 15 minutes passed.
   * - `unknown`: the login was started in another browser or too long ago.
   * - `invalid`: the login's response was missing or malformed, or the vendor's credential had expired.
   * - `clock`: the credential has expired by this device's clock, and the login doesn't say how long it lives.
   * - `too_long`: the credential is longer than a cookie may be.
   * - `cookies`: the browser blocked cookies.
   */
  type ErrorCode = "blocked" | "cancelled" | "timeout" | "unknown" | "invalid" | "clock" | "too_long" | "cookies";

  /** What `signIn` rejects with. */
  interface SignInError extends Error {
    chatBoxId: string;
    code: ErrorCode;
  }

  interface SignInOptions {
    chatBoxId: string;
    /**
     * `popup`: only a popup. `page`: the whole page, which returns to where the user was. By default, a popup, or the
     * whole page if the browser blocks popups.
     */
    mode?: "popup" | "page";
    /** Cancels the login and closes its popup. */
    signal?: AbortSignal;
  }

  /** Events in this tab, including those caused by other tabs. */
  interface Events {
    /** Progress of a login: its popup has opened, or its message has arrived. */
    step: { chatBoxId: string; step: "popup" | "message" };
    /**
     * A sign-in delivered a credential, or one that had expired was renewed. Also sent to a listener that is added while
     * the page is signed in, with `already`.
     */
    signedin: Credential & { already?: true };
    /** The credential was renewed. */
    renewed: Credential;
    /** The credentials were removed before they expired. */
    signedout: Record<string, never>;
    /** A credential expired and wasn't renewed. */
    expired: { chatBoxId: string };
    error: { chatBoxId: string; code: ErrorCode; message: string };
  }

  /**
   * Opens the login of a chat box. Call it directly in a click handler, or the browser blocks the popup. The promise
   * settles when the login delivers a credential or fails. If the login takes the whole page, this page is left before.
   */
  function signIn(options: SignInOptions): Promise<Credential>;

  /** Removes the credentials of all chat boxes of this site, in all its tabs. */
  function signOut(): void;

  /** Adds an event listener; returns a function that removes it. */
  function on<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): () => void;
}
