// Zendesk's page: Chat and Messaging authenticate the signed-in user, and Chat users of Xsolla Login as well.
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { DANA, RIVA, signIn } from '../support/accounts.ts';
import { COOKIE_DOMAIN, SITE } from '../support/environment.ts';
import { press } from '../support/sandbox.ts';
import { VendorPage, signInElsewhere } from '../support/vendor_page.ts';

const STATUS = /Failed to load resource: the server responded with a status of 4\d\d/;

function widget(page: Page, id: string) {
  return page.locator(`#widget-${id}`);
}

/** Writes a message, and returns it in the conversation. */
async function write(page: Page, id: string, text: string): Promise<Locator> {
  const box = widget(page, id).getByRole('textbox', { name: 'Message' });
  await box.fill(text);
  await box.press('Enter');
  const message = widget(page, id).getByText(text);
  await expect(message).toBeVisible();
  return message;
}

/** Opens the page as Dana while Zendesk refuses tokens, so the chat is anonymous, and writes a message. */
async function openWithoutName(page: Page): Promise<{ vendorPage: VendorPage; message: Locator }> {
  await press('zendesk', 'secret/regenerate');
  try {
    const vendorPage = await VendorPage.openAs(page, 'zendesk', DANA);
    await expect(widget(page, 'chat')).toHaveAttribute('data-state', 'anonymous');
    return { vendorPage, message: await write(page, 'chat', 'No one else may read this') };
  } finally {
    await press('zendesk', 'secret/restore');
  }
}

/** Signs in at Xsolla Login as one of its users, and returns. */
async function comeFromXsolla(vendorPage: VendorPage, name: string): Promise<void> {
  await vendorPage.who.getByRole('link', { name: 'Continue with Xsolla Login' }).click();
  await vendorPage.page.getByRole('button', { name }).click();
  await expect(vendorPage.page).toHaveURL(vendorPage.url);
}

test('both chats know the user, and the page shows what was signed and answered', async ({ page }) => {
  const vendorPage = await VendorPage.open(page, 'zendesk');
  const chat = vendorPage.exhibit('Chat');
  const messaging = vendorPage.exhibit('Messaging');
  await expect(chat.verdict).toHaveText('An anonymous visitor: no token was sent.');
  await expect(messaging.verdict).toHaveText('Not signed in to Messaging.');
  await vendorPage.signIn(DANA);
  await expect(widget(page, 'chat')).toHaveAttribute('data-state', 'authenticated');
  await expect(chat.verdict).toHaveText('Authenticated: agents see Dana Demo with a green tick.');
  await expect(chat.signed('alg')).toHaveText('HS256');
  await expect(chat.signed('email')).toHaveText(DANA.email);
  await expect(chat.signed('external_id')).toHaveText(/^[0-9a-f]{32}$/);
  await expect(chat.answered('email')).toHaveText(DANA.email);
  await expect(messaging.verdict).toHaveText('Zendesk knows Dana Demo.');
  await expect(messaging.signed('kid')).toHaveText('app_demo');
  await expect(messaging.signed('scope')).toHaveText('user');
  await expect(messaging.answered('external_id')).toHaveText(await chat.signed('external_id').innerText());
});

test('signing out leaves nothing of the user, in any tab', async ({ page, context }) => {
  const vendorPage = await VendorPage.openAs(page, 'zendesk', DANA);
  await expect(widget(page, 'chat')).toHaveAttribute('data-state', 'authenticated');
  const other = await VendorPage.open(await context.newPage(), 'zendesk');
  await expect(widget(other.page, 'chat')).toHaveAttribute('data-state', 'authenticated');
  const device = async () => (await context.cookies(SITE)).find(({ name }) => name === '__zlcmid')?.value;
  const deviceOfDana = await device();
  expect(deviceOfDana).toBeTruthy();
  await vendorPage.signOut();
  for (const one of [vendorPage, other]) {
    await one.isSignedOut();
    for (const id of ['chat', 'messenger']) {
      await expect(widget(one.page, id)).toHaveAttribute('data-state', 'anonymous');
    }
    for (const title of ['Chat', 'Messaging']) await one.exhibit(title).isEmpty();
    await expect(one.page.getByText(DANA.displayName)).toHaveCount(0);
  }
  // The anonymous visitor has another device id than Dana had.
  expect(await device()).not.toBe(deviceOfDana);
  expect((await vendorPage.traces()).filter((name) => !name.startsWith('__zlc'))).toEqual([]);
});

