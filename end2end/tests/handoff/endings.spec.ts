// A sign-in always ends in one of three ways: signed in, cancelled, or failed with a reason.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { DANA, fillLogin, signIn } from '../support/accounts.ts';
import { ChatBox, closeBy, closed } from '../support/chat_box.ts';
import { Deployment } from '../support/deployment.ts';
import { LOGIN, SITE } from '../support/environment.ts';
import { abortAfterSignInElsewhere, abortAtOnce, cutOff, shortenTimeouts, recordEvents, signInFrom } from '../support/opener.ts';
import { closePages, servePage } from '../support/servers.ts';
import { readableBy } from '../support/stand_in.ts';

const REDEEM = `${LOGIN}/api/handoff/redeem`;

test('closing the popup cancels the sign-in, and the next one works', async ({ page }) => {
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  await popup.waitForURL(`${LOGIN}/login?**`);
  await popup.close({ runBeforeUnload: true });
  await chatBox.is('signed-out');
  await expect(page.getByText('The sign-in didn’t finish.')).toBeVisible();
  await fillLogin(await chatBox.openPopup(), DANA);
  await chatBox.isSignedInAs('Dana Demo');
});

test('a link that was opened in another tab does not keep the page from hearing that the popup is closed', async ({ page, context }) => {
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  const elsewhere = context.waitForEvent('page');
  await popup.getByRole('link', { name: 'Create an account' }).click({ modifiers: ['ControlOrMeta'] });
  await (await elsewhere).close();
  await popup.close({ runBeforeUnload: true });
  await chatBox.is('signed-out');
});

test('"Cancel" closes the popup and tells the page, on every page of the login', async ({ page }) => {
  const chatBox = await ChatBox.open(page);
  const pages = [[], ['Create an account'], ['Forgot your password?']];
  for (const links of pages) {
    const popup = await chatBox.openPopup();
    for (const name of links) await popup.getByRole('link', { name }).click();
    await closeBy(popup.getByRole('link', { name: 'Cancel' }));
    await chatBox.is('signed-out');
  }
});

test('going back, forward and reloading in the popup cancel nothing', async ({ page }) => {
  const chatBox = await ChatBox.open(page);
  const told = await recordEvents(page);
  const popup = await chatBox.openPopup();
  await popup.waitForURL(`${LOGIN}/login?**`);
  await popup.reload();
  await popup.getByRole('link', { name: 'Create an account' }).click();
  await popup.waitForURL(`${LOGIN}/register?**`);
  await popup.goBack();
  await popup.goForward();
  await popup.reload();
  await popup.goBack();
  await popup.waitForURL(`${LOGIN}/login?**`);
  // Longer than the page waits to see whether the window closes.
  await page.waitForTimeout(1500);
  await chatBox.is('signing-in');
  await fillLogin(popup, DANA);
  await chatBox.isSignedInAs('Dana Demo');
  await closed(popup);
  expect(await told()).toEqual(['signedin']);
});

test('a window that is still there when the login is opened anew does not cancel it', async ({ page }) => {
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  await popup.waitForURL(`${LOGIN}/login?**`);
  const before = popup.url();
  await page.reload();
  await chatBox.is('signed-out');
  const told = await recordEvents(page);
  await chatBox.button('Sign in').click();
  await popup.waitForURL((url) => url.href.startsWith(`${LOGIN}/login?`) && url.href !== before);
  await fillLogin(popup, DANA);
  await chatBox.isSignedInAs('Dana Demo');
  await closed(popup);
  expect(await told()).toEqual(['signedin']);
});

test('a sign-in without a challenge hears that it is cancelled, too', async ({ page, context }) => {
  await context.addInitScript(() => Object.defineProperty(crypto, 'subtle', { value: undefined }));
  const chatBox = await ChatBox.open(page);
  const told = await recordEvents(page);
  await closeBy((await chatBox.openPopup()).getByRole('link', { name: 'Cancel' }));
  await chatBox.is('signed-out');
  expect(await told()).toEqual(['error: cancelled']);
});

test('the page gives up, and its popup closes', async ({ page }) => {
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  await popup.waitForURL(`${LOGIN}/login?**`);
  const told = await recordEvents(page);
  await chatBox.button('Cancel').click();
  await closed(popup);
  expect(await told()).toEqual(['error: cancelled']);
  await chatBox.is('signed-out');
});

