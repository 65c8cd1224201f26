// Our Ferndesk tokens compared with those of the vendor's sample, and verified by independent libraries.
import type { Page } from '@playwright/test';
import { SignJWT, decodeJwt } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { expect, test } from '../fixtures.ts';
import { DANA, signIn } from '../support/accounts.ts';
import { SANDBOX, SITE } from '../support/environment.ts';
import { expectGolden } from '../support/golden.ts';
import { LIBRARIES, now, type Claims } from '../support/jwt_libraries.ts';
import { fetchAs, viewer } from '../support/site_page.ts';

const SECRET = process.env.FERNDESK_JWT_SECRET!;

interface User {
  id: string;
  email: string;
  name: string;
  photoUrl: string | null;
}

/** The token of the vendor's sample; its newer documentation has the user's id in `sub`. */
function sample({ id, email, name }: User, idClaim: 'userId' | 'sub'): string {
  const claims = { [idClaim]: id, email, name, exp: now() + 3600 };
  return jsonwebtoken.sign(claims, SECRET, { algorithm: 'HS256', noTimestamp: true });
}

/** The help center's response to a token. */
async function identify(token: string): Promise<{ status: number; body: Claims }> {
  const response = await fetch(`${SANDBOX}/ferndesk/api/identify`, {
    method: 'POST',
    headers: { Origin: SITE, 'Content-Type': 'application/json' },
    body: JSON.stringify({ widgetId: process.env.FERNDESK_WIDGET_ID, token }),
  });
  return { status: response.status, body: (await response.json()) as Claims };
}

/** A token of the server, and its user. */
async function issued(page: Page): Promise<{ token: string; dana: User }> {
  await signIn(page, DANA);
  const { text: token } = await fetchAs(page, '/api/ferndesk-token');
  return { token, dana: { ...(await viewer(page)), email: DANA.email, photoUrl: null } };
}

test('every library takes our token with the right secret alone', async ({ page }) => {
  const { token } = await issued(page);
  const demands = { secret: SECRET, at: now(), required: ['exp', 'email', 'userId', 'sub'] };
  const claims = decodeJwt(token);
  for (const { name, read } of LIBRARIES) {
    expect(await read([token], demands), name).toEqual([claims]);
    expect(await read([token], { ...demands, secret: `${SECRET}x` }), name).toEqual([null]);
    expect(await read([token], { ...demands, at: claims.exp! }), name).toEqual([null]);
  }
});

test('our token says what the samples of either age say', async ({ page }) => {
  const { token, dana } = await issued(page);
  const ours = decodeJwt(token);
  for (const idClaim of ['userId', 'sub'] as const) {
    const { exp, ...theirs } = decodeJwt(sample(dana, idClaim));
    expect(ours).toMatchObject(theirs);
    expect(ours.exp).toBeLessThanOrEqual(exp!);
  }
  expect(Object.keys(ours).sort()).toEqual(['customAttributes', 'email', 'exp', 'name', 'sub', 'userId']);
});

test('the help center answers our token as it answers the sample', async ({ page }) => {
  const { token, dana } = await issued(page);
  const expected = { email: dana.email, name: dana.name, expiresAt: expect.any(Number) };
  for (const good of [token, sample(dana, 'userId')]) {
    expect(await identify(good)).toEqual({ status: 200, body: expected });
    const [header, , signature] = good.split('.');
    const [, other] = sample({ ...dana, email: 'riva@example.com' }, 'userId').split('.');
    const refusal = { status: 401, body: { error: 'invalid token' } };
    expect(await identify(`${header}.${other}.${signature}`)).toEqual(refusal);
  }
});

interface Given {
  secret: string;
  now: number;
  lifetimeSeconds: number;
  users: User[];
}

test('the golden tokens are what jose signs', async () => {
  await expectGolden('ferndesk', async ({ secret, now, lifetimeSeconds, users }: Given) => {
    const tokens = users.map(({ id, email, name, photoUrl }) => {
      const attributes = photoUrl ? { customAttributes: { photo_url: photoUrl } } : {};
      const claims = { userId: id, sub: id, email, name, ...attributes, exp: now + lifetimeSeconds };
      const token = new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'HS256' });
      return token.sign(new TextEncoder().encode(secret));
    });
    return { tokens: await Promise.all(tokens) };
  });
});
