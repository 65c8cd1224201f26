// Our tokens for Zendesk's Chat and Messaging compared with those of the vendor's samples, and verified by
// independent libraries.
import type { Page } from '@playwright/test';
import { SignJWT, decodeJwt, decodeProtectedHeader } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { expect, test } from '../fixtures.ts';
import { DANA, signIn } from '../support/accounts.ts';
import { SANDBOX } from '../support/environment.ts';
import { expectGolden } from '../support/golden.ts';
import { LIBRARIES, now } from '../support/jwt_libraries.ts';
import { fetchAs, viewer } from '../support/site_page.ts';

interface User {
  id: string;
  email: string;
  name: string;
}

/** One of the vendor's two chats. */
interface Chat {
  path: string;
  secret: string;
  /** The token of the vendor's sample. */
  sample(user: User): string;
  /** The status of the vendor's response to a token. */
  present(token: string): Promise<number>;
  claims: string[];
  /** The maximum time until `exp`, in seconds. */
  lifetime: number;
}

const keyid = process.env.ZENDESK_MESSAGING_KEY_ID!;

const CHATS: Record<string, Chat> = {
  Chat: {
    path: '/api/zendesk/token',
    secret: process.env.ZENDESK_CHAT_SECRET!,
    sample({ id, email, name }) {
      return jsonwebtoken.sign({ name, email, external_id: id, iat: now() }, this.secret, { algorithm: 'HS256' });
    },
    async present(token) {
      const body = new URLSearchParams({ account_key: process.env.ZENDESK_CHAT_ACCOUNT_KEY!, token, format: 'json' });
      return (await fetch(`${SANDBOX}/zendesk/authenticated/web/jwt`, { method: 'POST', body })).status;
    },
    claims: ['email', 'exp', 'external_id', 'iat', 'name'],
    lifetime: 7 * 60,
  },
  Messaging: {
    path: '/api/zendesk/messaging-token',
    secret: process.env.ZENDESK_MESSAGING_SECRET!,
    sample({ id, email, name }) {
      const claims = { scope: 'user', external_id: id, name, email, email_verified: true, exp: now() + 300 };
      return jsonwebtoken.sign(claims, this.secret, { algorithm: 'HS256', keyid, noTimestamp: true });
    },
    async present(jwt) {
      const headers = { 'Content-Type': 'application/json' };
      const body = JSON.stringify({ jwt });
      return (await fetch(`${SANDBOX}/zendesk/messaging/login`, { method: 'POST', headers, body })).status;
    },
    claims: ['email', 'email_verified', 'exp', 'external_id', 'name', 'scope'],
    lifetime: 7 * 60,
  },
};

/** A token of the server, and its user. */
async function issued(page: Page, { path }: Chat): Promise<{ token: string; dana: User }> {
  await signIn(page, DANA);
  const { token } = JSON.parse((await fetchAs(page, path)).text);
  return { token, dana: { ...(await viewer(page)), email: DANA.email } };
}

for (const [name, chat] of Object.entries(CHATS)) {
  test(`every library takes our token for ${name} with the right secret alone`, async ({ page }) => {
    const { token } = await issued(page, chat);
    const demands = { secret: chat.secret, at: now(), required: chat.claims };
    const claims = decodeJwt(token);
    for (const library of LIBRARIES) {
      expect(await library.read([token], demands), library.name).toEqual([claims]);
      expect(await library.read([token], { ...demands, secret: `${chat.secret}x` }), library.name).toEqual([null]);
      expect(await library.read([token], { ...demands, at: claims.exp! }), library.name).toEqual([null]);
    }
  });

  test(`our token for ${name} says what the sample says, and is answered like it`, async ({ page }) => {
    const { token, dana } = await issued(page, chat);
    const sample = chat.sample(dana);
    expect(decodeProtectedHeader(token)).toEqual(decodeProtectedHeader(sample));
    const { iat, exp, ...ours } = decodeJwt(token);
    const { iat: _iat, exp: _exp, ...theirs } = decodeJwt(sample);
    expect(ours).toEqual(theirs);
    expect(Object.keys(decodeJwt(token)).sort()).toEqual(chat.claims);
    expect(exp! - (iat ?? now())).toBeLessThanOrEqual(chat.lifetime);
    for (const good of [token, sample]) {
      expect(await chat.present(good)).toBe(200);
      const [header, , signature] = good.split('.');
      const [, other] = chat.sample({ ...dana, id: 'another-user' }).split('.');
      expect(await chat.present(`${header}.${other}.${signature}`)).toBe(401);
    }
  });
}

interface Given {
  chatSecret: string;
  messagingSecret: string;
  keyId: string;
  now: number;
  users: { externalId: string; email: string; name: string; emailVerified: boolean }[];
}

test('the golden tokens are what jose signs', async () => {
  await expectGolden('zendesk', async ({ chatSecret, messagingSecret, keyId, now, users }: Given) => {
    const exp = now + 300;
    const key = (secret: string) => new TextEncoder().encode(secret);
    const chat = users.map(({ externalId, email, name }) =>
      new SignJWT({ name, email, external_id: externalId, iat: now, exp })
        .setProtectedHeader({ typ: 'JWT', alg: 'HS256' })
        .sign(key(chatSecret)),
    );
    const messaging = users.map(({ externalId, email, name, emailVerified }) =>
      new SignJWT({ scope: 'user', external_id: externalId, name, email, email_verified: emailVerified, exp })
        .setProtectedHeader({ typ: 'JWT', alg: 'HS256', kid: keyId })
        .sign(key(messagingSecret)),
    );
    return { chat: await Promise.all(chat), messaging: await Promise.all(messaging) };
  });
});
