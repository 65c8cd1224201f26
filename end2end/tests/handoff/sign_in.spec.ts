// The whole hand-off: from the click in the chat box to the name and the photo in it.
import type { Page, Request } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import {
  CONFIRM_SUBJECT, DANA, RIVA, confirmAddress, createAccount, fillLogin, fillRegistration, signIn, newAccount,
} from '../support/accounts.ts';
import { ChatBox, closed, credentialCookies } from '../support/chat_box.ts';
import { COOKIE_DOMAIN, LOGIN, PARTNER, SITE } from '../support/environment.ts';
import { linkIn, mailTo } from '../support/sandbox.ts';

interface Message {
  origin: string;
  fields: string[];
}

/** Records messages from other windows to a page, from now on. */
async function recordMessages(page: Page): Promise<() => Promise<Message[]>> {
  const messages = await page.evaluateHandle(() => {
    const received: Message[] = [];
    addEventListener('message', ({ origin, data }) => received.push({ origin, fields: Object.keys(data).sort() }));
    return received;
  });
  return () => messages.jsonValue();
}

test('a click and a password, and the chat knows who you are', async ({ page, context }) => {
  const requests: Request[] = [];
  context.on('request', (request) => requests.push(request));
  const addresses: string[] = [];
  context.on('page', (opened) => opened.on('framenavigated', (frame) => addresses.push(frame.url())));
  const chatBox = await ChatBox.open(page);
  const messages = await recordMessages(page);

  const start = performance.now();
  const popup = await chatBox.openPopup();
  await chatBox.is('signing-in');
  await expect(popup).toHaveURL(/\/login\?chatBoxId=cb_demo&receipt=1&challenge=[\w-]{43}$/);
  await expect(popup.getByText('to continue to Support')).toBeVisible();
  await fillLogin(popup, DANA);
  await chatBox.isSignedInAs('Dana Demo');
  console.log(`Password: signed in ${Math.round(performance.now() - start)} ms after the click in the chat`);
  await closed(popup);

  await expect(chatBox.photo).toBeVisible();
  await expect(page.getByText('Done: the chat knows who you are.')).toBeVisible();
  expect(await messages()).toEqual([{ origin: LOGIN, fields: ['chatBoxId', 'domain', 'expiresAt', 'expiresIn', 'jwt'] }]);
  const [expiresAt, jwt] = (await chatBox.cookies()).sort((a, b) => a.name.localeCompare(b.name));
  for (const cookie of [jwt!, expiresAt!]) {
    expect(cookie).toMatchObject({ domain: COOKIE_DOMAIN, path: '/', secure: false, sameSite: 'Lax' });
    expect(Math.abs(cookie.expires - Number(expiresAt!.value))).toBeLessThan(2);
  }
  const spoken = [...addresses, ...requests.map((request) => request.url()), page.url()];
  expect(addresses.some((url) => url.startsWith(`${LOGIN}/handoff`))).toBe(true);
  for (const secret of [jwt!.value, encodeURIComponent(DANA.password), DANA.email]) {
    expect(spoken.filter((url) => url.includes(secret))).toEqual([]);
  }
});

test('a name that looks like markup arrives as a name', async ({ page, browser }) => {
  const account = await createAccount(browser, newAccount(`</script><b>"O'Noor"</b> \${1} __proto__`));
  const chatBox = await ChatBox.open(page);
  await fillLogin(await chatBox.openPopup(), account);
  await chatBox.isSignedInAs(account.displayName);
});

test('a signed-in user is asked once, and one click hands the credential over', async ({ page }) => {
  await signIn(page, DANA);
  const chatBox = await ChatBox.open(page);
  const messages = await recordMessages(page);
  const popup = await chatBox.openPopup();
  const goOn = popup.getByRole('button', { name: 'Continue as Dana Demo' });
  await expect(goOn).toBeFocused();
  await chatBox.is('signing-in');
  expect(await messages()).toEqual([]);
  expect(await chatBox.cookies()).toEqual([]);

  const start = performance.now();
  await goOn.click();
  await chatBox.isSignedInAs('Dana Demo');
  console.log(`Continue as: signed in ${Math.round(performance.now() - start)} ms after that click`);
  await closed(popup);
});

test('another account takes over, and nothing of the first one is left', async ({ page }) => {
  await signIn(page, DANA);
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  await popup.getByRole('button', { name: 'Use another account' }).click();
  await expect(popup).toHaveURL(/\/login\?chatBoxId=cb_demo&receipt=1&challenge=/);
  await fillLogin(popup, RIVA);
  await chatBox.isSignedInAs('Riva L. Rival');

  await page.goto(`${LOGIN}/account`);
  await expect(page.getByLabel('Display name')).toHaveValue('Riva L. Rival');
  await expect(page.getByText('Dana Demo')).toHaveCount(0);
});

test('signing out of the site ends the session and every chat, in other tabs too', async ({ page, context, vendor }) => {
  await vendor({ blockSignOut: true });
  const chatBox = await ChatBox.open(page);
  const otherTab = await ChatBox.open(await context.newPage());
  await page.bringToFront();
  await fillLogin(await chatBox.openPopup(), DANA);
  await chatBox.isSignedInAs('Dana Demo');
  await otherTab.isSignedInAs('Dana Demo');
  await expect(chatBox.button('Sign out')).toHaveCount(0);

  await page.getByRole('button', { name: 'Sign out of this site' }).click();
  await expect(page).toHaveURL(`${SITE}/`);
  await chatBox.is('signed-out');
  await otherTab.is('signed-out');
  expect(await chatBox.cookies()).toEqual([]);
  await page.goto(`${LOGIN}/account`);
  await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
});

