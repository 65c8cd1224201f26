// `latchkey.js` as a page of the site sees it: what it is told, and what it asks for.
import type { Page } from '@playwright/test';

interface Said {
  name: string;
  code?: string;
}

declare const Latchkey: {
  signIn(options: { chatBoxId: string; mode?: 'popup' | 'page'; signal?: AbortSignal }): Promise<unknown>;
  signOut(): void;
  on(name: string, listener: (detail: { code?: string }) => void): () => void;
};

/** Notes every event from now on; "error" comes with its code. */
export async function recordEvents(page: Page): Promise<() => Promise<string[]>> {
  const events = await page.evaluateHandle(() => {
    const said: Said[] = [];
    for (const name of ['signedin', 'renewed', 'signedout', 'expired', 'error']) {
      Latchkey.on(name, ({ code }) => said.push({ name, code }));
    }
    return said;
  });
  return async () => (await events.jsonValue()).map(({ name, code }) => (code ? `${name}: ${code}` : name));
}

/** Asks for a sign-in as a page does, and returns how it ends: "signed in", or the code of what went wrong. */
export function signInFrom(page: Page, mode?: 'popup' | 'page'): Promise<string> {
  return page.evaluate(
    (options) => Latchkey.signIn(options).then(() => 'signed in', ({ code }: { code: string }) => code),
    { chatBoxId: 'cb_demo', mode },
  );
}

/** Signs the site out, as a page does. */
export function signOutFrom(page: Page): Promise<void> {
  return page.evaluate(() => Latchkey.signOut());
}
