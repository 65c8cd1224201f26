// Zendesk's two scripts on their own, on pages that call them as the vendor documents them, or wrongly.
import { randomBytes } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import jsonwebtoken from 'jsonwebtoken';
import { expect, test } from '../fixtures.ts';
import { SANDBOX, SITE } from '../support/environment.ts';
import { now } from '../support/jwt_libraries.ts';
import { standIn } from '../support/stand_in.ts';

interface SdkError {
  message: string;
  extra?: { reason: string };
}

interface Said {
  message: string;
  reason?: string;
}

type Callback = (token?: string) => void;

declare const zChat: {
  init(options: object): void;
  on(name: 'error', listener: (error: SdkError) => void): void;
  getConnectionStatus(): string;
  getVisitorInfo(): { display_name?: string };
  reconnect(): void;
  logout(): void;
  logoutForAll(): void;
  sendChatMsg(text: string): void;
};
declare const zE: (
  target: 'messenger',
  action: string,
  jwt?: (callback: Callback) => void,
  done?: (error: { type: string; reason: string; message: string } | null) => void,
) => void;
declare const errors: Said[];
/** The token that the page's `jwt_fn` returns. */
declare let token: string | undefined;

const ACCOUNT_KEY = process.env.ZENDESK_CHAT_ACCOUNT_KEY!;
const EMBEDDED = `${SITE}/embedded`;
const PAGE = `<!doctype html>
  <title>Embedded</title>
  <link rel="icon" href="data:,">
  <div id="chat"></div>
  <div id="messenger"></div>
  <script src="${SANDBOX}/zendesk/web-sdk.js" data-mount="#chat"></script>
  <script src="${SANDBOX}/zendesk/messaging.js" data-mount="#messenger"></script>
  <script>
    let token;
    const errors = [];
    zChat.on("error", ({ message, extra }) => errors.push({ message, reason: extra?.reason }));
  </script>`;

/** A user who is new to Zendesk. */
function newVisitor() {
  const id = `robin-${randomBytes(6).toString('hex')}`;
  return { external_id: id, name: 'Robin Reader', email: `${id}@example.com` };
}

function chatToken(visitor = newVisitor()): string {
  return jsonwebtoken.sign({ ...visitor, iat: now() }, process.env.ZENDESK_CHAT_SECRET!, { algorithm: 'HS256' });
}

function messagingToken(user = newVisitor()): string {
  const { ZENDESK_MESSAGING_SECRET, ZENDESK_MESSAGING_KEY_ID: keyid } = process.env;
  return jsonwebtoken.sign({ ...user, scope: 'user' }, ZENDESK_MESSAGING_SECRET!, { algorithm: 'HS256', keyid });
}

async function embed(page: Page): Promise<void> {
  await standIn(page.context(), EMBEDDED, PAGE);
  await page.goto(EMBEDDED);
}

/** Starts Chat; without a token, it is started without authentication. */
async function start(page: Page, jwt?: string): Promise<void> {
  const options = { account_key: ACCOUNT_KEY, suppress_console_error: true };
  await page.evaluate(
    ([given, plain]) => {
      token = given;
      const authentication = { jwt_fn: (callback: Callback) => callback(token) };
      zChat.init(given === undefined ? plain : { ...plain, authentication });
    },
    [jwt, options] as const,
  );
}

function widget(page: Page, id: 'chat' | 'messenger'): Locator {
  return page.locator(`#${id}`);
}

async function is(page: Page, id: 'chat' | 'messenger', state: string): Promise<void> {
  await expect(widget(page, id)).toHaveAttribute('data-state', state);
}

/** The last error of Chat's SDK. */
async function lastError(page: Page): Promise<Said | undefined> {
  return page.evaluate(() => errors.at(-1));
}

/** Logs in to Messaging and returns the result. */
function logIn(page: Page, jwt?: string) {
  return page.evaluate(
    (given) =>
      new Promise((resolve) => {
        zE('messenger', 'loginUser', (callback) => callback(given), (error) =>
          resolve(error && { type: error.type, reason: error.reason, message: error.message }));
      }),
    jwt,
  );
}

test('a second init is refused, and changes nothing', async ({ page }) => {
  await embed(page);
  await start(page);
  await is(page, 'chat', 'anonymous');
  await start(page, chatToken());
  const message = expect.stringContaining('has already been initialized');
  expect(await lastError(page)).toMatchObject({ message });
  await is(page, 'chat', 'anonymous');
});

