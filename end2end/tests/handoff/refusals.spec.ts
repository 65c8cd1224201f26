// Unauthorized pages get no credential, and users in a broken flow are told how to continue.
import type { Page } from '@playwright/test';
import { expect, test as base } from '../fixtures.ts';
import { DANA, fillLogin, signIn } from '../support/accounts.ts';
import { ChatBox } from '../support/chat_box.ts';
import { LOGIN, SITE } from '../support/environment.ts';
import { servePage } from '../support/servers.ts';

/** A page that no chat box allows. It opens the login, records messages, and tries to read the popup. */
const HOSTILE_PAGE = `<!doctype html>
<title>Free kittens</title>
<script>
  const stolen = [];
  addEventListener('message', ({ data }) => stolen.push(data));
  let popup;
  function lure(url) {
    popup = open(url, '', 'popup');
  }
  function peek() {
    try {
      return popup.document.body.innerText;
    } catch (error) {
      return error.name;
    }
  }
</script>`;

declare const stolen: unknown[];
declare function lure(url: string): void;
declare function peek(): string;

const test = base.extend<{ hostile: string }>({
  hostile: async ({}, use) => {
    const { origin, stop } = await servePage(HOSTILE_PAGE);
    await use(origin);
    await stop();
  },
});

const NOT_DELIVERED = /Failed to execute 'postMessage' on 'DOMWindow'/;
const STATUS = /Failed to load resource: the server responded with a status of (400|403|404)/;

async function lureFrom(page: Page, url: string): Promise<Page> {
  const popup = page.waitForEvent('popup');
  await page.evaluate((target) => lure(target), url);
  return popup;
}

async function says(popup: Page, heading: string): Promise<void> {
  await expect(popup.getByRole('heading', { name: heading })).toBeVisible();
}

test('the chat of another site refuses to sign in, and says why', async ({ page, pageErrors }) => {
  pageErrors.allow(STATUS);
  await ChatBox.open(page);
  const foreign = new ChatBox(page, 'Partner support', 'cb_partner');
  await foreign.is('signed-out');
  const popup = await foreign.openPopup();
  await says(popup, 'This site isn’t allowed to use this chat');
  await expect(popup.getByRole('textbox')).toHaveCount(0);
  await popup.close();
  await foreign.button('Cancel').click();
  await foreign.is('signed-out');
  expect(await foreign.cookies()).toEqual([]);
});

test('a hostile page that opens the login is refused', async ({ page, hostile, pageErrors }) => {
  pageErrors.allow(STATUS);
  await signIn(page, DANA);
  await page.goto(hostile);
  const popup = await lureFrom(page, `${LOGIN}/login?chatBoxId=cb_demo&receipt=1`);
  await says(popup, 'This site isn’t allowed to use this chat');
  expect(await page.evaluate(() => peek())).toBe('SecurityError');
  expect(await page.evaluate(() => stolen)).toEqual([]);
});

test('a hostile page that hides where it is gets nothing, whatever its address asks for', async ({ page, hostile, pageErrors }) => {
  pageErrors.allow(NOT_DELIVERED);
  await page.goto(hostile);
  await page.evaluate(() => {
    document.head.insertAdjacentHTML('beforeend', '<meta name="referrer" content="no-referrer">');
  });
  const wishes = new URLSearchParams({ origin: hostile, targetOrigin: hostile, next: hostile });
  const popup = await lureFrom(page, `${LOGIN}/login?chatBoxId=cb_demo&receipt=1&${wishes}`);
  await fillLogin(popup, DANA);
  await says(popup, 'You’re signed in, but the chat didn’t confirm');
  expect(await page.evaluate(() => peek())).toBe('SecurityError');
  expect(await page.evaluate(() => stolen)).toEqual([]);
});

test('an opener without an origin gets nothing', async ({ page, hostile, pageErrors }) => {
  pageErrors.allow(NOT_DELIVERED, STATUS);
  await page.goto(hostile);
  const opened = page.waitForEvent('popup');
  await page.evaluate((url) => {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts allow-popups allow-popups-to-escape-sandbox');
    frame.srcdoc = `<script>
      onmessage = ({ data }) => parent.postMessage(data, '*');
      open(${JSON.stringify(url)}, '', 'popup');
    </script>`;
    document.body.append(frame);
  }, `${LOGIN}/login?chatBoxId=cb_demo&receipt=1`);
  const popup = await opened;
  await fillLogin(popup, DANA);
  await says(popup, 'You’re signed in, but the chat didn’t confirm');
  expect(await page.evaluate(() => stolen)).toEqual([]);
});

