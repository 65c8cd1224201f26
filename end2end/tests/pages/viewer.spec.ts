// How `viewer.js` tells the widgets on the site's pages who the user is. A widget of the test records the
// calls.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { DANA, signIn, signOut } from '../support/accounts.ts';
import { LOGIN, SITE } from '../support/environment.ts';
import { fetchAs } from '../support/site_page.ts';
import { readableBy } from '../support/stand_in.ts';

declare const Viewer: {
  check(): Promise<void>;
  register(widget: { identify(viewer: { displayName: string }): void; forget(): unknown }): void;
};

/** Records the sign-ins and sign-outs that the widgets of a page are told from now on. */
async function recordViewers(page: Page): Promise<() => Promise<string[]>> {
  const told = await page.evaluateHandle(() => {
    const said: string[] = [];
    Viewer.register({
      identify: ({ displayName }) => said.push(displayName),
      forget: () => said.push('forgotten'),
    });
    return said;
  });
  return () => told.jsonValue();
}

/** Makes the page ask the login, as it does when it comes to the front. */
async function comeToTheFront(page: Page): Promise<void> {
  await page.evaluate(() => dispatchEvent(new Event('focus')));
}

test('a response to a request from before a sign-out does not sign the user in again', async ({ page, context }) => {
  await signIn(page, DANA);
  await page.goto(SITE);
  await expect.poll(() => page.evaluate(() => localStorage.getItem('latchkey:viewer'))).toBeTruthy();
  const told = await recordViewers(page);
  const other = await context.newPage();
  await other.goto(SITE);

  const { text: body } = await fetchAs(page, '/api/viewer');
  await page.route(`${LOGIN}/api/viewer`, async (route) => {
    await other.getByRole('button', { name: 'Sign out of this site' }).click();
    await expect.poll(told).toEqual(['forgotten']);
    await route.fulfill({ body, headers: readableBy(SITE), contentType: 'application/json' });
  }, { times: 1 });
  const answered = page.waitForResponse(`${LOGIN}/api/viewer`);
  await comeToTheFront(page);
  expect(await (await answered).json()).toMatchObject({ displayName: DANA.displayName });
  await page.evaluate(() => Viewer.check());
  expect(await told()).toEqual(['forgotten']);
});

test('a widget that hangs keeps no one on the page', async ({ page, context }) => {
  await page.clock.install();
  await signIn(page, DANA);
  await page.goto(SITE);
  const kept = () => page.evaluate(() => localStorage.getItem('latchkey:viewer'));
  await expect.poll(kept).toBeTruthy();
  const hangs = await page.evaluateHandle(() => {
    const calls: number[] = [];
    Viewer.register({ identify: () => {}, forget: () => (calls.push(1), new Promise(() => {})) });
    return calls;
  });
  const login = await context.newPage();
  await login.goto(`${LOGIN}/account`);
  await signOut(login);
  const begunAnew = page.waitForEvent('load');
  await comeToTheFront(page);
  await expect.poll(() => hangs.jsonValue()).toEqual([1]);
  await page.clock.fastForward('00:15');
  await begunAnew;
  expect(await kept()).toBeNull();
});

test('where the browser denies storage, widgets are told all the same', async ({ page, context }) => {
  await context.addInitScript((site) => {
    if (location.origin !== site) return;
    const get = () => { throw new DOMException('denied', 'SecurityError'); };
    for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get });
  }, SITE);
  await page.goto(SITE);
  const told = await recordViewers(page);
  const login = await context.newPage();
  await signIn(login, DANA);
  await comeToTheFront(page);
  await expect.poll(told).toEqual([DANA.displayName]);
  await signOut(login);
  await comeToTheFront(page);
  await expect.poll(told).toEqual([DANA.displayName, 'forgotten']);
});