/** What browsers and their extensions return for a popup that they block. */
const BLOCKED: Record<string, () => unknown> = {
  nothing: () => null,
  'a closed window': () => ({ closed: true, focus() {}, close() {}, postMessage() {} }),
  'an object that is no window': () => ({ closed: false, focus() {}, close() {}, postMessage() {} }),
  'the window of a frame': () => document.body.appendChild(document.createElement('iframe')).contentWindow,
  'an exception': () => {
    throw new Error('blocked');
  },
};

for (const [what, blocked] of Object.entries(BLOCKED)) {
  test(`where a blocked popup is ${what}, the login takes the page and comes back to it`, async ({ page }) => {
    await page.goto(`${SITE}/?colour=green#chat`);
    const chatBox = new ChatBox(page);
    await chatBox.is('signed-out');
    const told = await recordEvents(page);
    await page.evaluate(`window.open = ${blocked}`);
    expect(await signInFrom(page, 'popup')).toBe('blocked');
    expect(await told()).toEqual(['error: blocked']);
    await chatBox.button('Sign in').click();
    await fillLogin(page, DANA);
    await expect(page).toHaveURL(`${SITE}/?colour=green#chat`);
    await chatBox.isSignedInAs('Dana Demo');
  });
}

test('a return page that redirects to another site leaves no one behind', async ({ page, context, pageErrors }) => {
  pageErrors.allow(/Failed to load resource/);
  const elsewhere = await servePage('<title>Landed</title>');
  await ChatBox.open(page);
  await context.route(`${SITE}/`, (route) => route.fulfill({ status: 302, headers: { Location: `${elsewhere.origin}/landed` } }));
  await Promise.all([page.waitForURL(`${LOGIN}/login?**`), signInFrom(page, 'page').catch(() => {})]);
  await fillLogin(page, DANA);
  await page.waitForURL(`${elsewhere.origin}/landed*`);
  await closePages(context);
  await elsewhere.stop();
});

test('a router that takes the fragment before the script does not swallow the code, and its route comes back', async ({ page, context }) => {
  await context.addInitScript((site) => {
    const { hash, origin } = location;
    if (origin === site && hash && !hash.startsWith('#/')) history.replaceState(null, '', `#/${hash.slice(1)}`);
  }, SITE);
  await page.goto(`${SITE}/#/help`);
  const chatBox = new ChatBox(page);
  await chatBox.is('signed-out');
  await Promise.all([page.waitForURL(`${LOGIN}/login?**`), signInFrom(page, 'page').catch(() => {})]);
  await fillLogin(page, DANA);
  await expect(page).toHaveURL(`${SITE}/#/help`);
  await chatBox.isSignedInAs('Dana Demo');
});

test('a browser that keeps no cookies is told so, in the page and in the popup', async ({ page, context }) => {
  const deployment = await Deployment.start();
  deployment.losesCookies = true;
  await page.goto(`${deployment.openers['same site'].origin}/shop`);
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Sign in' }).click();
  const popup = await opened;
  await fillLogin(popup, DANA);
  await expect(popup.getByRole('alert')).toContainText('Your browser doesn’t keep cookies');
  await expect(popup.getByText('to continue to Support')).toBeVisible();
  await page.goto(`${deployment.login}/login`);
  await fillLogin(page, DANA);
  await expect(page.getByRole('alert')).toContainText('Your browser doesn’t keep cookies');
  await closePages(context);
  await deployment.stop();
});

test('a page that wants the whole page gets it, and "Cancel" leads back', async ({ page, context }) => {
  await signIn(page, DANA);
  await page.goto(`${SITE}/?colour=green`);
  const chatBox = new ChatBox(page);
  for (const [role, name, state] of [['link', 'Cancel', 'signed-out'], ['button', 'Continue as Dana Demo', 'signed-in']] as const) {
    await chatBox.is('signed-out');
    await Promise.all([page.waitForURL(`${LOGIN}/login?**`), signInFrom(page, 'page').catch(() => {})]);
    await page.getByRole(role, { name }).click();
    await expect(page).toHaveURL(`${SITE}/?colour=green`);
    await chatBox.is(state);
  }
  expect(context.pages()).toEqual([page]);
});

test('a code that was not begun here is refused, and leaves the address bar at once', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${SITE}/#latchkey_code=${'x'.repeat(43)}&chatBoxId=cb_demo&challenge=${'y'.repeat(43)}`);
  await expect(page).toHaveURL(`${SITE}/`);
  await expect(page.getByText('The sign-in didn’t finish.')).toBeVisible();
  await expect(page.getByText('It was started in another browser: finish it there.')).toBeVisible();
  expect(asked.filter((url) => url.startsWith(`${LOGIN}/api/handoff/`))).toEqual([]);
  expect(await new ChatBox(page).cookies()).toEqual([]);
});

