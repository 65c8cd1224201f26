/** The opener's side of the login, loaded from `/latchkey.js` of the login's origin. */
declare namespace Latchkey {
  /** A chat box that is signed in now. */
  interface Credential {
    chatBoxId: string;
    expiresAt: Date;
  }

  /**
   * Why a login ended without a credential: `blocked` by the browser's popup blocker, `cancelled` by the user,
   * `invalid` or for a foreign `domain` as the login sent it, or `cookies` that this browser does not keep.
   */
  type ErrorCode = "blocked" | "cancelled" | "invalid" | "domain" | "cookies";

  /** What `signIn` rejects with. */
  interface SignInError extends Error {
    code: ErrorCode;
  }

  interface Events {
    signedin: Credential;
    signedout: Record<string, never>;
    expired: { chatBoxId: string };
    error: { chatBoxId: string; code: ErrorCode; message: string };
  }

  /** Opens the login of a chat box in a popup. Call it in the click itself. */
  function signIn(options: { chatBoxId: string }): Promise<Credential>;

  /** Removes the credentials of all chat boxes of this page. */
  function signOut(): void;

  /** Calls `listener` whenever something happens; returns a function that ends it. */
  function on<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): () => void;
}
