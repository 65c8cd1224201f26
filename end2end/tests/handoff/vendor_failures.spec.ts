// The vendor fails, is late, or sends an invalid response: the popup stays open, explains the problem, and
// works again as soon as the vendor does.
import type { Page, Route } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { DANA, RIVA, fillLogin } from '../support/accounts.ts';
import { ChatBox, closeBy, closed } from '../support/chat_box.ts';
import { COOKIE_DOMAIN, LOGIN } from '../support/environment.ts';
import { shortenTimeouts, recordEvents } from '../support/opener.ts';
import type { Failure, Switches } from '../support/sandbox.ts';
import { signInElsewhere } from '../support/vendor_page.ts';

const UNAVAILABLE = 'Support isn’t available right now.';
const REJECTED = 'Support rejected the sign-in.';
const FAILED_LOAD = /Failed to load resource: the server responded with a status of (400|401|403|429|500)/;

async function hasFailed(popup: Page, reason: string): Promise<void> {
  await expect(popup.getByRole('heading', { name: 'We couldn’t sign you in to the chat' })).toBeFocused();
  await expect(popup.getByText(reason)).toBeVisible();
}

const failures: [Exclude<Failure, 'none'>, string][] = [
  ['unauthorized', UNAVAILABLE],
  ['bad_request', REJECTED],
  ['server_error', UNAVAILABLE],
  ['slow', UNAVAILABLE],
  ['empty', REJECTED],
  ['malformed', UNAVAILABLE],
  ['huge', UNAVAILABLE],
];

for (const [failure, reason] of failures) {
  test(`${failure}: the popup explains, keeps nothing, and trying again works`, async ({ page, vendor, pageErrors }) => {
    pageErrors.allow(FAILED_LOAD);
    await vendor({ failure });
    const chatBox = await ChatBox.open(page);
    const popup = await chatBox.openPopup();
    await fillLogin(popup, DANA);
    await hasFailed(popup, reason);
    await chatBox.is('signing-in');
    expect(await chatBox.cookies()).toEqual([]);

    await vendor({ failure: 'none' });
    await popup.getByRole('button', { name: 'Try again' }).click();
    await chatBox.isSignedInAs('Dana Demo');
    await closed(popup);
  });
}

const responses: [string, number, object, string][] = [
  ['no jwt', 200, { status: 'ok', data: { expiresAt: 4102444800, chatBoxId: 'cb_demo', domain: COOKIE_DOMAIN } }, REJECTED],
  ['no data', 200, { status: 'ok' }, REJECTED],
  ['signed out', 401, { status: 'unauthenticated' }, 'You were signed out.'],
  ['forbidden', 403, { status: 'forbidden' }, 'You can’t use this chat until you confirm your email address.'],
  ['rate limited', 429, { status: 'rate_limited' }, 'Too many sign-ins in a short time.'],
];

for (const [name, status, json, reason] of responses) {
  test(`a response of the login with ${name} is explained, and sets no cookie`, async ({ page, context, pageErrors }) => {
    pageErrors.allow(FAILED_LOAD);
    await context.route(`${LOGIN}/api/knoon/credentials`, (route) => route.fulfill({ status, json }));
    const chatBox = await ChatBox.open(page);
    const popup = await chatBox.openPopup();
    await fillLogin(popup, DANA);
    await hasFailed(popup, reason);
    expect(await chatBox.cookies()).toEqual([]);
    await closeBy(popup.getByRole('button', { name: 'Close window' }));
    await chatBox.is('signed-out');
  });
}

test('trying again gives nothing to another user who has signed in meanwhile', async ({ page, vendor, pageErrors }) => {
  pageErrors.allow(FAILED_LOAD);
  await vendor({ failure: 'server_error' });
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  await fillLogin(popup, DANA);
  await hasFailed(popup, UNAVAILABLE);
  await vendor({ failure: 'none' });
  await signInElsewhere(page, RIVA);
  await popup.getByRole('button', { name: 'Try again' }).click();
  await hasFailed(popup, 'You were signed out.');
  expect(await chatBox.cookies()).toEqual([]);
});

const silences: [string, (route: Route) => unknown][] = [
  ['breaks off', (route) => route.abort()],
  ['never answers', () => {}],
];

for (const [name, treat] of silences) {
  test(`a login that ${name} is told apart, and trying again works`, async ({ page, context, pageErrors }) => {
    pageErrors.allow(/net::ERR_FAILED/);
    await shortenTimeouts(context);
    await context.route(`${LOGIN}/api/knoon/credentials`, treat, { times: 1 });
    const chatBox = await ChatBox.open(page);
    const popup = await chatBox.openPopup();
    await fillLogin(popup, DANA);
    await hasFailed(popup, 'The connection was interrupted.');
    await popup.getByRole('button', { name: 'Try again' }).click();
    await chatBox.isSignedInAs('Dana Demo');
  });
}

for (const expiresAt of ['seconds', 'milliseconds', 'iso', 'iso_offset'] satisfies Switches['expiresAt'][]) {
  test(`an expiry in ${expiresAt} becomes the same expiry of the cookies`, async ({ page, vendor }) => {
    await vendor({ expiresAt, lifetimeSeconds: 900 });
    const chatBox = await ChatBox.open(page);
    const told = await recordEvents(page);
    const before = Date.now() / 1000;
    await fillLogin(await chatBox.openPopup(), DANA);
    await chatBox.isSignedInAs('Dana Demo');
    expect(await told()).toEqual(['signedin']);
    const cookies = await chatBox.cookies();
    expect(cookies).toHaveLength(2);
    for (const { expires } of cookies) {
      expect(expires).toBeGreaterThanOrEqual(Math.floor(before) + 900);
      expect(expires).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000) + 900);
    }
  });
}

test('a credential that expires without a session is shown as expired, and a sign-in replaces it', async ({ page, context, vendor, pageErrors }) => {
  pageErrors.allow(FAILED_LOAD);
  await vendor({ lifetimeSeconds: 8 });
  const chatBox = await ChatBox.open(page);
  await fillLogin(await chatBox.openPopup(), DANA);
  await chatBox.isSignedInAs('Dana Demo');
  await context.clearCookies({ name: 'latchkey' });
  await chatBox.is('expired');
  await expect(chatBox.text('Your sign-in has expired')).toBeVisible();
  await expect(page.getByText('The credential expired, as designed.')).toBeVisible();
  expect(await chatBox.cookies()).toEqual([]);

  await vendor({ lifetimeSeconds: 600 });
  await fillLogin(await chatBox.openPopup('Sign in again'), DANA);
  await chatBox.isSignedInAs('Dana Demo');
});

test('a credential that expires on its way is never stored, neither by message nor by code', async ({ page, vendor }) => {
  await vendor({ lifetimeSeconds: 0 });
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  await fillLogin(popup, DANA);
  await chatBox.is('refused');
  await closed(popup);
  await expect(chatBox.text('The login sent no valid credential.')).toBeVisible();
  expect(await chatBox.cookies()).toEqual([]);
});