test('an opener that confirms too late leaves no window behind, and no error', async ({ page, context }) => {
  // The window ignores the receipt, so it goes to the return page, whose verifier the opener has already
  // used.
  await context.addInitScript((login) => {
    if (location.origin === login) addEventListener('message', (event) => event.stopImmediatePropagation());
  }, LOGIN);
  const chatBox = await ChatBox.open(page);
  const told = await recordEvents(page);
  const popup = await chatBox.openPopup();
  const returned = context.waitForEvent('request', (request) => request.url() === `${LOGIN}/handoff/code`);
  await fillLogin(popup, DANA);
  await chatBox.isSignedInAs('Dana Demo');
  await returned;
  await closed(popup);
  expect(await told()).toEqual(['signedin']);
});

test('a sign-in ends with its own code, even if the credential is the one that was there', async ({ page, context }) => {
  await cutOff(context);
  const chatBox = await ChatBox.open(page);
  const first = await chatBox.openPopup();
  await fillLogin(first, DANA);
  await chatBox.isSignedInAs('Dana Demo');
  await closed(first);
  const there = new Map((await chatBox.cookies()).map(({ name, value }) => [name, decodeURIComponent(value)]));
  const data = { jwt: there.get('knoon_jwt_cb_demo'), expiresAt: there.get('knoon_expires_at_cb_demo') };
  const json = { status: 'ok', data };

  await context.route(REDEEM, (route) => route.fulfill({ json, headers: readableBy(SITE) }));
  const popup = page.waitForEvent('popup');
  const ended = signInFrom(page);
  await (await popup).getByRole('button', { name: 'Continue as Dana Demo' }).click();
  expect(await ended).toBe('signed in');
  await closed(await popup);
});

test('a return page stays until its own code is redeemed, whatever else the tabs tell each other', async ({ page, context }) => {
  await cutOff(context);
  let redeem = () => {};
  const held = new Promise<void>((resolve) => (redeem = resolve));
  await context.route(REDEEM, (route) => held.then(() => route.continue()));
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  const asked = context.waitForEvent('request', (request) => request.url() === REDEEM);
  await fillLogin(popup, DANA);
  await asked;
  // The page has listened for longer, so once this handle has got the message, the page has, too.
  const heard = await popup.evaluateHandle(() => {
    const channel = new BroadcastChannel('latchkey');
    return { message: new Promise((resolve) => (channel.onmessage = resolve)) };
  });
  await page.evaluate(() => new BroadcastChannel('latchkey').postMessage({ kind: 'heard' }));
  await heard.evaluate(({ message }) => message.then(() => {}));
  redeem();
  await chatBox.isSignedInAs('Dana Demo');
  await closed(popup);
});

test('a login that does not answer for a code is a sign-in that failed', async ({ page, context }) => {
  await shortenTimeouts(context);
  await context.route(REDEEM, () => {});
  await cutOff(context);
  const chatBox = await ChatBox.open(page);
  const told = await recordEvents(page);
  await fillLogin(await chatBox.openPopup(), DANA);
  await expect.poll(told).toEqual(['error: invalid']);
});

test('a sign-in that was given up before it began opens nothing', async ({ page, context }) => {
  await ChatBox.open(page);
  const opened: Page[] = [];
  context.on('page', (other) => opened.push(other));
  for (const mode of ['popup', 'page', undefined] as const) expect(await abortAtOnce(page, mode)).toBe('cancelled');
  expect(opened).toEqual([]);
  await expect(page).toHaveURL(`${SITE}/`);
});

test('a sign-in that was given up at once does not take the page away', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await ChatBox.open(page);
  expect(await abortAtOnce(page, 'page', false)).toBe('cancelled');
  await page.reload();
  expect(asked.filter((url) => url.startsWith(`${LOGIN}/login`))).toEqual([]);
});

test('a sign-in that a widget gives up because another tab has signed in has succeeded', async ({ page, pageErrors }) => {
  // The vendor's response to the credential, which it has not made.
  pageErrors.allow(/status of 401/);
  await ChatBox.open(page);
  const opened = page.waitForEvent('popup');
  expect(await abortAfterSignInElsewhere(page, 'of-another-tab')).toBe('of-another-tab');
  expect((await opened).isClosed()).toBe(false);
});
