// A sign-in ends in one of three ways, and never in silence: signed in, cancelled, or failed with a reason.
import { expect, test } from '../fixtures.ts';
import { DANA, fillLogin, signIn } from '../support/accounts.ts';
import { ChatBox, closed } from '../support/chat_box.ts';
import { LOGIN, SITE } from '../support/environment.ts';
import { recordEvents, signInFrom } from '../support/opener.ts';

test('a popup that the user closes is a sign-in that did not happen, and the next one works', async ({ page }) => {
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  await popup.waitForURL(`${LOGIN}/login?**`);
  await popup.close({ runBeforeUnload: true });
  await chatBox.is('signed-out');
  await expect(page.getByText('The sign-in did not finish.')).toBeVisible();
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
    await popup.getByRole('link', { name: 'Cancel' }).click();
    await chatBox.is('signed-out');
    await closed(popup);
  }
});

test('a login that seemed to be over still signs in', async ({ page }) => {
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  await popup.waitForURL(`${LOGIN}/login?**`);
  await popup.reload();
  await chatBox.is('signed-out');
  await fillLogin(popup, DANA);
  await chatBox.isSignedInAs('Dana Demo');
  await closed(popup);
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

test('pop_15 where popups are blocked, the login takes the page and comes back to it', async ({ page }) => {
  await page.goto(`${SITE}/?colour=green#chat`);
  const chatBox = new ChatBox(page);
  await chatBox.is('signed-out');
  await page.evaluate(() => Object.assign(window, { open: () => null }));
  await chatBox.button('Sign in').click();
  await fillLogin(page, DANA);
  await expect(page).toHaveURL(`${SITE}/?colour=green#chat`);
  await chatBox.isSignedInAs('Dana Demo');
});

test('pop_15 a page that wants a popup and nothing else is told that it is blocked', async ({ page }) => {
  await ChatBox.open(page);
  const told = await recordEvents(page);
  await page.evaluate(() => Object.assign(window, { open: () => null }));
  expect(await signInFrom(page, 'popup')).toBe('blocked');
  expect(await told()).toEqual(['error: blocked']);
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

test('pop_08 a code that was not begun here is refused, and leaves the address bar at once', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${SITE}/#latchkey_code=${'x'.repeat(43)}&chatBoxId=cb_demo&challenge=${'y'.repeat(43)}`);
  await expect(page).toHaveURL(`${SITE}/`);
  await expect(page.getByText('The sign-in did not finish.')).toBeVisible();
  expect(asked.filter((url) => url.startsWith(`${LOGIN}/api/handoff/`))).toEqual([]);
  expect(await new ChatBox(page).cookies()).toEqual([]);
});
