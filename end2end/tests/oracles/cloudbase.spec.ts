// Our CloudBase tickets compared with those of the vendor's own server SDK: their claims, and who accepts or
// refuses them.
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { mock } from 'node:test';
import tcb from '@cloudbase/node-sdk';
import type { Page } from '@playwright/test';
import { compactVerify } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { expect, test } from '../fixtures.ts';
import { DANA, signIn } from '../support/accounts.ts';
import { SANDBOX, SITE } from '../support/environment.ts';
import { expectGolden } from '../support/golden.ts';
import type { Claims } from '../support/jwt_libraries.ts';
import { exchanges } from '../support/sandbox.ts';
import { fetchAs, viewer } from '../support/site_page.ts';

interface KeyFile {
  private_key_id: string;
  private_key: string;
  env_id: string;
}

/** The SDK's ticket. */
function sdkTicket(keyFile: KeyFile, uid: string): string {
  return tcb.init({ env: keyFile.env_id, credentials: keyFile }).auth().createTicket(uid);
}

/** The parts of a ticket, with header and payload still encoded. */
function parts(ticket: string): { id: string; header: string; payload: string; signature: string } {
  const [id = '', jwt = ''] = ticket.split('/@@/');
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  return { id, header, payload, signature };
}

function decoded(part: string): Claims {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims;
}

function encoded(part: Claims): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** The key file that the server signs with, our ticket for Dana, and the SDK's for the same user. */
async function issued(page: Page): Promise<{ keyFile: KeyFile; ours: string; sdks: string }> {
  const keyFile = JSON.parse(await readFile(process.env.CLOUDBASE_KEY_FILE!, 'utf8')) as KeyFile;
  await signIn(page, DANA);
  const { ticket } = JSON.parse((await fetchAs(page, '/api/cloudbase/ticket')).text);
  return { keyFile, ours: ticket, sdks: sdkTicket(keyFile, (await viewer(page)).id) };
}

/** The gateway's response to a ticket, and the recorded outcome. */
async function exchange(ticket: string, env: string): Promise<{ status: number; body: Claims; outcome: string }> {
  const response = await fetch(`${SANDBOX}/auth/v1/signin/custom?client_id=${env}`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
    body: JSON.stringify({ provider_id: 'custom', ticket }),
  });
  const body = (await response.json()) as Claims;
  const { outcome } = (await exchanges<{ outcome: string }>('cloudbase')).at(-1)!;
  return { status: response.status, body, outcome };
}

test('our ticket is the one of the SDK, but for the moment', async ({ page }) => {
  const { ours, sdks } = await issued(page);
  const [our, sdk] = [parts(ours), parts(sdks)];
  expect([our.id, our.header]).toEqual([sdk.id, sdk.header]);
  const sinceIssue = (payload: string) => {
    const claims = decoded(payload);
    const { iat, exp, expire } = claims as Record<string, number>;
    return Object.entries({ ...claims, iat: 0, exp: exp! - iat!, expire: expire! - iat! });
  };
  expect(sinceIssue(our.payload)).toEqual(sinceIssue(sdk.payload));
});

test('libraries take our ticket with the public key, like the one of the SDK', async ({ page }) => {
  const { keyFile, ours, sdks } = await issued(page);
  const key = createPublicKey(keyFile.private_key);
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  for (const ticket of [ours, sdks]) {
    const [, jwt = ''] = ticket.split('/@@/');
    const claims = decoded(parts(ticket).payload);
    expect(jsonwebtoken.verify(jwt, key, { algorithms: ['RS256'] })).toEqual(claims);
    expect(() => jsonwebtoken.verify(jwt, stranger, { algorithms: ['RS256'] })).toThrow('invalid signature');
    const { payload } = await compactVerify(jwt, key, { algorithms: ['RS256'] });
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(claims);
    await expect(compactVerify(jwt, stranger, { algorithms: ['RS256'] })).rejects.toThrow();
  }
});

test('gateway and browser SDK make one user of either ticket', async ({ page }) => {
  const { keyFile, ours, sdks } = await issued(page);
  const gateway = await Promise.all([ours, sdks].map((ticket) => exchange(ticket, keyFile.env_id)));
  expect(gateway.map(({ status }) => status)).toEqual([200, 200]);
  const subs = new Set(gateway.map(({ body }) => body.sub));

  await page.goto(`${SITE}/cloudbase`);
  await page.waitForFunction('typeof cloudbase === "object"');
  for (const ticket of [ours, sdks]) {
    const { error, sub } = await signInWithSdk(page, keyFile.env_id, ticket);
    expect(error).toBeNull();
    subs.add(sub);
  }
  expect(subs.size).toBe(1);
});

