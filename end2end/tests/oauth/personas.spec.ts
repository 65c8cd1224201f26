// Signing in as each of the provider's personas, and what users see when the provider fails.
import type { Locator, Page } from '@playwright/test';
import { expect, test as base } from '../fixtures.ts';
import {
  CONFIRM_SUBJECT, DANA, signInWithSso, confirmAddress, exampleSso, fillLogin, mailIsSent, signOut, newAccount, linkedAccounts,
} from '../support/accounts.ts';
import { ChatBox, closed } from '../support/chat_box.ts';
import { linkIn, mailTo, setSsoSwitches, type SsoSwitches } from '../support/sandbox.ts';
import { closePages, startPair, type Latchkey, type Pair } from '../support/servers.ts';

const UNAVAILABLE = 'This sign-in method isn’t available right now.';
const FAILED = 'We couldn’t verify the response';
const STATUS = /Failed to load resource: the server responded with a status of (400|422)/;

interface Fixtures {
  pair: Pair;
  /** A server that has no account of any persona. */
  latchkey: Latchkey;
  /** Its sandbox. */
  sandbox: string;
  /** Sets switches of its provider. */
  provider: (change: Partial<SsoSwitches>) => Promise<void>;
}

const test = base.extend<Fixtures>({
  pair: [
    async ({ context }, use) => {
      const pair = await startPair();
      await use(pair);
      await closePages(context);
      await pair.stop();
    },
    { auto: true },
  ],
  latchkey: async ({ pair }, use) => use(pair.latchkey),
  sandbox: async ({ pair }, use) => use(pair.sandbox),
  provider: async ({ sandbox }, use) => use((change) => setSsoSwitches(change, sandbox)),
});

/** Presses the Tab key until `target` has the focus. */
async function tabTo(target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const isFocused = () => target.evaluate((element) => element.matches(':focus'));
  for (let presses = 0; presses < 20 && !(await isFocused()); presses += 1) await target.page().keyboard.press('Tab');
  await expect(target).toBeFocused();
}

/** Submits the form for the address, and opens the link in the mail. */
async function finishAccount(page: Page, email: string, sandbox: string): Promise<void> {
  await page.getByRole('button', { name: 'Send link' }).click();
  await mailIsSent(page);
  await confirmAddress(page, linkIn((await mailTo(email, CONFIRM_SUBJECT, sandbox)).text));
}

/** Signs in as Vera by form post. The provider's page repeats the request, so the test sets the mode. */
async function signInAsVeraByForm(page: Page, { login }: Latchkey): Promise<void> {
  const answered = page.waitForRequest((request) => request.url().startsWith(`${login}/oauth/sso/callback`));
  await exampleSso(page).click();
  const vera = page.getByRole('button', { name: 'Vera Verified' });
  await vera.evaluate((button) => {
    button.insertAdjacentHTML('beforebegin', '<input type="hidden" name="response_mode" value="form_post">');
  });
  await vera.click();
  expect((await answered).method()).toBe('POST');
}

