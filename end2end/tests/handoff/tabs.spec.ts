// All tabs of the site follow what one tab does, and one of them renews the credential before it expires.
import { expect, test } from '../fixtures.ts';
import { DANA, fillLogin, signIn } from '../support/accounts.ts';
import { ChatBox, closed } from '../support/chat_box.ts';
import { LOGIN } from '../support/environment.ts';
import { recordEvents, signOutFrom } from '../support/opener.ts';

test('a sign-in in one tab signs every tab in, and each is told once', async ({ page, context }) => {
  const chatBox = await ChatBox.open(page);
  const other = await ChatBox.open(await context.newPage());
  const events = [await recordEvents(page), await recordEvents(other.page)];
  await page.bringToFront();
  await fillLogin(await chatBox.openPopup(), DANA);
  await chatBox.isSignedInAs('Dana Demo');
  await other.isSignedInAs('Dana Demo');
  for (const told of events) await expect.poll(told).toEqual(['signedin']);

  await signOutFrom(page);
  await other.is('signed-out');
  for (const told of events) await expect.poll(told).toEqual(['signedin', 'signedout']);
});

test('a sign-out at the login reaches every tab of the site', async ({ page, context }) => {
  const chatBox = await ChatBox.open(page);
  await fillLogin(await chatBox.openPopup(), DANA);
  await chatBox.isSignedInAs('Dana Demo');
  const other = await context.newPage();
  await other.goto(chatBox.page.url());
  const events = [await recordEvents(page), await recordEvents(other)];
  const account = await context.newPage();
  await account.goto(`${LOGIN}/account`);
  await account.getByRole('button', { name: 'Sign out' }).click();
  for (const told of events) await expect.poll(told).toEqual(['signedout']);
});

test('a credential is renewed before it ends, by one tab for all', async ({ page, context, vendor }) => {
  await context.clock.install();
  await vendor({ lifetimeSeconds: 600 });
  const renewals: string[] = [];
  context.on('request', (request) => {
    if (request.url() === `${LOGIN}/api/handoff/renew`) renewals.push(request.url());
  });
  const chatBox = await ChatBox.open(page);
  const other = await ChatBox.open(await context.newPage());
  await page.bringToFront();
  await fillLogin(await chatBox.openPopup(), DANA);
  await chatBox.isSignedInAs('Dana Demo');
  await other.isSignedInAs('Dana Demo');
  const events = [await recordEvents(page), await recordEvents(other.page)];
  const before = await chatBox.cookies();
  await vendor({ lifetimeSeconds: 3600 });

  await context.clock.fastForward('09:05');
  for (const told of events) await expect.poll(told).toEqual(['renewed']);
  const after = await chatBox.cookies();
  expect(after.map(({ value }) => value)).not.toEqual(before.map(({ value }) => value));
  expect(renewals).toHaveLength(1);
  await chatBox.isSignedInAs('Dana Demo');
});

test('without a session at the login, the credential expires, and the page is told', async ({ page, context, vendor, pageErrors }) => {
  pageErrors.allow(/status of 401/);
  await vendor({ lifetimeSeconds: 8 });
  const chatBox = await ChatBox.open(page);
  const told = await recordEvents(page);
  await fillLogin(await chatBox.openPopup(), DANA);
  await chatBox.isSignedInAs('Dana Demo');
  await context.clearCookies({ name: 'latchkey' });
  await expect.poll(told).toEqual(['signedin', 'expired']);
  expect(await chatBox.cookies()).toEqual([]);
});

test('a renewal that arrives after the sign-out does not sign the user in again', async ({ page, context, vendor }) => {
  await context.clock.install();
  await vendor({ lifetimeSeconds: 600 });
  const chatBox = await ChatBox.open(page);
  await fillLogin(await chatBox.openPopup(), DANA);
  await chatBox.isSignedInAs('Dana Demo');
  const told = await recordEvents(page);
  await context.route(`${LOGIN}/api/handoff/renew`, async (route) => {
    await signOutFrom(page);
    await route.continue();
  });
  const answered = page.waitForResponse(`${LOGIN}/api/handoff/renew`);
  await context.clock.fastForward('09:05');
  await (await answered).finished();
  await expect.poll(told).toEqual(['signedout']);
  expect(await chatBox.cookies()).toEqual([]);
});

test('the login of a page that is a module', async ({ page, context }) => {
  await signIn(page, DANA);
  const chatBox = await ChatBox.open(page);
  const popup = context.waitForEvent('page');
  const signedIn = page.evaluate(async (url) => {
    const module = await import(url);
    const { chatBoxId } = await module.signIn({ chatBoxId: 'cb_demo' });
    return [chatBoxId, module.default === (globalThis as { Latchkey?: unknown }).Latchkey];
  }, `${LOGIN}/latchkey.mjs`);
  await (await popup).getByRole('button', { name: 'Continue as Dana Demo' }).click();
  expect(await signedIn).toEqual(['cb_demo', true]);
  await closed(await popup);
  await chatBox.isSignedInAs('Dana Demo');
});

test('without broadcasts, the storage tells the tabs, and the window that came with a code closes', async ({ page, context }) => {
  await context.addInitScript(() => {
    Object.assign(window, { BroadcastChannel: class { constructor() { throw new DOMException('denied', 'SecurityError'); } } });
  });
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  await popup.waitForURL(`${LOGIN}/login?**`);
  await page.reload();
  const other = await ChatBox.open(await context.newPage());
  await fillLogin(popup, DANA);
  await closed(popup);
  for (const one of [chatBox, other]) await one.isSignedInAs('Dana Demo');
  await signOutFrom(page);
  for (const one of [chatBox, other]) await one.is('signed-out');
});
