// Ferndesk's widget on its own, on pages that call it as the vendor documents it, or wrongly.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import jsonwebtoken from 'jsonwebtoken';
import { expect, test } from '../fixtures.ts';
import { DANA } from '../support/accounts.ts';
import { PARTNER, SANDBOX, SITE } from '../support/environment.ts';
import { now } from '../support/jwt_libraries.ts';
import { readableBy, standIn } from '../support/stand_in.ts';

type Call = [method: string, options?: Record<string, unknown>];

declare const Ferndesk: (...call: Call) => void;
/** The number of calls that the loader has queued for the script. */
declare const waited: number;

const INIT: Call = ['init', { widgetId: process.env.FERNDESK_WIDGET_ID }];

const HELP_CENTER = process.env.SANDBOX_FERNDESK_HELP_ORIGIN!;
const SCRIPT = `${SANDBOX}/ferndesk/sdk.js`;
/** The loader that pages embed. */
const LOADER = readFileSync(new URL('../../../server/src/vendors/ferndesk/loader.js', import.meta.url), 'utf8');

/** A token that is valid in both generations of the contract. */
function tokenOfDana(): string {
  const claims = { userId: 'dana', sub: 'dana', email: DANA.email, name: DANA.displayName, exp: now() + 3600 };
  return jsonwebtoken.sign(claims, process.env.FERNDESK_JWT_SECRET!, { algorithm: 'HS256', noTimestamp: true });
}

function identifyAsDana(): Call {
  return ['identify', { token: tokenOfDana() }];
}

/** Opens a page that makes these calls before the widget's script is loaded. */
async function embed(page: Page, calls: Call[], site = SITE, address: string | null = SCRIPT): Promise<void> {
  const body = `<!doctype html>
    <title>Embedded</title>
    <link rel="icon" href="data:,">
    ${address ? `<script>window.FERNDESK_SDK_SRC = "${address}";</script>` : ''}
    <script nonce="once">${LOADER}</script>
    <script>
      for (const call of ${JSON.stringify(calls)}) Ferndesk(...call);
      window.waited = Ferndesk.q.length;
    </script>`;
  await standIn(page.context(), `${site}/embedded`, body);
  await page.goto(`${site}/embedded`);
}

function loaded(page: Page): Promise<{ src: string; nonce?: string; waited: number }> {
  return page.locator('script#ferndesk-sdk').evaluate(({ src, nonce }: HTMLScriptElement) => ({ src, nonce, waited }));
}

async function is(page: Page, state: string): Promise<void> {
  await expect(page.locator('#ferndesk-widget')).toHaveAttribute('data-state', state);
}

async function says(page: Page, type: 'error' | 'warning', text: string, act: () => Promise<void>): Promise<void> {
  const said = page.waitForEvent('console', (message) => message.type() === type && message.text() === text);
  await act();
  await said;
}

test('calls that wait in the queue are made in their order', async ({ page }) => {
  await embed(page, [INIT, identifyAsDana()]);
  await is(page, 'identified');
  expect(await loaded(page)).toEqual({ src: SCRIPT, nonce: 'once', waited: 2 });
});

test("without another address the loader takes the vendor's script", async ({ page, context }) => {
  const address = 'https://static.ferndesk.com/dist/sdk.js';
  await context.route(address, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
  await embed(page, [INIT], SITE, null);
  expect(await loaded(page)).toMatchObject({ src: address });
});

test('help centers of the newer kind are given a jwt alone', async ({ page }) => {
  await embed(page, [INIT, ['identify', { jwt: tokenOfDana() }]]);
  await is(page, 'identified');
});

test('a widget that starts open is closed and opened by toggle', async ({ page }) => {
  await embed(page, [['init', { ...INIT[1], open: true }]]);
  const panel = page.getByRole('dialog', { name: 'Help' });
  await expect(panel).toBeVisible();
  await page.evaluate(() => Ferndesk('toggle'));
  await expect(panel).toBeHidden();
  await page.evaluate(() => Ferndesk('toggle'));
  await expect(panel).toBeVisible();
});

test('identify before init is refused', async ({ page, pageErrors }) => {
  pageErrors.allow(/call init first/);
  const text = 'Ferndesk: identify failed - call init first';
  await says(page, 'error', text, () => embed(page, [identifyAsDana(), INIT]));
  await is(page, 'anonymous');
});

test('another init forgets who the user was', async ({ page }) => {
  await embed(page, [INIT, identifyAsDana()]);
  await is(page, 'identified');
  await page.evaluate((init) => Ferndesk(...init), INIT);
  await is(page, 'anonymous');
  await page.evaluate(() => Ferndesk('open'));
  await page.getByRole('button', { name: 'Write to us' }).click();
  await expect(page.getByLabel('Email')).toHaveValue('');
});

test('identify after the widget was opened is warned of', async ({ page }) => {
  const text = 'Ferndesk: identify should be called before the widget is opened';
  await says(page, 'warning', text, () => embed(page, [INIT, ['open'], identifyAsDana()]));
  await is(page, 'identified');
});

for (const { name, calls, site, status, text } of [
  { name: 'no token', calls: [INIT, ['identify', {}]], site: SITE, status: 400, text: 'identify requires a token' },
  { name: 'a bad token', calls: [INIT, ['identify', { token: 'a.b.c' }]], site: SITE, status: 401, text: 'invalid token' },
  {
    name: 'a page of another domain',
    calls: [INIT, identifyAsDana()],
    site: PARTNER,
    status: 403,
    text: 'must be called from same domain or 1-level subdomain',
  },
] satisfies { name: string; calls: Call[]; site: string; status: number; text: string }[]) {
  test(`${name} is refused in the vendor's words`, async ({ page, pageErrors }) => {
    pageErrors.allow(/Ferndesk: identify failed/, new RegExp(`status of ${status}`));
    await says(page, 'error', `Ferndesk: identify failed - ${text}`, () => embed(page, calls, site));
    await is(page, 'refused');
  });
}

test('anyone who has signed out at the host is signed out of the help center', async ({ page, context, pageErrors }) => {
  pageErrors.allow(/status of 401/);
  const headers = readableBy(HELP_CENTER);
  let response = { status: 200, body: tokenOfDana(), headers };
  await context.route('**/api/ferndesk-token', (route) => route.fulfill(response));
  await page.goto(HELP_CENTER);
  await is(page, 'identified');
  await page.reload();
  await is(page, 'identified');
  const signOut = page.getByRole('button', { name: 'Sign out' });
  await expect(signOut).toBeVisible();
  response = { status: 401, body: '{"error":"Not authenticated"}', headers };
  await page.reload();
  await expect(signOut).toHaveCount(0);
  expect((await context.cookies(HELP_CENTER)).map(({ name }) => name)).not.toContain('ferndesk');
});