test('a key that is not on the whitelist is refused', async ({ page, pageErrors }) => {
  pageErrors.allow(/The key "colour" is not whitelisted/);
  await embed(page);
  await page.evaluate((key) => zChat.init({ account_key: key, colour: 'red' }), ACCOUNT_KEY);
  expect(await lastError(page)).toMatchObject({ message: 'The key "colour" is not whitelisted' });
  expect(await page.evaluate(() => zChat.getConnectionStatus())).toBe('closed');
  await start(page);
  await is(page, 'chat', 'anonymous');
});

test('an anonymous visitor cannot be logged out', async ({ page }) => {
  await embed(page);
  await start(page);
  await is(page, 'chat', 'anonymous');
  await page.evaluate(() => zChat.logout());
  expect(await lastError(page)).toMatchObject({ message: 'This API is only applicable for authenticated visitors' });
  expect(await page.evaluate(() => zChat.getConnectionStatus())).toBe('connected');
});

test('a page that gives no token is told so', async ({ page }) => {
  await embed(page);
  await start(page, '');
  await is(page, 'chat', 'refused');
  expect(await lastError(page)).toMatchObject({ reason: 'invalid jwt in callback' });
});

test('after a token that is not good the chat goes on without a name', async ({ page, pageErrors }) => {
  pageErrors.allow(/status of 401/);
  await embed(page);
  await start(page, 'a.b.c');
  await is(page, 'chat', 'anonymous');
  expect(await lastError(page)).toMatchObject({ reason: 'jwt verification error' });
  expect(await page.evaluate(() => zChat.getVisitorInfo().display_name)).toMatch(/^Visitor \d+$/);
});

test('an identity that runs out closes the connection until the page connects again', async ({ page, switches }) => {
  await switches('zendesk', { idTokenLifetimeSeconds: 120 });
  const visitor = newVisitor();
  await page.clock.install();
  await embed(page);
  await start(page, chatToken(visitor));
  await is(page, 'chat', 'authenticated');
  await page.evaluate(() => zChat.reconnect());
  expect(await lastError(page)).toMatchObject({ message: 'Call has been ignored due to invalid connection status' });
  await page.evaluate(() => (token = undefined));
  await page.clock.fastForward('02:10');
  await is(page, 'chat', 'expired');
  expect(await page.evaluate(() => zChat.getConnectionStatus())).toBe('closed');
  await page.evaluate((fresh) => {
    token = fresh;
    zChat.reconnect();
  }, chatToken(visitor));
  await is(page, 'chat', 'authenticated');
});

for (const [name, state] of [['logout', 'authenticated'], ['logoutForAll', 'anonymous']] as const) {
  test(`after ${name} the visitor is ${state} in another tab`, async ({ page, context, pageErrors }) => {
    pageErrors.allow(/status of 401/);
    const visitor = newVisitor();
    const other = await context.newPage();
    for (const one of [page, other]) {
      await embed(one);
      await start(one, chatToken(visitor));
      await is(one, 'chat', 'authenticated');
    }
    const told = page.waitForResponse((response) => response.request().method() === 'DELETE');
    await page.evaluate((method) => zChat[method](), name);
    await told;
    await is(page, 'chat', 'anonymous');
    const checked = other.waitForResponse('**/zendesk/chat/session');
    await other.evaluate(() => zChat.sendChatMsg('Am I still here?'));
    expect((await checked).status()).toBe(state === 'authenticated' ? 200 : 401);
    await is(other, 'chat', state);
  });
}

test('Messaging tells the page why a login has failed', async ({ page, pageErrors }) => {
  pageErrors.allow(/status of 401/);
  await embed(page);
  expect(await logIn(page, messagingToken())).toBeNull();
  await is(page, 'messenger', 'authenticated');
  const failed = { type: 'LoginFailedError', reason: 'invalid_auth', message: 'Invalid JWT' };
  expect(await logIn(page, 'a.b.c')).toEqual(failed);
  await is(page, 'messenger', 'refused');
  expect(await logIn(page)).toMatchObject({ type: 'LoginFailedError', reason: 'invalid_jwt' });
});

test("Messaging keeps a user's conversation through another login, and shows it to no one else", async ({ page }) => {
  const user = newVisitor();
  await embed(page);
  await logIn(page, messagingToken(user));
  const message = widget(page, 'messenger').getByText('Where is my parcel?');
  await widget(page, 'messenger').getByRole('textbox', { name: 'Message' }).fill('Where is my parcel?');
  await page.keyboard.press('Enter');
  await expect(message).toBeVisible();
  await logIn(page, messagingToken(user));
  await expect(message).toBeVisible();
  await logIn(page, messagingToken());
  await expect(message).toHaveCount(0);
});
