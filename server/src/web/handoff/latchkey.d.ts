/** What pages of the site use of the login, loaded from `/latchkey.js` of the login's origin. */
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

  /** Removes the credentials of all chat boxes of this site, and makes its widgets forget their user, in all its tabs. */
  function signOut(): void;

  /** Who is signed in at the login. */
  interface Viewer {
    /** The ID that vendors get as the external ID. */
    uid: string;
    displayName: string;
  }

  /** Why a widget has no credential. */
  interface LapseError extends Error {
    /** The status of the login's response, if it was an error. */
    status?: number;
    /** The body of that response. */
    body?: string;
  }

  /** What a widget's callback may return: for how many seconds what it has begun is valid, if not for the credential's. */
  type Lifetime = number | void | Promise<number | void>;

  interface WidgetOptions<Credential> {
    /** The name of the vendor's recipe, or of the vendor. */
    recipe: string;
    /**
     * Where credentials come from. By default, `POST /api/<recipe>/credential` of the login. A string is a path of the login
     * for a GET. A function returns the credential, or a response with it, or throws. With null there is none, and
     * `takeUp` gets the user instead.
     */
    from?: string | null | ((viewer: Viewer) => Credential | Response | Promise<Credential | Response>);
    /** What to wait for: a promise, or the name of the global that the vendor's script defines. */
    ready?: string | PromiseLike<unknown>;
    /** Begins as the user, with a credential: the JSON of the login's response, or its text. */
    takeUp(credential: Credential, viewer: Viewer): Lifetime;
    /** Takes over a new credential of the same user before the old one ends. By default `takeUp`; false renews none. */
    renew?: false | ((credential: Credential, viewer: Viewer) => Lifetime);
    /** Makes the vendor's widget know no one. `next` is who takes over, or null. Finished before any `takeUp`. */
    forget?(next: Viewer | null): unknown;
    /** All widgets of the page have forgotten their user: what else is kept of that user can be deleted. */
    forgotten?(): void;
    /** No one is signed in when the page begins. */
    anonymous?(): void;
    /**
     * There is no valid credential: the login refuses one, or several attempts have failed. Told once, until there is one
     * again. The vendor's widget still shows the user, who is still signed in.
     */
    lapse?(error: LapseError, viewer: Viewer | null | undefined): void;
  }

  /** A registered widget. */
  interface Widget<Credential> {
    /**
     * A fresh credential, for vendors' scripts that ask for one; undefined if the user whom the widget has taken up is gone.
     */
    credential(): Promise<Credential | undefined>;
    /** Stops looking after the widget, and leaves it as it is. */
    stop(): void;
  }

  /** Keeps a vendor's widget at the signed-in user, in every tab. */
  function widget<Credential = any>(options: WidgetOptions<Credential>): Widget<Credential>;

  /** Adds an event listener; returns a function that removes it. */
  function on<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): () => void;
}
