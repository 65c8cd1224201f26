// Ferndesk's page: the vendor's loader, its widget, and the server's tokens.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { DANA, RIVA, signIn } from '../support/accounts.ts';
import { SITE } from '../support/environment.ts';
import { readableBy, standIn } from '../support/stand_in.ts';
import { VendorPage, signInElsewhere } from '../support/vendor_page.ts';

const TITLE = 'The help widget';
const REJECTED = /Ferndesk: identify failed - invalid token/;

function widget(page: Page) {
  return page.locator('#ferndesk-widget');
}

test('the widget knows the user, and the page shows what was signed and answered', async ({ page }) => {
  const vendorPage = await VendorPage.open(page, 'ferndesk');
  const help = vendorPage.exhibit(TITLE);
  await expect(help.verdict).toHaveText('Not identified.');
  await help.isEmpty();
  await vendorPage.signIn(DANA);
  await expect(widget(page)).toHaveAttribute('data-state', 'identified');
  await expect(help.verdict).toHaveText('Identified: the widget knows Dana Demo.');
  await expect(help.signed('alg')).toHaveText('HS256');
  await expect(help.signed('email')).toHaveText(DANA.email);
  await expect(help.signed('userId')).toHaveText(/^[0-9a-f]{32}$/);
  await expect(help.signed('sub')).toHaveText(await help.signed('userId').innerText());
  await expect(help.region.getByText('Valid until')).toContainText(/in (9|10) minutes/);
  await expect(help.answered('email')).toHaveText(DANA.email);
});

test('the contact form is filled in', async ({ page }) => {
  await VendorPage.openAs(page, 'ferndesk', DANA);
  await expect(widget(page)).toHaveAttribute('data-state', 'identified');
  await page.getByRole('button', { name: 'Open the help widget' }).click();
  await widget(page).getByRole('button', { name: 'Write to us' }).click();
  await expect(widget(page).getByLabel('Email')).toHaveValue(DANA.email);
});

test('signing out leaves nothing of the user, in any tab', async ({ page, context }) => {
  const vendorPage = await VendorPage.openAs(page, 'ferndesk', DANA);
  const other = await VendorPage.open(await context.newPage(), 'ferndesk');
  await other.isSignedInAs('Dana Demo');
  await expect(widget(other.page)).toHaveAttribute('data-state', 'identified');
  await vendorPage.signOut();
  for (const one of [vendorPage, other]) {
    await one.isSignedOut();
    await expect(widget(one.page)).toHaveAttribute('data-state', 'anonymous');
    await one.exhibit(TITLE).isEmpty();
    await expect.poll(() => one.traces()).toEqual([]);
  }
});

test('a second user in the same browser is not taken for the first', async ({ page }) => {
  const vendorPage = await VendorPage.openAs(page, 'ferndesk', DANA);
  const help = vendorPage.exhibit(TITLE);
  await expect(help.answered('email')).toHaveText(DANA.email);
  await signInElsewhere(page, RIVA);
  await vendorPage.isSignedInAs(RIVA.displayName);
  await expect(help.answered('email')).toHaveText(RIVA.email);
  await expect(help.signed('email')).toHaveText(RIVA.email);
  await page.goto(SITE);
  await page.goto(vendorPage.url);
  await expect(help.answered('email')).toHaveText(RIVA.email);
});

test('a replaced secret shows on the page and in the widget', async ({ page, pageErrors, switches }) => {
  pageErrors.allow(REJECTED, /status of (400|401|403)/);
  await switches('ferndesk', { secret: 'replaced' });
  const vendorPage = await VendorPage.openAs(page, 'ferndesk', DANA);
  await expect(widget(page)).toHaveAttribute('data-state', 'refused');
  await expect(vendorPage.exhibit(TITLE).verdict).toHaveText('Ferndesk: identify failed - invalid token');
});

