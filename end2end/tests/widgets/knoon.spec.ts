// Knoon's chat box on its own, with the popup that it opens if the page has no hook for signing in.
import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { DANA } from '../support/accounts.ts';
import { ChatBox, closed, type State } from '../support/chat_box.ts';
import { COOKIE_DOMAIN, LOGIN, PARTNER, SANDBOX, SITE } from '../support/environment.ts';
import { standIn } from '../support/stand_in.ts';

const EMBEDDED = `${SITE}/embedded`;
const LOGIN_PAGE = `${LOGIN}/login`;

/** A page of the site with the chat box, and a frame of the login. */
const PAGE = `<!doctype html>
<title>Embedded</title>
<link rel="icon" href="data:,">
<body>
<iframe src="${LOGIN_PAGE}?framed" title="Login"></iframe>
<script src="${SANDBOX}/knoon/chatbox.js" data-chat-box-id="cb_demo"></script>`;

const EMPTY_PAGE = '<!doctype html><title>Login</title><link rel="icon" href="data:,">';

/** Opens the chat box on a page of the site. Login pages are empty, and tests post messages from them. */
async function embed(page: Page, context: BrowserContext): Promise<ChatBox> {
  await standIn(context, EMBEDDED, PAGE);
  await standIn(context, LOGIN_PAGE, EMPTY_PAGE);
  await standIn(context, PARTNER, EMPTY_PAGE);
  await page.goto(EMBEDDED);
  return new ChatBox(page);
}

/** A credential for Dana, from the vendor's API. */
async function credential(): Promise<Record<string, unknown>> {
  const { KNOON_ORG_ID, KNOON_API_KEY } = process.env;
  const response = await fetch(`${SANDBOX}/knoon/v1/credentials/login`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${KNOON_ORG_ID}:${KNOON_API_KEY}`)}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: DANA.email, externalId: 'dana', displayName: DANA.displayName, chatBoxId: 'cb_demo' }),
  });
  const { data } = (await response.json()) as { data: Record<string, unknown> };
  return data;
}

/** Posts a message to the opener, as the login page does. */
async function post(popup: Page, data: unknown): Promise<void> {
  await popup.evaluate((message) => window.opener.postMessage(message, '*'), data);
}

/** Navigates by script, since a navigation by the address bar may lose the opener. */
async function goOn(popup: Page, url: string): Promise<void> {
  await popup.evaluate((target) => location.assign(target), url);
  await popup.waitForURL(url);
}

test('the popup is told which chat box it is for', async ({ page, context }) => {
  const chatBox = await embed(page, context);
  const popup = await chatBox.openPopup();
  await expect(popup).toHaveURL(`${LOGIN_PAGE}?chatBoxId=cb_demo`);
});

test('the chat box accepts messages only from the login in its own popup', async ({ page, context }) => {
  const chatBox = await embed(page, context);
  const popup = await chatBox.openPopup();
  const data = await credential();
  await page.evaluate((message) => window.postMessage(message, '*'), data);
  const frame = page.frame({ url: `${LOGIN_PAGE}?framed` })!;
  await frame.evaluate((message) => window.parent.postMessage(message, '*'), data);
  await goOn(popup, `${PARTNER}/`);
  await post(popup, data);
  await chatBox.is('signing-in');
  expect(await chatBox.cookies()).toEqual([]);
  // If the chat box had accepted an earlier message, it would have closed the popup.
  await goOn(popup, LOGIN_PAGE);
  await post(popup, data);
  await closed(popup);
  await chatBox.isSignedInAs(DANA.displayName);
});

for (const [given, kept] of [[COOKIE_DOMAIN, COOKIE_DOMAIN], [undefined, new URL(SITE).hostname]]) {
  test(`cookies for the domain ${given} are kept for ${kept}`, async ({ page, context }) => {
    const chatBox = await embed(page, context);
    const popup = await chatBox.openPopup();
    await post(popup, { ...(await credential()), domain: given });
    await chatBox.isSignedInAs(DANA.displayName);
    const cookies = await chatBox.cookies();
    expect(cookies.map(({ domain }) => domain)).toEqual([kept, kept]);
  });
}

for (const domain of ['.partner.localhost', '.www.partner.localhost', 'localhost.evil.test', '', 7]) {
  test(`a credential for the domain "${domain}" is refused`, async ({ page, context }) => {
    const chatBox = await embed(page, context);
    const popup = await chatBox.openPopup();
    await post(popup, { ...(await credential()), domain });
    await chatBox.is('refused');
    await expect(chatBox.text('The login page sent a credential for another domain.')).toBeVisible();
    expect(await chatBox.cookies()).toEqual([]);
  });
}

test('cookies that have run out sign no one in', async ({ page, context }) => {
  const { jwt } = await credential();
  await context.addCookies([
    { name: 'knoon_jwt_cb_demo', value: String(jwt), url: SITE },
    { name: 'knoon_expires_at_cb_demo', value: '1000000000', url: SITE },
  ]);
  const chatBox = await embed(page, context);
  await chatBox.is('expired');
  await expect(chatBox.button('Sign in again')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeDisabled();
});

for (const blockSignOut of [false, true]) {
  test(`with "Block Sign Out" ${blockSignOut ? 'on, only the site signs out' : 'off, the chat box signs out'}`, async ({ page, context, vendor }) => {
    await vendor({ blockSignOut });
    const chatBox = await embed(page, context);
    const popup = await chatBox.openPopup();
    await post(popup, await credential());
    await chatBox.isSignedInAs(DANA.displayName);
    await expect(chatBox.button('Sign out')).toHaveCount(blockSignOut ? 0 : 1);
  });
}

const hooks: [string, (data: Record<string, unknown>) => unknown, State, string][] = [
  ['a credential', ({ jwt, expiresAt }) => ({ jwt, expiresAt }), 'signed-in', `Signed in as ${DANA.displayName}`],
  ['unknown', () => null, 'signed-out', 'Signed out'],
  ['nothing', () => undefined, 'refused', 'The login page sent no usable credential.'],
  ['no token', ({ expiresAt }) => ({ expiresAt }), 'refused', 'The login page sent no usable credential.'],
];

for (const [name, respond, state, text] of hooks) {
  test(`a page's own hook that resolves to ${name} leaves the chat box ${state}`, async ({ page, context }) => {
    const chatBox = await embed(page, context);
    const given = respond(await credential());
    await page.evaluate((given) => Object.assign(window, { KnoonChat: { requestSignIn: async () => given } }), given);
    await chatBox.button('Sign in').click();
    await chatBox.is(state);
    await expect(chatBox.text(text).first()).toBeVisible();
  });
}