test('signing out at the login signs the chat out as well', async ({ page, context }) => {
  const chatBox = await ChatBox.open(page);
  await fillLogin(await chatBox.openPopup(), DANA);
  await chatBox.isSignedInAs('Dana Demo');
  const account = await context.newPage();
  await account.goto(`${LOGIN}/account`);
  await account.getByRole('button', { name: 'Sign out' }).click();
  await expect(account.getByText('You’re signed out.')).toBeVisible();
  expect(await chatBox.cookies()).toEqual([]);
  await chatBox.is('signed-out');
});

test('signing out of the chat alone keeps the session: the next sign-in takes one click', async ({ page }) => {
  const chatBox = await ChatBox.open(page);
  await fillLogin(await chatBox.openPopup(), DANA);
  await chatBox.isSignedInAs('Dana Demo');
  await chatBox.button('Sign out').click();
  await chatBox.is('signed-out');
  expect(await chatBox.cookies()).toEqual([]);
  const popup = await chatBox.openPopup();
  await expect(popup.getByRole('button', { name: 'Continue as Dana Demo' })).toBeVisible();
});

test('two popups at once: each page gets the credential of its own chat box', async ({ page, context }) => {
  await context.route(`${PARTNER}/`, (route) => route.fulfill({ contentType: 'text/html', body: '<title>Partner</title>' }));
  const partner = await context.newPage();
  await partner.goto(PARTNER);
  const received = partner.evaluate(
    (login) => new Promise<{ origin: string; chatBoxId: string }>((resolve) => {
      addEventListener('message', ({ origin, data }) => resolve({ origin, chatBoxId: data.chatBoxId }));
      open(`${login}/login?chatBoxId=cb_partner`, '', 'popup');
    }),
    LOGIN,
  );
  const partnerPopup = await partner.waitForEvent('popup');
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();

  await expect(partnerPopup.getByText('to continue to Partner support')).toBeVisible();
  await expect(popup.getByText('to continue to Support')).toBeVisible();
  await fillLogin(popup, DANA);
  await fillLogin(partnerPopup, DANA);
  await chatBox.isSignedInAs('Dana Demo');
  expect(await received).toEqual({ origin: LOGIN, chatBoxId: 'cb_partner' });
  expect(await credentialCookies(context, 'cb_demo')).toHaveLength(2);
  expect(await credentialCookies(context, 'cb_partner')).toEqual([]);
});

test('two tabs of the site sign in at once', async ({ page, context }) => {
  const tabs = [await ChatBox.open(page), await ChatBox.open(await context.newPage())];
  const popups = [];
  for (const tab of tabs) {
    await tab.page.bringToFront();
    popups.push(await tab.openPopup());
  }
  for (const popup of popups) {
    await fillLogin(popup, DANA);
    await closed(popup);
  }
  for (const tab of tabs) await tab.isSignedInAs('Dana Demo');
});

test('a double click opens one popup', async ({ page, context }) => {
  const chatBox = await ChatBox.open(page);
  const opened = page.waitForEvent('popup');
  await chatBox.button('Sign in').dblclick();
  const popup = await opened;
  await chatBox.is('signing-in');
  expect(context.pages()).toEqual([page, popup]);
  await fillLogin(popup, DANA);
  await chatBox.isSignedInAs('Dana Demo');
});

test('a page that asks twice gets the same popup and the same response', async ({ page, context }) => {
  const chatBox = await ChatBox.open(page);
  const opened = page.waitForEvent('popup');
  const isSame = await page.evaluate(() => {
    const { Latchkey } = window as unknown as { Latchkey: { signIn(options: object): Promise<unknown> } };
    return Latchkey.signIn({ chatBoxId: 'cb_demo' }) === Latchkey.signIn({ chatBoxId: 'cb_demo' });
  });
  const popup = await opened;
  expect(isSame).toBe(true);
  expect(context.pages()).toEqual([page, popup]);
  await fillLogin(popup, DANA);
  await chatBox.isSignedInAs('Dana Demo');
});

test('a newcomer registers in the popup, confirms the address, and ends in the chat', async ({ page, context }) => {
  const newcomer = newAccount();
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  await popup.getByRole('link', { name: 'Create an account' }).click();
  await fillRegistration(popup, newcomer);
  await expect(popup.getByText('Keep this window open')).toBeVisible();

  const mail = await mailTo(newcomer.email, CONFIRM_SUBJECT);
  const mailbox = await context.newPage();
  await confirmAddress(mailbox, linkIn(mail.text));
  await mailbox.close();
  await popup.getByRole('link', { name: 'Back to sign in' }).click();
  await fillLogin(popup, newcomer);
  await closed(popup);
  await chatBox.isSignedInAs(newcomer.displayName);
});

test('the keyboard alone is enough', async ({ page }) => {
  const chatBox = await ChatBox.open(page);
  const isFocused = () => chatBox.button('Sign in').evaluate((button) => button.matches(':focus'));
  for (let presses = 0; presses < 20 && !(await isFocused()); presses += 1) await page.keyboard.press('Tab');
  const opened = page.waitForEvent('popup');
  await page.keyboard.press('Enter');
  const popup = await opened;
  await expect(popup.getByLabel('Email')).toBeFocused();
  await popup.keyboard.type(DANA.email);
  await popup.keyboard.press('Tab');
  await popup.keyboard.type(DANA.password);
  await popup.keyboard.press('Enter');
  await closed(popup);

  await chatBox.isSignedInAs('Dana Demo');
  await page.keyboard.type('Hello!');
  await page.keyboard.press('Enter');
  await expect(chatBox.text('Hello!')).toBeVisible();
});