test('no page of the login can be framed', async ({ page, hostile, pageErrors }) => {
  pageErrors.allow(/frame-ancestors 'none'/);
  for (const path of ['/login?chatBoxId=cb_demo', '/register', '/account']) {
    await page.goto(hostile);
    const answered = page.waitForResponse((response) => response.url().startsWith(`${LOGIN}/`));
    await page.evaluate((src) => {
      const frame = document.createElement('iframe');
      frame.referrerPolicy = 'no-referrer';
      frame.src = src;
      document.body.append(frame);
    }, `${LOGIN}${path}`);
    await answered;
    await expect.poll(() => page.frames().at(-1)?.url()).toMatch(/^chrome-error:/);
  }
});

test('an opener that goes on to a hostile page gets nothing: the popup goes to the site instead', async ({ page, hostile }) => {
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  await page.goto(hostile);
  await fillLogin(popup, DANA);
  await expect(popup).toHaveURL(`${SITE}/`);
  await new ChatBox(popup).isSignedInAs('Dana Demo');
  expect(await page.evaluate(() => stolen)).toEqual([]);
});

test('a hostile page that opens the login with its own challenge gets nothing', async ({ page, hostile, pageErrors }) => {
  pageErrors.allow(NOT_DELIVERED, STATUS);
  await signIn(page, DANA);
  await page.goto(hostile);
  await page.evaluate(() => {
    document.head.insertAdjacentHTML('beforeend', '<meta name="referrer" content="no-referrer">');
  });
  // The challenge of RFC 7636, appendix B, whose verifier is public.
  const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
  const popup = await lureFrom(page, `${LOGIN}/login?chatBoxId=cb_demo&receipt=1&challenge=${challenge}`);
  await popup.getByRole('button', { name: 'Continue as Dana Demo' }).click();
  await expect(popup).toHaveURL(`${SITE}/`);
  await expect(popup.getByText('The sign-in didn’t finish.')).toBeVisible();
  expect(await new ChatBox(popup).cookies()).toEqual([]);
  expect(await page.evaluate(() => peek())).toBe('SecurityError');
  expect(await page.evaluate(() => stolen)).toEqual([]);
});

test('the login as a plain page says how to go on, and then one click is enough', async ({ page }) => {
  await page.goto(`${LOGIN}/login?chatBoxId=cb_demo`);
  await fillLogin(page, DANA);
  await says(page, 'You’re signed in, but we lost the connection to the chat');
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  await popup.getByRole('button', { name: 'Continue as Dana Demo' }).click();
  await chatBox.isSignedInAs('Dana Demo');
});

const unknown = ['cb_unknown', '', '"><script>alert(1)</script>', 'x'.repeat(10_000)];
for (const chatBoxId of unknown) {
  test(`the unknown chat box "${chatBoxId.slice(0, 30)}" gets a page that says so`, async ({ page, pageErrors }) => {
    pageErrors.allow(STATUS);
    const response = await page.goto(`${LOGIN}/login?${new URLSearchParams({ chatBoxId })}`);
    expect(response?.status()).toBe(404);
    await says(page, 'Chat not found');
  });
}

test('without a chat box it is the plain login, with two it is a bad request', async ({ page, pageErrors }) => {
  pageErrors.allow(STATUS);
  await page.goto(`${LOGIN}/login?receipt=1`);
  await says(page, 'Sign in');
  const response = await page.goto(`${LOGIN}/login?chatBoxId=cb_demo&chatBoxId=cb_partner`);
  expect(response?.status()).toBe(400);
  await says(page, 'Incomplete request');
});

test('the site accepts messages only from the popup that it has opened', async ({ page, context }) => {
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  const forged = { jwt: 'x.y.z', expiresAt: 4102444800, chatBoxId: 'cb_demo', domain: '.latchkey.localhost' };
  await page.evaluate((data) => postMessage(data, '*'), forged);
  const [other] = await Promise.all([
    context.waitForEvent('page'),
    page.evaluate((url) => void open(url, 'other'), `${LOGIN}/login`),
  ]);
  await other.waitForURL(`${LOGIN}/login`);
  await other.evaluate(([data, site]) => opener.postMessage(data, site), [forged, SITE] as const);
  await popup.waitForURL(`${LOGIN}/login?**`);
  await chatBox.is('signing-in');
  await popup.evaluate(([data, site]) => opener.postMessage(data, site), [{ hello: 'world' }, SITE] as const);
  await chatBox.is('refused');
  expect(await chatBox.cookies()).toEqual([]);
});
