/** The opener's side of the login, loaded from `/latchkey.js` of the login's origin. */
declare namespace Latchkey {
  /** A chat box that is signed in now. */
  interface Credential {
    chatBoxId: string;
    /** The vendor's credential, as its own scripts want it. */
    jwt: string;
    expiresAt: Date;
  }

  /**
   * Why a login ended without a credential: `blocked` by the browser's popup blocker, `cancelled` by the user or the
   * page, `timeout` after 15 minutes, `unknown` here since it was begun in another browser or too long ago, `invalid` as
   * the login has sent it or without an answer of it, or `cookies` that this browser does not keep.
   */
  type ErrorCode = "blocked" | "cancelled" | "timeout" | "unknown" | "invalid" | "cookies";

  /** What `signIn` rejects with. */
  interface SignInError extends Error {
    chatBoxId: string;
    code: ErrorCode;
  }

  interface SignInOptions {
    chatBoxId: string;
    /**
     * `popup` only, or the whole `page`, which comes back to where the user was. Without it: a popup, and the page if the
     * browser blocks popups.
     */
    mode?: "popup" | "page";
    /** Gives the login up, and closes its popup. */
    signal?: AbortSignal;
  }

  /** What happens in this tab, whichever tab has caused it. */
  interface Events {
    /** A login is under way: its popup is open, or its message has arrived. */
    step: { chatBoxId: string; step: "popup" | "message" };
    /** There is a credential of a sign-in. */
    signedin: Credential;
    /** There is a fresh credential of the same sign-in. */
    renewed: Credential;
    /** The credentials were taken away before their time. */
    signedout: Record<string, never>;
    /** A credential has ended, and the host's session does not renew it. */
    expired: { chatBoxId: string };
    error: { chatBoxId: string; code: ErrorCode; message: string };
  }

  /**
   * Opens the login of a chat box. Call it in the click itself. Settles when the credential is there or cannot be had; in
   * the whole page it does not outlive the page.
   */
  function signIn(options: SignInOptions): Promise<Credential>;

  /** Removes the credentials of all chat boxes of this site, in all its tabs. */
  function signOut(): void;

  /** Calls `listener` whenever something happens; returns a function that ends it. */
  function on<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): () => void;
}
