// The demo in Safari's engine, over http as it comes.
import { DANA, RIVA, type Account } from '../../support/accounts.ts';
import { LOGIN, SITE } from '../../support/environment.ts';
import { moveSwitches } from '../../support/sandbox.ts';
import { expect, fillLogin, signIn, test, type WebKit, type WebKitWindow } from '../../support/webkit.ts';

const CHAT = '[data-state]';
const STATUS = '[role=status]';
/** The button that an island shows once it works. */
const SHOW = '.password-toggle';

/** Opens the demo's first page, and waits until its chat box is there. */
async function openSite(webkit: WebKit): Promise<WebKitWindow> {
  const page = await webkit.window();
  await page.goto(SITE);
  await page.shows(`${CHAT}[data-state=signed-out]`);
  return page;
}

/** Opens the login by the chat box's button. */
async function openPopup(page: WebKitWindow): Promise<WebKitWindow> {
  const popup = await page.browser.opened(() => page.click('section[aria-label^=Chat] button', 'Sign in'));
  await popup.isAt(new RegExp(`^${LOGIN}/login\\?chatBoxId=cb_demo`));
  return popup;
}

async function isSignedInAs(page: WebKitWindow, { displayName }: Account): Promise<void> {
  await page.shows(STATUS, `Signed in as ${displayName}`);
  await page.shows(`${CHAT}[data-state=signed-in]`);
}

async function isSignedOut(page: WebKitWindow): Promise<void> {
  await page.shows(`${CHAT}[data-state=signed-out]`);
  expect((await page.cookies()).filter(({ name }) => name.includes('_jwt_'))).toEqual([]);
}

test('signs in on the page, stays signed in, and signs out', async ({ webkit }) => {
  const page = await webkit.window();
  await page.goto(`${LOGIN}/login`);
  await page.click(SHOW);
  await fillLogin(page, DANA);
  await page.isAt(`${LOGIN}/account`);
  await page.reload();
  await page.isAt(`${LOGIN}/account`);
  const [session] = (await page.cookies()).filter(({ httpOnly }) => httpOnly);
  expect(session).toMatchObject({ name: 'latchkey', secure: false, sameSite: 'Lax' });

  await page.click('button', 'Sign out');
  await page.shows(STATUS, 'You’re signed out.');
  await page.goto(`${LOGIN}/account`);
  await page.shows('h1', 'Sign in');
});

test('saves a profile without a page load, since its islands work', async ({ webkit }) => {
  const page = await webkit.window();
  await signIn(page, DANA);
  await page.shows(SHOW);
  await page.click('button', 'Save profile');
  await page.shows('[aria-live] *', 'Profile saved.');
  await page.isAt(`${LOGIN}/account`);
});

test('signs in in the popup into the chat box, and a reload changes nothing', async ({ webkit }) => {
  const page = await openSite(webkit);
  const popup = await openPopup(page);
  await fillLogin(popup, DANA);
  await popup.closed();
  await isSignedInAs(page, DANA);
  await page.reload();
  await isSignedInAs(page, DANA);
});

test('asks a signed-in user once, and another account takes over', async ({ webkit }) => {
  const page = await webkit.window();
  await signIn(page, DANA);
  await openSite(webkit);
  const popup = await openPopup(page);
  await popup.shows('button', 'Continue as Dana Demo');
  await popup.click('button', 'Use another account');
  await fillLogin(popup, RIVA);
  await popup.closed();
  await isSignedInAs(page, RIVA);
});

test('signs in through a provider in the popup', async ({ webkit }) => {
  const page = await openSite(webkit);
  const popup = await openPopup(page);
  await popup.click('a', 'Continue with Example SSO');
  await popup.click('button[value="vera-verified"]');
  await popup.closed();
  await page.shows(STATUS, 'Signed in as Vera Verified');
});

test('returns to the page with a code where there is no popup', async ({ webkit }) => {
  const page = await openSite(webkit);
  await page.evaluate(`void Latchkey.signIn({ chatBoxId: 'cb_demo', mode: 'page' })`);
  await page.isAt(new RegExp(`^${LOGIN}/login\\?chatBoxId=cb_demo`));
  await fillLogin(page, DANA);
  await page.isAt(`${SITE}/`);
  await isSignedInAs(page, DANA);
});

test('signs out of the site and of the chat, in every tab', async ({ webkit }) => {
  const page = await openSite(webkit);
  const other = await webkit.open(SITE);
  const popup = await openPopup(page);
  await fillLogin(popup, DANA);
  await popup.closed();
  await isSignedInAs(page, DANA);
  await isSignedInAs(other, DANA);
  await page.click('button', 'Sign out of this site');
  await page.isAt(`${SITE}/`);
  await isSignedOut(page);
  await isSignedOut(other);
  await page.goto(`${LOGIN}/account`);
  await page.shows('h1', 'Sign in');
});

test('signs the chat out when the user signs out at the login', async ({ webkit }) => {
  const page = await openSite(webkit);
  const popup = await openPopup(page);
  await fillLogin(popup, DANA);
  await popup.closed();
  await isSignedInAs(page, DANA);
  const account = await webkit.open(`${LOGIN}/account`);
  await account.click('button', 'Sign out');
  await account.shows(STATUS, 'You’re signed out.');
  await isSignedOut(page);
});

test('renews a credential while the session lives', async ({ webkit }) => {
  const moveBack = await moveSwitches('knoon', { lifetimeSeconds: 5 });
  try {
    const page = await openSite(webkit);
    const popup = await openPopup(page);
    await fillLogin(popup, DANA);
    await popup.closed();
    await isSignedInAs(page, DANA);
    const jwt = async () => (await page.cookies()).find(({ name }) => name.includes('_jwt_'))?.value;
    const first = await jwt();
    await expect.poll(async () => [undefined, first].includes(await jwt())).toBe(false);
    await isSignedInAs(page, DANA);
  } finally {
    await moveBack();
  }
});

test('every vendor of the demo knows the user', async ({ webkit }) => {
  const page = await webkit.window();
  await signIn(page, DANA);
  await page.goto(SITE);
  const links = `[...document.querySelector('nav').querySelectorAll('a[href^="/"]')].map(({ href }) => href)`;
  for (const url of await page.evaluate<string[]>(links)) {
    await test.step(url, async () => {
      await page.goto(url);
      await page.shows('[data-viewer-name]', DANA.displayName);
      // The vendor with the popup knows the user only after the popup.
      if (!url.endsWith('/knoon')) await page.shows('[data-verdict=good]');
    });
  }
});

test('closing the popup cancels the sign-in', async ({ webkit }) => {
  const page = await openSite(webkit);
  const popup = await openPopup(page);
  await page.shows(`${CHAT}[data-state=signing-in]`);
  await popup.close();
  await isSignedOut(page);
});