test.describe('in the page', () => {
  test.beforeEach(({ page, latchkey }) => page.goto(`${latchkey.login}/login`));

  test('Vera, whose address is verified, has an account at once', async ({ page, latchkey }) => {
    await signInWithSso(page, 'Vera Verified');
    await expect(page).toHaveURL(`${latchkey.login}/account`);
    await expect(page.getByLabel('Display name')).toHaveValue('Vera Verified');
    await expect(linkedAccounts(page)).toContainText('vera@people.example');
    await expect(page.getByText('You don’t have a password yet.')).toBeVisible();
  });

  test('Umut, whose address is not verified, confirms it first', async ({ page, latchkey, sandbox }) => {
    await signInWithSso(page, 'Umut Unverified');
    await expect(page).toHaveURL(`${latchkey.login}/finish-account`);
    await expect(page.getByText('Example SSO didn’t share a verified email address.')).toBeVisible();
    await expect(page.getByLabel('Email')).toHaveValue('umut@people.example');
    await expect(page.getByLabel('Display name')).toHaveValue('Umut Unverified');
    await finishAccount(page, 'umut@people.example', sandbox);
    await signInWithSso(page, 'Umut Unverified');
    await expect(page).toHaveURL(`${latchkey.login}/account`);
    await expect(page.getByLabel('Display name')).toHaveValue('Umut Unverified');
  });

  test('Nora, who has no address there, gives one', async ({ page, latchkey, sandbox, pageErrors }) => {
    pageErrors.allow(STATUS);
    const { email } = newAccount();
    await signInWithSso(page, 'Nora Nomail');
    const field = page.getByLabel('Email');
    await expect(field).toHaveValue('');
    await page.getByRole('button', { name: 'Send link' }).click();
    await expect(field).toBeFocused();
    await expect(field).toHaveAccessibleDescription('Fill in this field.');
    await field.fill(email);
    await finishAccount(page, email, sandbox);
    await signInWithSso(page, 'Nora Nomail');
    await expect(page).toHaveURL(`${latchkey.login}/account`);
    await expect(page.getByLabel('Display name')).toHaveValue('Nora Nomail');
  });

  test('Mallory, with the verified address of Dana, is told to sign in as Dana, and is linked by that', async ({ page, latchkey }) => {
    await signInWithSso(page, 'Mallory Mirror');
    await expect(page.getByRole('status')).toContainText('You already have an account with this email address.');
    await expect(page.getByLabel('Email')).toHaveValue(DANA.email);
    await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
    await page.goto(`${latchkey.login}/account`);
    await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();

    await fillLogin(page, DANA);
    await expect(page).toHaveURL(`${latchkey.login}/account`);
    await expect(linkedAccounts(page)).toContainText('Example SSO');
    await signOut(page);
    await signInWithSso(page, 'Mallory Mirror');
    await expect(page.getByLabel('Display name')).toHaveValue(DANA.displayName);
  });

  test('Mika, who claims the address of Dana without proof, gets neither her account nor her address', async ({ page, latchkey, sandbox }) => {
    await signInWithSso(page, 'Mika Masquerade');
    await expect(page).toHaveURL(`${latchkey.login}/finish-account`);
    await expect(page.getByLabel('Email')).toHaveValue(DANA.email);
    await page.getByRole('button', { name: 'Send link' }).click();
    await mailIsSent(page);
    await mailTo(DANA.email, 'You already have an account', sandbox);
    await page.goto(`${latchkey.login}/login`);
    await signInWithSso(page, 'Mika Masquerade');
    await expect(page).toHaveURL(`${latchkey.login}/finish-account`);

    await page.goto(`${latchkey.login}/login`);
    await fillLogin(page, DANA);
    await page.getByRole('button', { name: 'Not now' }).click();
    await expect(linkedAccounts(page)).toContainText('No accounts connected.');
  });

  test('a user who cancels is told so, and can choose anew', async ({ page, latchkey }) => {
    await signInWithSso(page, 'Cancel');
    await expect(page.getByRole('alert')).toContainText('The sign-in was canceled or denied');
    await signInWithSso(page, 'Vera Verified');
    await expect(page).toHaveURL(`${latchkey.login}/account`);
  });

  const failures: [string, Partial<SsoSwitches>, string][] = [
    ['its token endpoint fails', { token: 'server_error' }, UNAVAILABLE],
    ['it does not know the code', { token: 'invalid_grant' }, FAILED],
    ['its signature is wrong', { idToken: 'signature_broken' }, FAILED],
    ['the response is of another issuer', { authorization: 'iss_other' }, FAILED],
  ];
  for (const [name, change, text] of failures) {
    test(`${name}: the login says so, and the next try works`, async ({ page, latchkey, provider }) => {
      await provider(change);
      await signInWithSso(page, 'Vera Verified');
      await expect(page.getByRole('alert')).toContainText(text);
      await provider({ token: 'none', idToken: 'none', authorization: 'none' });
      await signInWithSso(page, 'Vera Verified');
      await expect(page).toHaveURL(`${latchkey.login}/account`);
    });
  }

  test('a provider that cannot be asked is told, and asked again later', async ({ page, latchkey, sandbox, provider }) => {
    await provider({ discovery: 'unavailable' });
    await exampleSso(page).click();
    await expect(page.getByRole('alert')).toContainText(UNAVAILABLE);
    await provider({ discovery: 'none' });
    // Latchkey does not ask a provider again for a moment after a failure.
    const tryAgain = async () => {
      await page.goto(`${latchkey.login}/oauth/sso/start`);
      return page.url();
    };
    await expect.poll(tryAgain).toContain(`${sandbox}/sso/authorize`);
  });

  test('a response with another state signs no one in', async ({ page, latchkey, provider, pageErrors }) => {
    pageErrors.allow(STATUS);
    await provider({ authorization: 'state_altered' });
    await signInWithSso(page, 'Vera Verified');
    await expect(page.getByRole('heading', { name: 'This sign-in expired' })).toBeVisible();
    await page.goto(`${latchkey.login}/account`);
    await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
  });

  test('a response that comes as a form is one, too', async ({ page, latchkey }) => {
    await signInAsVeraByForm(page, latchkey);
    await expect(page).toHaveURL(`${latchkey.login}/account`);
  });
});

