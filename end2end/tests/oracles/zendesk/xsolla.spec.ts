// Users of an Xsolla Login project at the endpoint for Zendesk's token: the vendor's own SDK logs them in,
// and every token that an independent library refuses is refused.
import { createPublicKey } from 'node:crypto';
import type { Page } from '@playwright/test';
import { decodeJwt } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { expect, test } from '../../fixtures.ts';
import { DANA } from '../../support/accounts.ts';
import { COOKIE_DOMAIN, SITE } from '../../support/environment.ts';
import { now } from '../../support/jwt_libraries.ts';
import { fetchAs, type PageResponse } from '../../support/site_page.ts';
import { ISSUER, PAOLO, tokens } from '../xsolla_tokens.ts';

const PROJECT = process.env.XSOLLA_LOGIN_PROJECT_ID!;
const SECRET = process.env.XSOLLA_LOGIN_SECRET!;
const API = process.env.XSOLLA_LOGIN_API_URL!;
const REJECTED = { code: '00-01', description: 'Token is invalid' };

// The test injects the SDK into a page of the site, whose policy it does not test.
test.use({ bypassCSP: true });

test.beforeEach(({ pageErrors }) => pageErrors.allow(/status of 4(01|22)/));

/** Requests Zendesk's token with this user JWT in the cookie. */
async function generate(page: Page, token: string): Promise<PageResponse> {
  const cookie = { name: 'token', value: token, domain: COOKIE_DOMAIN, path: '/' };
  await page.context().addCookies([cookie]);
  return fetchAs(page, '/generate/token');
}

/** Logs in with the vendor's SDK on a page of the site, and returns the token in the returned URL. */
async function logIn(page: Page, username: string): Promise<string> {
  await page.goto(SITE);
  await page.addScriptTag({ url: '/sdk/xsolla.js' });
  const callback = `${SITE}/xsolla`;
  const address = await page.evaluate(
    async ([projectId, apiUrl, callbackUrl, username, password]) => {
      const { Api } = (globalThis as any).XsollaLogin;
      const api = new Api({ projectId, apiUrl, callbackUrl, payload: 'from the shop' });
      return (await api.login({ credentials: { username, password } })).login_url as string;
    },
    [PROJECT, API, callback, username, DANA.password],
  );
  expect(address.startsWith(`${callback}?token=`)).toBe(true);
  return new URL(address).searchParams.get('token')!;
}

/** The key with this id in the project's list, whose numbers are hexadecimal. */
async function projectKey(id: string) {
  const list = (await (await fetch(`${API}/projects/${PROJECT}/keys`)).json()) as { kid: string; n: string; e: string }[];
  const { n, e } = list.find(({ kid }) => kid === id)!;
  const base64url = (hex: string) => Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
  return createPublicKey({ key: { kty: 'RSA', n: base64url(n), e: base64url(e) }, format: 'jwk' });
}

test('the SDK logs in, and its token becomes one of Zendesk', async ({ page }) => {
  const token = await logIn(page, 'paolo');
  const claims = jsonwebtoken.verify(token, SECRET, { algorithms: ['HS256'], issuer: ISSUER });
  expect(claims).toMatchObject({ sub: PAOLO, payload: 'from the shop' });
  const response = await generate(page, token);
  expect(response.status).toBe(200);
  const { external_id, email } = decodeJwt(JSON.parse(response.text).token);
  expect({ external_id, email }).toEqual({ external_id: PAOLO, email: 'paolo@players.example' });
});

test('the same with a project that signs with keys', async ({ page, switches }) => {
  await switches('xsolla', { signature: 'RS256' });
  const token = await logIn(page, 'paolo');
  const { kid } = jsonwebtoken.decode(token, { complete: true })!.header;
  const claims = jsonwebtoken.verify(token, await projectKey(kid!), { algorithms: ['RS256'], issuer: ISSUER });
  expect(claims).toMatchObject({ sub: PAOLO });
  expect((await generate(page, token)).status).toBe(200);
});

test('the SDK tells a wrong password from a right one', async ({ page }) => {
  await expect(logIn(page, 'unknown')).rejects.toThrow(/\d{3}-\d{3}/);
});

test('what another library refuses is refused, what all of them take is taken', async ({ page }) => {
  const { good, bad } = tokens({ projectId: PROJECT, secret: SECRET, now: now() });
  for (const { name, token } of good) {
    expect([name, (await generate(page, token)).status]).toEqual([name, 200]);
  }
  for (const { name, token } of bad) {
    const { status, text } = await generate(page, token);
    expect([name, status, JSON.parse(text)]).toEqual([name, 401, REJECTED]);
  }
});
