// What becomes of each of the provider's people, and what somebody sees whose provider fails.
import type { Page } from '@playwright/test';
import { expect, test as base } from '../fixtures.ts';
import { CONFIRM_SUBJECT, DANA, confirmAddress, fillLogin, signIn, somebody } from '../support/accounts.ts';
import { ChatBox, closed } from '../support/chat_box.ts';
import { linkIn, mailTo, setSsoSwitches, type SsoSwitches } from '../support/sandbox.ts';
import { freePort, startLatchkey, startSandbox, type Latchkey } from '../support/servers.ts';

const CANCELLED = 'You have not been signed in';
const UNAVAILABLE = 'This way to sign in cannot be used at the moment.';
const FAILED = 'Something was wrong with the answer we got';

interface Fixtures {
  /** A latchkey that has never seen any of them, with a provider of its own. */
  latchkey: Latchkey;
  /** Moves switches of that provider. */
  provider: (change: Partial<SsoSwitches>) => Promise<void>;
}

const test = base.extend<Fixtures & { sandbox: string }>({
  sandbox: async ({}, use) => use(`http://localhost:${await freePort()}`),
  latchkey: async ({ sandbox }, use) => {
    const latchkey = await startLatchkey({ OAUTH_SSO_ISSUER: `${sandbox}/sso` });
    const stopSandbox = await startSandbox(sandbox, latchkey);
    await use(latchkey);
    await stopSandbox();
    await latchkey.stop();
  },
  provider: async ({ sandbox }, use) => use((change) => setSsoSwitches(change, sandbox)),
});

async function goToProvider(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Continue with Example SSO' }).click();
  await expect(page.getByRole('heading', { name: 'Choose who you are' })).toBeVisible();
}

/** Presses the button of the login that is on the page, and is `name` at the provider. */
async function comeAs(page: Page, name: string): Promise<void> {
  await goToProvider(page);
  await page.getByRole('button', { name }).click();
}

/** The part of the account page about accounts elsewhere. */
const ways = (page: Page) => page.getByRole('region', { name: 'Ways to sign in' });
