// Ferndesk's widget by itself, on pages that call it as the vendor's documents say, or not.
import type { Page } from '@playwright/test';
import jsonwebtoken from 'jsonwebtoken';
import { expect, test } from '../fixtures.ts';
import { DANA } from '../support/accounts.ts';
import { PARTNER, SANDBOX, SITE } from '../support/environment.ts';
import { now } from '../support/jwt_libraries.ts';
import { standIn } from '../support/stand_in.ts';

type Call = [method: string, options?: Record<string, unknown>];

declare const Ferndesk: (...call: Call) => void;

const INIT: Call = ['init', { widgetId: process.env.FERNDESK_WIDGET_ID }];

function identifyAsDana(): Call {
  const claims = { userId: 'dana', email: DANA.email, name: DANA.displayName, exp: now() + 3600 };
  const token = jsonwebtoken.sign(claims, process.env.FERNDESK_JWT_SECRET!, { algorithm: 'HS256', noTimestamp: true });
  return ['identify', { token }];
}

/** A page that makes these calls before the widget's script is there. */
async function embed(page: Page, calls: Call[], site = SITE): Promise<void> {
  const body = `<!doctype html>
    <title>Embedded</title>
    <link rel="icon" href="data:,">
    <script>
      window.Ferndesk = function () { (Ferndesk.q ||= []).push(arguments); };
      for (const call of ${JSON.stringify(calls)}) Ferndesk(...call);
    </script>
    <script src="${SANDBOX}/ferndesk/sdk.js" defer></script>`;
  await standIn(page.context(), `${site}/embedded`, body);
  await page.goto(`${site}/embedded`);
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
  test(`fer_07 ${name} is refused in the vendor's words`, async ({ page, pageErrors }) => {
    pageErrors.allow(/Ferndesk: identify failed/, new RegExp(`status of ${status}`));
    await says(page, 'error', `Ferndesk: identify failed - ${text}`, () => embed(page, calls, site));
    await is(page, 'refused');
  });
}