test('a second user in the same browser is not taken for the first', async ({ page }) => {
  const vendorPage = await VendorPage.openAs(page, 'zendesk', DANA);
  const chat = vendorPage.exhibit('Chat');
  await expect(chat.answered('email')).toHaveText(DANA.email);
  await signInElsewhere(page, RIVA);
  await vendorPage.isSignedInAs(RIVA.displayName);
  await expect(chat.answered('email')).toHaveText(RIVA.email);
  await expect(vendorPage.exhibit('Messaging').verdict).toHaveText(`Zendesk knows ${RIVA.displayName}.`);
});

test('signing out on another page leaves nothing that Zendesk keeps', async ({ page, context }) => {
  const vendorPage = await VendorPage.openAs(page, 'zendesk', DANA);
  await expect(widget(page, 'chat')).toHaveAttribute('data-state', 'authenticated');
  await context.addCookies([{ name: '__zlcprivacy', value: '1', domain: COOKIE_DOMAIN, path: '/' }]);
  const kept = ['__zlcmid', '__zlcprivacy', '__zlcstore'];
  await expect.poll(() => vendorPage.traces()).toEqual(expect.arrayContaining(kept));
  const ferndesk = await VendorPage.open(page, 'ferndesk');
  await ferndesk.isSignedInAs(DANA.displayName);
  await ferndesk.signOut();
  expect((await ferndesk.traces()).filter((name) => name.startsWith('__zlc'))).toEqual([]);
});

test('anyone who comes after a user without a name is not taken for them', async ({ page, pageErrors }) => {
  pageErrors.allow(STATUS);
  const { vendorPage, message } = await openWithoutName(page);
  await signInElsewhere(page, RIVA);
  await vendorPage.isSignedInAs(RIVA.displayName);
  await expect(vendorPage.exhibit('Chat').answered('email')).toHaveText(RIVA.email);
  await expect(message).toHaveCount(0);
});

test('signing out elsewhere ends the chat of a user without a name', async ({ page, context, pageErrors }) => {
  pageErrors.allow(STATUS);
  const { vendorPage, message } = await openWithoutName(page);
  const other = await VendorPage.open(await context.newPage(), 'zendesk');
  await other.isSignedInAs(DANA.displayName);
  await other.signOut();
  await vendorPage.isSignedOut();
  await expect(message).toHaveCount(0);
});

test('a conversation of Messaging outlives the renewal of its token', async ({ page }) => {
  await page.clock.install();
  const vendorPage = await VendorPage.openAs(page, 'zendesk', DANA);
  await expect(vendorPage.exhibit('Messaging').verdict).toHaveText('Zendesk knows Dana Demo.');
  const message = await write(page, 'messenger', 'Does this stay?');
  const renewed = page.evaluate(
    () => new Promise((resolve) => document.addEventListener('messenger:state', resolve, { once: true })),
  );
  await page.clock.fastForward('04:40');
  await renewed;
  await expect(widget(page, 'messenger')).toHaveAttribute('data-state', 'authenticated');
  await expect(message).toBeVisible();
});

test('a user of Xsolla Login chats under their own name, without an account here', async ({ page, context }) => {
  const vendorPage = await VendorPage.open(page, 'zendesk');
  await comeFromXsolla(vendorPage, 'Paolo Player');
  const chat = vendorPage.exhibit('Chat');
  await expect(widget(page, 'chat')).toHaveAttribute('data-state', 'authenticated');
  await vendorPage.isSignedInAs('paolo');
  await expect(chat.signed('email')).toHaveText('paolo@players.example');
  await expect(vendorPage.incomingToken('email')).toHaveText('paolo@players.example');
  const token = (await context.cookies(SITE)).find(({ name }) => name === 'token');
  expect(token).toMatchObject({ domain: COOKIE_DOMAIN, path: '/', secure: false, sameSite: 'Lax' });
  expect(token!.expires).toBeGreaterThan(Date.now() / 1000);
  await vendorPage.signOut();
  await expect(widget(page, 'chat')).toHaveAttribute('data-state', 'anonymous');
  await expect(vendorPage.incomingToken('email')).toHaveCount(0);
  expect((await context.cookies(SITE)).map(({ name }) => name)).not.toContain('token');
});