test.describe('in the popup of a chat', () => {
  test('Vera ends in the chat', async ({ page, latchkey }) => {
    const chatBox = await ChatBox.open(page, latchkey.site);
    const popup = await chatBox.openPopup();
    await signInWithSso(popup, 'Vera Verified');
    await closed(popup);
    await chatBox.isSignedInAs('Vera Verified');
  });

  test('a response that comes as a form ends in the chat', async ({ page, latchkey }) => {
    const chatBox = await ChatBox.open(page, latchkey.site);
    const popup = await chatBox.openPopup();
    await signInAsVeraByForm(popup, latchkey);
    await closed(popup);
    await chatBox.isSignedInAs('Vera Verified');
  });

  test('Umut confirms his address elsewhere, goes on in the popup, and ends in the chat', async ({ page, context, latchkey, sandbox }) => {
    const chatBox = await ChatBox.open(page, latchkey.site);
    const popup = await chatBox.openPopup();
    await signInWithSso(popup, 'Umut Unverified');
    await expect(popup.getByText('to continue to Support')).toBeVisible();
    await popup.getByRole('button', { name: 'Send link' }).click();
    await expect(popup.getByText('Keep this window open')).toBeVisible();
    const mail = await mailTo('umut@people.example', CONFIRM_SUBJECT, sandbox);
    const mailbox = await context.newPage();
    await confirmAddress(mailbox, linkIn(mail.text));
    await mailbox.close();
    await popup.getByRole('link', { name: 'Back to sign in' }).click();
    await signInWithSso(popup, 'Umut Unverified');
    await closed(popup);
    await chatBox.isSignedInAs('Umut Unverified');
  });

  test('Mallory signs in to the account of Dana, and ends in the chat', async ({ page, latchkey }) => {
    const chatBox = await ChatBox.open(page, latchkey.site);
    const popup = await chatBox.openPopup();
    await signInWithSso(popup, 'Mallory Mirror');
    await expect(popup.getByRole('status')).toContainText('You already have an account with this email address.');
    await expect(popup.getByText('to continue to Support')).toBeVisible();
    await fillLogin(popup, DANA);
    await closed(popup);
    await chatBox.isSignedInAs(DANA.displayName);
  });

  test('Dana, whose address the provider has not verified, signs in, connects the two, and ends in the chat', async ({ page, latchkey }) => {
    const chatBox = await ChatBox.open(page, latchkey.site);
    const popup = await chatBox.openPopup();
    await signInWithSso(popup, 'Mika Masquerade');
    await popup.getByRole('link', { name: 'Already have an account? Sign in to connect it' }).click();
    await fillLogin(popup, DANA);
    await expect(popup.getByRole('heading', { name: 'Connect your Example SSO account?' })).toBeVisible();
    await popup.getByRole('button', { name: 'Connect', exact: true }).click();
    await closed(popup);
    await chatBox.isSignedInAs(DANA.displayName);
  });

  test('two popups go to the provider at once, and each comes back to its own chat', async ({ page, context, latchkey }) => {
    const first = await ChatBox.open(page, latchkey.site);
    const second = await ChatBox.open(await context.newPage(), latchkey.site);
    await page.bringToFront();
    const firstPopup = await first.openPopup();
    await exampleSso(firstPopup).click();
    await second.page.bringToFront();
    const secondPopup = await second.openPopup();
    await exampleSso(secondPopup).click();
    for (const popup of [firstPopup, secondPopup]) {
      await popup.getByRole('button', { name: 'Vera Verified' }).click();
      await closed(popup);
    }
    await first.isSignedInAs('Vera Verified');
    await second.isSignedInAs('Vera Verified');
  });

  test('a provider that is overloaded leads back to the popup, which still knows its chat', async ({ page, latchkey, provider }) => {
    await provider({ authorization: 'temporarily_unavailable' });
    const chatBox = await ChatBox.open(page, latchkey.site);
    const popup = await chatBox.openPopup();
    await exampleSso(popup).click();
    await expect(popup.getByRole('alert')).toContainText(UNAVAILABLE);
    await chatBox.is('signing-in');
    await provider({ authorization: 'none' });
    await signInWithSso(popup, 'Vera Verified');
    await closed(popup);
    await chatBox.isSignedInAs('Vera Verified');
  });

  for (const openerPolicy of ['same_origin', 'same_origin_allow_popups'] as const) {
    test(`a provider with the opener policy ${openerPolicy} keeps no one from the chat`, async ({ page, latchkey, provider }) => {
      await provider({ openerPolicy });
      const chatBox = await ChatBox.open(page, latchkey.site);
      const cutOff = await chatBox.openPopup();
      await signInWithSso(cutOff, 'Vera Verified');
      await chatBox.isSignedInAs('Vera Verified');
      await closed(cutOff);
    });
  }

  test('the keyboard alone is enough', async ({ page, latchkey }) => {
    const chatBox = await ChatBox.open(page, latchkey.site);
    const popup = await chatBox.openPopup();
    await tabTo(exampleSso(popup));
    await popup.keyboard.press('Enter');
    await tabTo(popup.getByRole('button', { name: 'Vera Verified' }));
    await popup.keyboard.press('Enter');
    await closed(popup);
    await chatBox.isSignedInAs('Vera Verified');
  });
});