test('a token is renewed before it ends, and one that cannot be shows as expired', async ({ page, context, pageErrors }) => {
  await page.clock.install();
  const vendorPage = await VendorPage.openAs(page, 'ferndesk', DANA);
  const help = vendorPage.exhibit(TITLE);
  await expect(help.verdict).toHaveText('Identified: the widget knows Dana Demo.');
  const renewed = page.waitForResponse('**/ferndesk/api/identify');
  await page.clock.fastForward('09:30');
  await renewed;
  await expect(help.verdict).toHaveText('Identified: the widget knows Dana Demo.');
  pageErrors.allow(/Failed to load resource/);
  await context.route('**/api/ferndesk-token', (route) => route.abort());
  await page.clock.fastForward('11:00');
  await help.isExpired();
});

test('a page left open recovers from a renewal that failed', async ({ page, context, pageErrors }) => {
  pageErrors.allow(/status of 503/);
  await page.clock.install();
  const vendorPage = await VendorPage.openAs(page, 'ferndesk', DANA);
  const help = vendorPage.exhibit(TITLE);
  const known = 'Identified: the widget knows Dana Demo.';
  await expect(help.verdict).toHaveText(known);
  const unavailable = { status: 503, json: { error: 'Not available' }, headers: readableBy(SITE) };
  await context.route('**/api/ferndesk-token', (route) => route.fulfill(unavailable), { times: 1 });
  await page.clock.fastForward('09:10');
  await expect(help.verdict).toHaveText('Your login responded with 503: Not available');
  const renewed = page.waitForResponse('**/ferndesk/api/identify');
  await page.clock.fastForward('00:35');
  await renewed;
  await expect(help.verdict).toHaveText(known);
});

test('why there is no token is said, also by a widget that comes late', async ({ page, context, pageErrors }) => {
  pageErrors.allow(/net::ERR_FAILED/);
  await signIn(page, DANA);
  await context.route('**/api/ferndesk-token', (route) => route.abort());
  const failed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/ferndesk-token'));
  await context.route('**/ferndesk/sdk.js', async (route) => {
    await failed;
    await route.continue();
  });
  const vendorPage = await VendorPage.open(page, 'ferndesk');
  await expect(widget(page)).toHaveAttribute('data-state', 'anonymous');
  await expect(vendorPage.exhibit(TITLE).verdict).toHaveText("Your login didn't respond.");
  await vendorPage.signOut();
  await expect(vendorPage.exhibit(TITLE).verdict).toHaveText('Not identified.');
});

/** A page of the site that consists only of the snippet on the vendor's page. */
async function pasted(page: Page): Promise<string> {
  const vendorPage = await VendorPage.openAs(page, 'ferndesk', DANA);
  const code = await page.locator('[data-snippet] code').first().innerText();
  const address = await page.locator('script#ferndesk-sdk').getAttribute('src');
  const url = `${vendorPage.url}/pasted`;
  await standIn(page.context(), url, `<!doctype html>
    <title>Pasted</title>
    <link rel="icon" href="data:,">
    <script>window.FERNDESK_SDK_SRC = "${address}";</script>
    ${code}`);
  return url;
}

test('the code that the page shows identifies the user, and goes on doing so', async ({ page }) => {
  const url = await pasted(page);
  await page.clock.install();
  await page.goto(url);
  await expect(widget(page)).toHaveAttribute('data-state', 'identified');
  const renewed = page.waitForResponse('**/ferndesk/api/identify');
  await page.clock.fastForward('09:10');
  await renewed;
  await page.evaluate('Latchkey.signOut()');
  await expect(widget(page)).toHaveAttribute('data-state', 'anonymous');
});

test('the code that the page shows forgets a user whose token comes after the sign-out', async ({ page, context }) => {
  const url = await pasted(page);
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await context.route('**/api/ferndesk-token', (route) => released.then(() => route.continue()));
  const late = page.waitForResponse('**/api/ferndesk-token');
  await page.goto(url);
  await expect(widget(page)).toHaveAttribute('data-state', 'anonymous');
  await page.evaluate('Latchkey.signOut()');
  release();
  await (await late).finished();
  await page.evaluate(() => new Promise((go) => setTimeout(go, 100)));
  await expect(widget(page)).toHaveAttribute('data-state', 'anonymous');
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await expect(widget(page)).toHaveAttribute('data-state', 'identified');
});