/** Signs in with the browser SDK that the page has loaded. */
function signInWithSdk(page: Page, env: string, ticket: string): Promise<{ error: string | null; sub: unknown }> {
  return page.evaluate(
    async ([env, ticket, sandbox]) => {
      const app = (globalThis as any).cloudbase.init({ env });
      app.registerEndPointWithKey({ key: 'GATEWAY', url: `//${new URL(sandbox!).host}/v1`, protocol: 'http' });
      const auth = app.auth({ persistence: 'none' });
      auth.setCustomSignFunc(async () => ticket);
      const { data, error } = await auth.signInWithCustomTicket();
      return { error: error?.message ?? null, sub: data?.session?.sub ?? data?.user?.id };
    },
    [env, ticket, SANDBOX],
  );
}

/** Changes to a payload before it is signed, each with the outcome at the gateway. */
const MUTATIONS: [name: string, change: (claims: Record<string, any>) => Claims, outcome: string][] = [
  ['alg of another family', () => ({ alg: 'HS256' }), 'malformed_claims'],
  ['no alg', () => ({ alg: undefined }), 'malformed_claims'],
  ['another environment', () => ({ env: 'another-env-9z8y7x' }), 'wrong_environment'],
  ['seconds', ({ iat, exp }) => ({ iat: Math.floor(iat / 1000), exp: Math.floor(exp / 1000) }), 'expired_ticket'],
  ['no iat', () => ({ iat: undefined }), 'malformed_claims'],
  ['iat as text', ({ iat }) => ({ iat: String(iat) }), 'malformed_claims'],
  ['iat tomorrow', ({ iat, exp }) => ({ iat: iat + 86_400_000, exp: exp + 86_400_000 }), 'ticket_from_the_future'],
  ['exp in the past', ({ iat }) => ({ exp: iat - 1 }), 'expired_ticket'],
  ['no exp', () => ({ exp: undefined }), 'malformed_claims'],
  ['exp after an hour', ({ iat }) => ({ exp: iat + 3_600_000 }), 'ticket_lives_too_long'],
  ['a short uid', () => ({ uid: 'abc' }), 'invalid_uid'],
  ['a UUID with hyphens', () => ({ uid: '550e8400-e29b-41d4-a716-446655440000' }), 'invalid_uid'],
  ['a number as uid', () => ({ uid: 12345 }), 'malformed_claims'],
  ['no uid', () => ({ uid: undefined }), 'malformed_claims'],
  ['no refresh', () => ({ refresh: undefined }), 'malformed_claims'],
  ['expire in the past', ({ iat }) => ({ expire: iat - 1 }), 'sign_in_expired'],
  ['expire in seconds', ({ expire }) => ({ expire: Math.floor(expire / 1000) }), 'sign_in_expired'],
];

test('whatever is bent in a ticket is refused for the same reason, regardless of who made it', async ({ page }) => {
  const { keyFile, ours, sdks } = await issued(page);
  for (const ticket of [ours, sdks]) {
    const { id, header, payload, signature } = parts(ticket);
    const claims = decoded(payload);
    const signed = (header: string, payload: string) => {
      const message = `${header}.${payload}`;
      return `${id}/@@/${message}.${sign('sha256', Buffer.from(message), keyFile.private_key).toString('base64url')}`;
    };
    const bent: [string, string, string][] = [
      ...MUTATIONS.map(([name, change, outcome]): [string, string, string] => {
        return [name, signed(header, encoded({ ...claims, ...change(claims) })), outcome];
      }),
      ['a key in the header', signed(encoded({ alg: 'RS256', typ: 'JWT', kid: id }), payload), 'wrong_header'],
      ['alg none', `${id}/@@/${encoded({ alg: 'none', typ: 'JWT' })}.${payload}.${signature}`, 'wrong_header'],
      ['HS256', signed(encoded({ alg: 'HS256', typ: 'JWT' }), payload), 'wrong_header'],
      ['another key id', ticket.replace(id, `${id}0`), 'unknown_key'],
      ['no key id', ticket.split('/@@/')[1]!, 'malformed_ticket'],
      ['another user', `${id}/@@/${header}.${encoded({ ...claims, uid: 'another' })}.${signature}`, 'bad_signature'],
      ['no signature', `${id}/@@/${header}.${payload}.`, 'malformed_ticket'],
      ['padding', `${ticket}=`, 'malformed_ticket'],
    ];
    for (const [name, bad, outcome] of bent) {
      const response = await exchange(bad, keyFile.env_id);
      expect([name, response.outcome]).toEqual([name, outcome]);
      expect(response.body, name).toHaveProperty('error');
      expect(response.status, name).toBeGreaterThanOrEqual(400);
    }
    expect((await exchange(signed(header, payload), keyFile.env_id)).status).toBe(200);
  }
});

interface Given {
  /** In milliseconds since the Unix epoch. */
  now: number;
  keyFiles: KeyFile[];
  uids: string[];
}

test('the golden tickets are what the SDK makes', async () => {
  await expectGolden('cloudbase', async ({ now, keyFiles, uids }: Given) => {
    mock.timers.enable({ apis: ['Date'], now });
    try {
      return { tickets: keyFiles.map((keyFile) => uids.map((uid) => sdkTicket(keyFile, uid))) };
    } finally {
      mock.timers.reset();
    }
  });
});
