// Signing in through an independent provider, at a server that the test starts.
import type { Page } from '@playwright/test';
import { expect, test as base } from '../fixtures.ts';
import {
  DANA, RESET_SUBJECT, fillLogin, mailIsSent, signIn, signOut, newAccount, linkedAccounts, type Account,
} from '../support/accounts.ts';
import { ChatBox, closed } from '../support/chat_box.ts';
import { CLIENT, OidcProvider, agree, cancel, signInAgain } from '../support/oidc_provider.ts';
import { linkIn, mailTo } from '../support/sandbox.ts';
import { closePages, freePort, startLatchkey, type Latchkey } from '../support/servers.ts';

interface Fixtures {
  /** The provider's user. */
  noor: Account;
  providerPort: number;
  latchkey: Latchkey;
  /** Starts the provider, which is down until then. */
  startProvider: () => Promise<OidcProvider>;
  provider: OidcProvider;
}

const test = base.extend<Fixtures>({
  noor: async ({}, use) => use(newAccount('Noor Independent')),
  providerPort: async ({}, use) => use(await freePort()),
  latchkey: async ({ context, providerPort }, use) => {
    const latchkey = await startLatchkey({
      OAUTH_SSO_ISSUER: `http://127.0.0.1:${providerPort}`,
      OAUTH_SSO_NAME: 'Independent ID',
      OAUTH_SSO_CLIENT_ID: CLIENT.id,
      OAUTH_SSO_CLIENT_SECRET: CLIENT.secret,
    });
    await use(latchkey);
    await closePages(context);
    await latchkey.stop();
  },
  startProvider: async ({ noor, providerPort, latchkey }, use) => {
    const started: OidcProvider[] = [];
    await use(async () => {
      const provider = await OidcProvider.start(providerPort, `${latchkey.login}/oauth/sso/callback`, noor);
      started.push(provider);
      return provider;
    });
    for (const provider of started) await provider.stop();
  },
  provider: async ({ startProvider }, use) => use(await startProvider()),
});

const goOnWith = (page: Page) => page.getByRole('link', { name: 'Continue with Independent ID' });

async function signInAs(page: Page, { login }: Latchkey, user: Account): Promise<void> {
  await page.goto(`${login}/login`);
  await goOnWith(page).click();
  await agree(page, user);
  await expect(page).toHaveURL(`${login}/account`);
}

