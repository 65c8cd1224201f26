// The script that Xsolla's README has for pages of the site, with the vendor's own SDK.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { decodeJwt } from 'jose';
import { expect, test } from '../fixtures.ts';
import { DANA } from '../support/accounts.ts';
import { COOKIE_DOMAIN, SITE } from '../support/environment.ts';
import { standIn } from '../support/stand_in.ts';

const README = new URL('../../../server/src/vendors/xsolla/README.md', import.meta.url);
const API = process.env.XSOLLA_LOGIN_API_URL!;
const SHOP = `${SITE}/shop`;
const CLIENT = { client_id: '1001', client_secret: 'xsolla-demo-client-secret-not-for-production' };

/** The four parameters without which the SDK does not use OAuth 2.0. */
const NEEDED = ['clientId', 'responseType', 'redirectUri', 'state'] as const;

declare const XsollaLogin: { Api: new (config: object) => Api };
interface Api {
  login(user: object): Promise<{ login_url: string }>;
  getConfig(): { is_oauth2: boolean; state?: string };
}
declare function beginSignIn(): string;
declare function finishSignIn(expected: 'token' | 'code'): string | null;

/** The code in the README, as it is on a page of the site. */
async function script(): Promise<string> {
  const [, code] = (await readFile(README, 'utf8')).match(/^```js\n(const STARTED.*?)^```$/ms)!;
  return code!.replace('<LATCHKEY_COOKIE_DOMAIN>', process.env.LATCHKEY_COOKIE_DOMAIN!);
}

/** Paolo signs in with the SDK, of whose parameters some are left out. Returns whether it uses OAuth 2.0. */
async function signIn(page: Page, left: readonly string[]): Promise<boolean> {
  await page.goto(SHOP);
  const { address, isOAuth } = await page.evaluate(
    async ([projectId, apiUrl, shop, password, left]) => {
      const state = beginSignIn();
      const jwt = { projectId, apiUrl, callbackUrl: shop, payload: state };
      const all = { ...jwt, clientId: 1001, responseType: 'code', redirectUri: shop, state };
      const api = new XsollaLogin.Api(Object.fromEntries(Object.entries(all).filter(([name]) => !left.includes(name))));
      const { login_url: address } = await api.login({ credentials: { username: 'paolo', password } });
      return { address, isOAuth: api.getConfig().is_oauth2 };
    },
    [process.env.XSOLLA_LOGIN_PROJECT_ID!, API, SHOP, DANA.password, left] as const,
  );
  await page.goto(address);
  return isOAuth;
}

/** What the script returns where Xsolla returns to, or the message of the error that it throws. */
async function finish(page: Page, expected: 'token' | 'code'): Promise<string | null> {
  const result = await page.evaluate((expected) => {
    try {
      return finishSignIn(expected);
    } catch (error) {
      return (error as Error).message;
    }
  }, expected);
  expect(page.url()).toBe(SHOP);
  return result;
}

const token = async (page: Page) => (await page.context().cookies(SHOP)).find(({ name }) => name === 'token');

test.beforeEach(async ({ context }) => {
  await standIn(context, SHOP, `<title>Shop</title><script src="/sdk/xsolla.js"></script><script>${await script()}</script>`);
  const former = { name: 'token', value: 'of.the.former-user', domain: COOKIE_DOMAIN, path: '/' };
  await context.addCookies([former]);
});

test('with all four parameters the SDK gets a code for the site’s own server', async ({ page }) => {
  expect(await signIn(page, [])).toBe(true);
  const code = await finish(page, 'code');
  expect(await token(page)).toBeUndefined();
  const form = { grant_type: 'authorization_code', ...CLIENT, code: code!, redirect_uri: SHOP };
  const response = await fetch(`${API}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token } = (await response.json()) as { access_token: string };
  expect(decodeJwt(access_token)).toMatchObject({ email: 'paolo@players.example' });
});

for (const missing of NEEDED) {
  test(`without ${missing} the SDK falls back to a token: the page says so, and no one is signed in`, async ({ page }) => {
    expect(await signIn(page, [missing])).toBe(false);
    expect(await finish(page, 'code')).toBe('Xsolla has sent a token instead of a code.');
    expect(await token(page)).toBeUndefined();
  });
}

test('a page that expects a token stores it, and takes no code', async ({ page }) => {
  await signIn(page, NEEDED);
  const jwt = await finish(page, 'token');
  expect(decodeJwt(jwt!)).toMatchObject({ email: 'paolo@players.example' });
  expect(await token(page)).toMatchObject({ value: jwt, domain: COOKIE_DOMAIN, sameSite: 'Lax' });
  await signIn(page, []);
  expect(await finish(page, 'token')).toBe('Xsolla has sent a code instead of a token.');
  expect(await token(page)).toBeUndefined();
});

test('a response to nothing, or to another sign-in, is not taken', async ({ page }) => {
  await signIn(page, NEEDED);
  const address = page.url();
  await finish(page, 'token');
  const own = await token(page);
  await page.goto(address);
  expect(await finish(page, 'token')).toBeNull();
  expect(await token(page)).toEqual(own);
  for (const response of [new URL(address).search, '?code=x&state=y']) {
    await page.evaluate(() => void beginSignIn());
    await page.goto(SHOP + response);
    const expected = response.startsWith('?token') ? 'token' : 'code';
    expect(await finish(page, expected)).toBe('This answer belongs to another sign-in.');
    expect(await token(page)).toBeUndefined();
  }
  await page.evaluate(() => void beginSignIn());
  await page.goto(`${SHOP}?error=access_denied&state=x`);
  expect(await finish(page, 'code')).toBe('Xsolla has answered: access_denied');
});

test('all objects of the SDK on a page share one configuration', async ({ page }) => {
  await page.goto(SHOP);
  const second = await page.evaluate(() => {
    new XsollaLogin.Api({ projectId: 'x', clientId: 1001, responseType: 'code', redirectUri: 'https://x.test', state: 'first' });
    return new XsollaLogin.Api({ projectId: 'x' }).getConfig();
  });
  expect(second).toMatchObject({ is_oauth2: true, state: 'first' });
});
