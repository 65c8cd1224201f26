// CloudBase's page: the vendor's own SDK from npm signs in with the server's tickets.
import { expect, test } from '../fixtures.ts';
import { DANA, RIVA } from '../support/accounts.ts';
import { SITE } from '../support/environment.ts';
import { exchanges, press } from '../support/sandbox.ts';
import { readableBy } from '../support/stand_in.ts';
import { VendorPage, signInElsewhere } from '../support/vendor_page.ts';

const TITLE = "The platform's user";
/** The SDK's storage entries about the browser, which have no user data. */
const OF_THE_BROWSER = /^(device_id$|lang_)/;
const STATUS = /Failed to load resource: the server responded with a status of 4\d\d/;

test('the real SDK signs in with a ticket of ours', async ({ page }) => {
  const vendorPage = await VendorPage.open(page, 'cloudbase');
  const user = vendorPage.exhibit(TITLE);
  await expect(user.verdict).toHaveText('Not signed in to the platform.');
  await vendorPage.signIn(DANA);
  await expect(user.verdict).toHaveText('CloudBase accepted the ticket.');
  await expect(user.signed('alg').first()).toHaveText('RS256');
  await expect(user.signed('uid')).toHaveText(/^[0-9a-f]{32}$/);
  await expect(user.region.getByText('Valid until')).toContainText(/in (9|10) minutes/);
  await expect(user.answered('expires_in')).toHaveText('7200');
  await expect(user.answered('access_token')).toHaveText('••••••');
  expect(await page.evaluate(() => 'cloudbase' in globalThis)).toBe(true);
});

test('signing out ends the login of the platform, in every tab', async ({ page, context }) => {
  const vendorPage = await VendorPage.openAs(page, 'cloudbase', DANA);
  const user = vendorPage.exhibit(TITLE);
  await expect(user.verdict).toHaveText('CloudBase accepted the ticket.');
  const other = await VendorPage.open(await context.newPage(), 'cloudbase');
  await expect(other.exhibit(TITLE).verdict).toHaveText('CloudBase accepted the ticket.');
  await vendorPage.signOut();
  for (const one of [vendorPage, other]) {
    await one.isSignedOut();
    await expect(one.exhibit(TITLE).verdict).toHaveText('Not signed in to the platform.');
    await one.exhibit(TITLE).isEmpty();
    await expect.poll(async () => (await one.traces()).filter((name) => !OF_THE_BROWSER.test(name))).toEqual([]);
  }
});

test('a sign-out that the page does not outlive is finished by the next one', async ({ page, context }) => {
  const vendorPage = await VendorPage.openAs(page, 'cloudbase', DANA);
  await expect(vendorPage.exhibit(TITLE).verdict).toHaveText('CloudBase accepted the ticket.');
  await context.route('**/auth/v1/revoke*', () => {}, { times: 1 });
  await vendorPage.signOut();
  await expect(vendorPage.exhibit(TITLE).verdict).toHaveText('Not signed in to the platform.');
  await expect.poll(async () => (await vendorPage.traces()).filter((name) => !OF_THE_BROWSER.test(name))).toEqual([]);
});

test('signing out on another page takes the login of the platform along', async ({ page }) => {
  const vendorPage = await VendorPage.openAs(page, 'cloudbase', DANA);
  await expect(vendorPage.exhibit(TITLE).verdict).toHaveText('CloudBase accepted the ticket.');
  const ferndesk = await VendorPage.open(page, 'ferndesk');
  await ferndesk.isSignedInAs('Dana Demo');
  expect(await ferndesk.traces()).toContainEqual(expect.stringMatching(/^credentials_/));
  await ferndesk.signOut();
  expect((await ferndesk.traces()).filter((name) => !OF_THE_BROWSER.test(name))).toEqual([]);
});

test('a second user gets a user of their own', async ({ page }) => {
  const vendorPage = await VendorPage.openAs(page, 'cloudbase', DANA);
  const user = vendorPage.exhibit(TITLE);
  await expect(user.verdict).toHaveText('CloudBase accepted the ticket.');
  const first = await user.answered('sub').innerText();
  await signInElsewhere(page, RIVA);
  await vendorPage.isSignedInAs(RIVA.displayName);
  await expect(user.answered('sub')).not.toHaveText(first);
});

