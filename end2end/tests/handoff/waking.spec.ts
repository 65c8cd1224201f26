// Pages that were closed or asleep while their credential expired ask for a new one, once.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { DANA, fillLogin } from '../support/accounts.ts';
import { ChatBox, closed } from '../support/chat_box.ts';
import { LOGIN, SITE } from '../support/environment.ts';
import { recordEvents, signOutFrom } from '../support/opener.ts';

const LIFETIME = 8;
const RENEW = `${LOGIN}/api/handoff/renew`;

/** Signs in, and lets every further credential live for an hour. */
async function signIn(page: Page, vendor: (change: { lifetimeSeconds: number }) => Promise<void>): Promise<ChatBox> {
  await vendor({ lifetimeSeconds: LIFETIME });
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  await fillLogin(popup, DANA);
  await closed(popup);
  await chatBox.isSignedInAs('Dana Demo');
  await vendor({ lifetimeSeconds: 3600 });
  return chatBox;
}

/** Counts the renewals that any page asks for, from now on. */
function renewals(page: Page): string[] {
  const asked: string[] = [];
  page.context().on('request', (request) => {
    if (request.url() === RENEW && request.method() === 'POST') asked.push(request.url());
  });
  return asked;
}

/** Waits until the credential has expired, without a page that could renew it. */
async function expire(page: Page): Promise<void> {
  await page.goto('about:blank');
  await page.waitForTimeout((LIFETIME + 1) * 1000);
}

test('a page that is opened after the end asks once, and is signed in', async ({ page, vendor }) => {
  const chatBox = await signIn(page, vendor);
  await expire(page);
  expect(await chatBox.cookies()).toEqual([]);
  const asked = renewals(page);
  await page.goto(SITE);
  await chatBox.isSignedInAs('Dana Demo');
  await page.reload();
  await chatBox.isSignedInAs('Dana Demo');
  expect(asked).toHaveLength(1);
});

test('a page that slept over the end asks once, and never says that it has expired', async ({ page, vendor }) => {
  const chatBox = await signIn(page, vendor);
  const told = await recordEvents(page);
  const asked = renewals(page);
  await page.evaluate((milliseconds) => {
    const until = performance.now() + milliseconds;
    while (performance.now() < until);
  }, (LIFETIME + 1) * 1000);
  await expect.poll(told).toEqual(['renewed']);
  await chatBox.isSignedInAs('Dana Demo');
  expect(asked).toHaveLength(1);
});

test('after a sign-out no page asks', async ({ page, vendor }) => {
  const chatBox = await signIn(page, vendor);
  await signOutFrom(page);
  await chatBox.is('signed-out');
  const asked = renewals(page);
  await page.goto('about:blank');
  await page.goto(SITE);
  await chatBox.is('signed-out');
  expect(asked).toEqual([]);
});

test("after the vendor's own sign-out no page asks, either", async ({ page, vendor }) => {
  const chatBox = await signIn(page, vendor);
  const told = await recordEvents(page);
  await chatBox.button('Sign out').click();
  await chatBox.is('signed-out');
  await expect.poll(told).toEqual(['signedout']);
  const asked = renewals(page);
  await page.waitForTimeout(LIFETIME * 1000);
  await page.reload();
  await chatBox.is('signed-out');
  expect(asked).toEqual([]);
});

test('without a session a page asks once and for all', async ({ page, context, vendor, pageErrors }) => {
  pageErrors.allow(/status of 401/);
  const chatBox = await signIn(page, vendor);
  await context.clearCookies({ name: 'latchkey' });
  await expire(page);
  const asked = renewals(page);
  for (const _ of [1, 2]) {
    await page.goto(SITE);
    await chatBox.is('signed-out');
    await page.waitForTimeout(500);
  }
  expect(asked).toHaveLength(1);
});

test('a listener that comes late is told what is', async ({ page, vendor }) => {
  await signIn(page, vendor);
  const listen = () =>
    page.evaluate(() => new Promise<unknown[]>((resolve) => {
      const { Latchkey } = window as unknown as { Latchkey: { on(name: string, listener: (detail: object) => void): void } };
      const said: object[] = [];
      for (const name of ['signedin', 'signedout', 'expired']) Latchkey.on(name, (detail) => said.push({ name, ...detail }));
      setTimeout(() => resolve(said.map((one) => ({ ...one, jwt: undefined, expiresAt: undefined }))), 100);
    }));
  expect(await listen()).toEqual([{ name: 'signedin', chatBoxId: 'cb_demo', already: true }]);
  await signOutFrom(page);
  expect(await listen()).toEqual([]);
});