test('anyone who signs in here ends the chat of the other login', async ({ page, context }) => {
  const vendorPage = await VendorPage.open(page, 'zendesk');
  await comeFromXsolla(vendorPage, 'Paolo Player');
  const chat = vendorPage.exhibit('Chat');
  await expect(chat.answered('email')).toHaveText('paolo@players.example');
  await signInElsewhere(page, RIVA);
  await vendorPage.isSignedInAs(RIVA.displayName);
  await expect(chat.answered('email')).toHaveText(RIVA.email);
  expect((await context.cookies(SITE)).map(({ name }) => name)).not.toContain('token');
});

test('anyone who signs in here after the other login, on another page, has both chats', async ({ page, pageErrors }) => {
  pageErrors.allow(STATUS);
  const vendorPage = await VendorPage.open(page, 'zendesk');
  await comeFromXsolla(vendorPage, 'Paolo Player');
  await expect(vendorPage.exhibit('Chat').answered('email')).toHaveText('paolo@players.example');
  await signIn(page, RIVA);
  await page.goto(vendorPage.url);
  for (const title of ['Chat', 'Messaging']) {
    await expect(vendorPage.exhibit(title).signed('email')).toHaveText(RIVA.email);
  }
  await expect(vendorPage.exhibit('Chat').answered('email')).toHaveText(RIVA.email);
});

test("a link with another user's token signs no one in", async ({ page, context }) => {
  const vendorPage = await VendorPage.open(page, 'zendesk');
  await comeFromXsolla(vendorPage, 'Paolo Player');
  const token = (await context.cookies(SITE)).find(({ name }) => name === 'token')!.value;
  await vendorPage.signOut();
  await page.goto(`${vendorPage.url}?token=${token}`);
  await expect(page).toHaveURL(vendorPage.url);
  await expect(widget(page, 'chat')).toHaveAttribute('data-state', 'anonymous');
  expect((await context.cookies(SITE)).map(({ name }) => name)).not.toContain('token');
});

test('another response of the other login signs no one in, and the user before out', async ({ page, context }) => {
  const vendorPage = await VendorPage.open(page, 'zendesk');
  for (const [response, sentence] of [
    ['code=abc&state=x', 'a code instead of a token'],
    ['error=access_denied', 'no token'],
    ['token=abc', 'no token'],
  ]) {
    await comeFromXsolla(vendorPage, 'Paolo Player');
    await vendorPage.isSignedInAs('paolo');
    // As after the link of the other login, which a page with a user does not have.
    await page.evaluate(() => sessionStorage.setItem('latchkey:other-login', 'yes'));
    await page.goto(`${vendorPage.url}?${response}`);
    await expect(page).toHaveURL(vendorPage.url);
    await vendorPage.isSignedOut();
    await expect(vendorPage.exhibit('Chat').verdict).toHaveText(`The other login sent ${sentence}, so no one is signed in.`);
    expect((await context.cookies(SITE)).map(({ name }) => name)).not.toContain('token');
  }
});

test('a user without an address is told why there is no name', async ({ page, pageErrors }) => {
  pageErrors.allow(STATUS);
  const vendorPage = await VendorPage.open(page, 'zendesk');
  await comeFromXsolla(vendorPage, 'Sasha Social');
  await expect(vendorPage.exhibit('Chat').verdict).toContainText('"email" claim is missed');
});

test('a replaced secret shows on the page, and the chat goes on without a name', async ({ page, pageErrors }) => {
  pageErrors.allow(STATUS);
  await press('zendesk', 'secret/regenerate');
  try {
    const vendorPage = await VendorPage.openAs(page, 'zendesk', DANA);
    await expect(vendorPage.exhibit('Chat').verdict).toHaveText(/^Zendesk: /);
    await expect(widget(page, 'chat')).toHaveAttribute('data-state', 'anonymous');
  } finally {
    await press('zendesk', 'secret/restore');
  }
});

test('a clock that is minutes off is refused, in the words of Zendesk', async ({ page, pageErrors, switches }) => {
  pageErrors.allow(STATUS);
  await switches('zendesk', { clockOffsetSeconds: 600 });
  const vendorPage = await VendorPage.openAs(page, 'zendesk', DANA);
  await expect(vendorPage.exhibit('Chat').verdict).toHaveText(/^Zendesk: /);
  await vendorPage.exhibit('Messaging').verdict.waitFor();
});