test('a method that is switched off shows in the words of the SDK', async ({ page, pageErrors, switches }) => {
  pageErrors.allow(STATUS);
  await switches('cloudbase', { customLogin: false });
  const vendorPage = await VendorPage.openAs(page, 'cloudbase', DANA);
  await expect(vendorPage.exhibit(TITLE).verdict).toHaveText(/^CloudBase: .*provider not found/);
});

test('a rotated key signs the next ticket without a restart', async ({ page }) => {
  await press('cloudbase', 'rotate');
  const vendorPage = await VendorPage.openAs(page, 'cloudbase', DANA);
  await expect(vendorPage.exhibit(TITLE).verdict).toHaveText('CloudBase accepted the ticket.');
  expect(await exchanges('cloudbase')).not.toEqual([]);
});

test('a login of the platform that cannot be renewed is begun anew, or shows as expired', async ({ page, context, pageErrors }) => {
  await page.clock.install();
  const vendorPage = await VendorPage.openAs(page, 'cloudbase', DANA);
  const user = vendorPage.exhibit(TITLE);
  await expect(user.verdict).toHaveText('CloudBase accepted the ticket.');
  const renewed = page.waitForResponse('**/auth/v1/token?*');
  await page.clock.fastForward('01:59:10');
  await renewed;
  await expect(user.verdict).toHaveText("The platform's session was renewed.");
  const over = { json: { error: 'invalid_grant' }, headers: readableBy(SITE) };
  await context.route('**/auth/v1/token?*', (route) => route.fulfill(over));
  await page.clock.fastForward('01:59:10');
  await expect(user.verdict).toHaveText('CloudBase accepted the ticket.');
  pageErrors.allow(/Failed to load resource/);
  await context.route('**/api/cloudbase/ticket', (route) => route.abort());
  await page.clock.fastForward('02:01:00');
  await expect(user.verdict).toHaveText(/^The platform's session expired\./);
  await expect(user.answered('sub')).toHaveCount(0);
});

/** How many requests the SDK itself sends, a second apart, before it reports an outage. */
const OUTAGES = { server_error: 1, bad_gateway: 3 };

for (const [failure, attempts] of Object.entries(OUTAGES)) {
  test(`an outage of the platform is neither a sign-out nor multiplied: ${failure}`, async ({ page, pageErrors, switches }) => {
    pageErrors.allow(/status of 50[02]/);
    await page.clock.install();
    const vendorPage = await VendorPage.openAs(page, 'cloudbase', DANA);
    const user = vendorPage.exhibit(TITLE);
    await expect(user.verdict).toHaveText('CloudBase accepted the ticket.');
    const before = await vendorPage.traces();
    const asked: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && asked.push(new URL(request.url()).pathname));
    await switches('cloudbase', { failure });
    await page.clock.fastForward('01:59:10');
    await expect(user.verdict).toHaveText(/^CloudBase: /);
    expect(asked.filter((path) => path.endsWith('/token'))).toHaveLength(attempts);
    expect(asked.filter((path) => path.endsWith('/signin/custom'))).toEqual([]);
    await expect(user.answered('sub')).toHaveCount(1);
    expect(await vendorPage.traces()).toEqual(before);
  });
}

test('after a refused renewal no one is signed in to the platform', async ({ page, pageErrors, switches }) => {
  pageErrors.allow(STATUS);
  await page.clock.install();
  const vendorPage = await VendorPage.openAs(page, 'cloudbase', DANA);
  const user = vendorPage.exhibit(TITLE);
  await expect(user.verdict).toHaveText('CloudBase accepted the ticket.');
  await switches('cloudbase', { customLogin: false });
  await page.route('**/auth/v1/token?*', (route) => route.fulfill({ json: { error: 'invalid_grant' }, headers: readableBy(SITE) }));
  await page.clock.fastForward('01:59:10');
  await expect(user.verdict).toHaveText(/^CloudBase: .*provider not found/);
  await expect.poll(async () => (await vendorPage.traces()).filter((name) => name.startsWith('credentials_'))).toEqual([]);
});
