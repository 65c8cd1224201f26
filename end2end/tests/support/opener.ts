// `latchkey.js` as pages of the site use it.
import type { BrowserContext, Page } from '@playwright/test';
import { LOGIN } from './environment.ts';

interface Said {
  name: string;
  code?: string;
}

declare const Latchkey: {
  signIn(options: { chatBoxId: string; mode?: 'popup' | 'page'; signal?: AbortSignal }): Promise<unknown>;
  signOut(): void;
  on(name: string, listener: (detail: { code?: string; already?: true }) => void): () => void;
};

/** Records every event from now on; "error" with its code. */
export async function recordEvents(page: Page): Promise<() => Promise<string[]>> {
  const events = await page.evaluateHandle(() => {
    const said: Said[] = [];
    for (const name of ['signedin', 'renewed', 'signedout', 'expired', 'error']) {
      Latchkey.on(name, ({ code, already }) => already || said.push({ name, code }));
    }
    return said;
  });
  return async () => (await events.jsonValue()).map(({ name, code }) => (code ? `${name}: ${code}` : name));
}

/** Starts a sign-in as a page does. Returns "signed in", or the error's code. */
export function signInFrom(page: Page, mode?: 'popup' | 'page'): Promise<string> {
  return page.evaluate(
    (options) => Latchkey.signIn(options).then(() => 'signed in', ({ code }: { code: string }) => code),
    { chatBoxId: 'cb_demo', mode },
  );
}

/** Shortens the pages' timeout for a response from 15 seconds to 3. */
export async function shortenTimeouts(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    AbortSignal.timeout = (wait) => timeout(wait / 5);
  });
}

/** Removes the opener from all pages of the login, as if one of them had severed the window. */
export async function cutOff(context: BrowserContext): Promise<void> {
  await context.addInitScript((login) => {
    if (location.origin === login) Object.defineProperty(window, 'opener', { value: null });
  }, LOGIN);
}

/** Starts a sign-in and aborts it, before it begins or right after. Returns the error's code. */
export function abortAtOnce(page: Page, mode?: 'popup' | 'page', before = true): Promise<string> {
  return page.evaluate(
    ([mode, before]) => {
      const giveUp = new AbortController();
      if (before) giveUp.abort();
      const ended = Latchkey.signIn({ chatBoxId: 'cb_demo', mode, signal: giveUp.signal });
      giveUp.abort();
      return ended.then(() => 'signed in', ({ code }: { code: string }) => code);
    },
    [mode, before] as const,
  );
}

/** Signs the site out, as a page does. */
export function signOutFrom(page: Page): Promise<void> {
  return page.evaluate(() => Latchkey.signOut());
}

/** Aborts a sign-in right after another tab has stored the credential `jwt`. Returns that, or the error's code. */
export function abortAfterSignInElsewhere(page: Page, jwt: string): Promise<string> {
  return page.evaluate((jwt) => {
    const chatBoxId = 'cb_demo';
    const giveUp = new AbortController();
    const ended = Latchkey.signIn({ chatBoxId, signal: giveUp.signal }) as Promise<{ jwt: string }>;
    document.cookie = `knoon_expires_at_${chatBoxId}=${Math.floor(Date.now() / 1000) + 600}`;
    document.cookie = `knoon_jwt_${chatBoxId}=${jwt}`;
    giveUp.abort();
    return ended.then((credential) => credential.jwt, ({ code }: { code: string }) => code);
  }, jwt);
}