test.describe('with the provider up', () => {
  test.beforeEach(({ provider }) => void provider);

  test('a newcomer signs in and has an account with the name and the address of the provider', async ({ page, latchkey, noor }) => {
    await signInAs(page, latchkey, noor);
    await expect(page.getByLabel('Display name')).toHaveValue(noor.displayName);
    await expect(linkedAccounts(page)).toContainText(`Independent ID${noor.email}`);
    await signOut(page);
    // The provider knows the user, but someone else may use this browser now.
    await goOnWith(page).click();
    await signInAgain(page, noor);
    await expect(page).toHaveURL(`${latchkey.login}/account`);
    await expect(page.getByLabel('Display name')).toHaveValue(noor.displayName);
    await page.context().clearCookies({ name: 'latchkey' });
    await page.goto(`${latchkey.login}/login`);
    await goOnWith(page).click();
    await expect(page, 'unasked without a sign-out').toHaveURL(`${latchkey.login}/account`);
  });

  test('the popup of a chat goes to the provider and back, and the chat knows who it is', async ({ page, context, latchkey, noor }) => {
    const chatBox = await ChatBox.open(page, latchkey.site);
    const popup = await chatBox.openPopup();
    await goOnWith(popup).click();
    await agree(popup, noor);
    await closed(popup);
    await chatBox.isSignedInAs(noor.displayName);
    expect(await chatBox.cookies()).toHaveLength(2);
    expect(context.pages()).toEqual([page]);
  });

  test('a sign-in method is connected, disconnected and connected again', async ({ page, latchkey, noor }) => {
    await signIn(page, DANA, latchkey.login);
    await expect(linkedAccounts(page)).toContainText('No accounts connected.');
    await page.getByRole('button', { name: 'Connect Independent ID' }).click();
    await agree(page, noor);
    await expect(page.getByRole('status')).toHaveText('Account connected. You can now sign in with it.');
    await expect(linkedAccounts(page)).toContainText(noor.email);

    await page.getByRole('button', { name: 'Disconnect Independent ID' }).click();
    await expect(page.getByRole('status')).toHaveText('Account disconnected.');
    await expect(linkedAccounts(page)).toContainText('No accounts connected.');

    await page.getByRole('button', { name: 'Connect Independent ID' }).click();
    await expect(page.getByRole('status')).toHaveText('Account connected. You can now sign in with it.');
    await signOut(page);
    await goOnWith(page).click();
    await signInAgain(page, noor);
    await expect(page.getByLabel('Display name')).toHaveValue(DANA.displayName);
  });

  test('an identity that signs another user in cannot be connected', async ({ page, latchkey, noor }) => {
    await signInAs(page, latchkey, noor);
    await signOut(page);
    await signIn(page, DANA, latchkey.login);
    await page.getByRole('button', { name: 'Connect Independent ID' }).click();
    await expect(page.getByRole('alert')).toHaveText('That account is already connected to another user.');
    await expect(linkedAccounts(page)).toContainText('No accounts connected.');
  });

  test('the last sign-in method stays until there is a password', async ({ page, latchkey, noor }) => {
    await signInAs(page, latchkey, noor);
    await page.getByRole('button', { name: 'Disconnect Independent ID' }).click();
    await expect(page.getByRole('alert')).toContainText('You can’t remove your only sign-in method.');
    await expect(linkedAccounts(page)).toContainText(noor.email);

    await page.getByRole('link', { name: 'Set a password' }).click();
    await page.getByLabel('Email').fill(noor.email);
    await page.getByRole('button', { name: 'Send reset link' }).click();
    await mailIsSent(page);
    await page.goto(linkIn((await mailTo(noor.email, RESET_SUBJECT)).text));
    await page.getByLabel('New password').fill(noor.password);
    await page.getByRole('button', { name: 'Set new password' }).click();
    await fillLogin(page, noor);
    await page.getByRole('button', { name: 'Disconnect Independent ID' }).click();
    await expect(page.getByRole('status')).toHaveText('Account disconnected.');
  });

  test('cancelling at the provider comes back to the popup, which says so and still knows its chat', async ({ page, latchkey }) => {
    const chatBox = await ChatBox.open(page, latchkey.site);
    const popup = await chatBox.openPopup();
    await goOnWith(popup).click();
    await cancel(popup);
    await expect(popup.getByRole('alert')).toContainText('The sign-in was canceled or denied');
    await expect(popup.getByText('to continue to Support')).toBeVisible();
    await chatBox.is('signing-in');
    await fillLogin(popup, DANA);
    await closed(popup);
    await chatBox.isSignedInAs(DANA.displayName);
  });

  test('cancelling while connecting comes back to the account', async ({ page, latchkey }) => {
    await signIn(page, DANA, latchkey.login);
    await page.getByRole('button', { name: 'Connect Independent ID' }).click();
    await cancel(page);
    await expect(linkedAccounts(page).getByRole('alert')).toContainText('The sign-in was canceled or denied');
    await expect(linkedAccounts(page)).toContainText('No accounts connected.');
  });

  test('a key that the provider has changed meanwhile is fetched', async ({ page, latchkey, provider, noor }) => {
    await signInAs(page, latchkey, noor);
    provider.rotateKeys();
    await signOut(page);
    await signInAs(page, latchkey, noor);
    await expect(page.getByLabel('Display name')).toHaveValue(noor.displayName);
  });
});

test('with the provider down its button explains, the password still works, and so does the button afterwards', async ({ page, latchkey, startProvider, noor }) => {
  const chatBox = await ChatBox.open(page, latchkey.site);
  const popup = await chatBox.openPopup();
  await goOnWith(popup).click();
  await expect(popup.getByRole('alert')).toContainText('This sign-in method isn’t available right now.');
  await expect(popup.getByText('to continue to Support')).toBeVisible();
  await fillLogin(popup, DANA);
  await closed(popup);
  await chatBox.isSignedInAs(DANA.displayName);

  await startProvider();
  await page.goto(`${latchkey.login}/account`);
  await signOut(page);
  // Latchkey does not ask a provider again for a moment after a failure.
  const tryAgain = async () => {
    await page.goto(`${latchkey.login}/oauth/sso/start`);
    return page.url();
  };
  await expect.poll(tryAgain).not.toContain(latchkey.login);
  await agree(page, noor);
  await expect(page).toHaveURL(`${latchkey.login}/account`);
});
