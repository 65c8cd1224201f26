// A certified OpenID provider, independent of Latchkey: https://github.com/panva/node-oidc-provider.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, type Page } from '@playwright/test';
import Provider, { type AdapterFactory, type AdapterPayload, type InteractionResults, type JWK } from 'oidc-provider';
import type { Account } from './accounts.ts';
import { close, listen } from './servers.ts';

/** Latchkey's client at the provider. */
export const CLIENT = { id: 'latchkey', secret: 'a secret of the two, not for production' };

/** A provider with one client and one user. */
export class OidcProvider {
  readonly #issuer: string;
  readonly #redirectUri: string;
  readonly #user: Account;
  readonly #server = http.createServer((request, response) => this.#listener(request, response));
  #listener: RequestListener;

  private constructor(issuer: string, redirectUri: string, user: Account) {
    this.#issuer = issuer;
    this.#redirectUri = redirectUri;
    this.#user = user;
    this.#listener = this.#startOver();
  }

  static async start(port: number, redirectUri: string, user: Account): Promise<OidcProvider> {
    const provider = new OidcProvider(`http://127.0.0.1:${port}`, redirectUri, user);
    await listen(provider.#server, port);
    return provider;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await close(this.#server);
  }

  /** Signs with a new key from now on. Forgets the old key and all sessions. */
  rotateKeys(): void {
    this.#listener = this.#startOver();
  }

  #startOver(): RequestListener {
    const { email, displayName } = this.#user;
    const provider = new Provider(this.#issuer, {
      adapter: newMemory(),
      clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [this.#redirectUri] }],
      jwks: { keys: [newSigningKey()] },
      cookies: { keys: [randomUUID()] },
      pkce: { required: () => true },
      claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
      findAccount: (_, sub) => ({
        accountId: sub,
        claims: () => ({ sub, name: displayName, email, email_verified: true }),
      }),
      features: { devInteractions: { enabled: false } },
      ttl: { AccessToken: 60, Grant: 600, IdToken: 60, Interaction: 600, Session: 600 },
    });
    const handle = provider.callback();
    return (request, response) => {
      if (request.url?.startsWith('/interaction/')) void interact(provider, request, response);
      else void handle(request, response);
    };
  }
}

function newSigningKey(): JWK {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' } as JWK;
}

/** In-memory storage; the provider's own logs a warning. */
function newMemory(): AdapterFactory {
  const kept = new Map<string, AdapterPayload>();
  return (kind) => ({
    upsert: async (id, payload) => void kept.set(`${kind} ${id}`, payload),
    find: async (id) => kept.get(`${kind} ${id}`),
    findByUid: async (uid) => [...kept.values()].find((payload) => payload.kind === kind && payload.uid === uid),
    findByUserCode: async () => undefined,
    consume: async (id) => void Object.assign(kept.get(`${kind} ${id}`)!, { consumed: Date.now() / 1000 }),
    destroy: async (id) => void kept.delete(`${kind} ${id}`),
    revokeByGrantId: async () => {},
  });
}

const PAGES: Record<string, string> = {
  login: '<h1>Who are you?</h1><label>Email <input name="login" autofocus></label> <button>Go on</button>',
  consent: '<h1>Tell them who you are?</h1><button autofocus>Allow</button>',
};

/** Shows the page that the provider requests, and passes on the visitor's answer. */
async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, session, params } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><html lang="en"><title>Independent ID</title><link rel="icon" href="data:,">
      <form method="post">${PAGES[prompt.name]} <button name="cancel" value="1">Cancel</button></form>`);
    return;
  }
  const form = new URLSearchParams(await text(request));
  let result: InteractionResults;
  if (form.has('cancel')) {
    result = { error: 'access_denied', error_description: '<b>The visitor</b> said no.' };
  } else if (prompt.name === 'login') {
    result = { login: { accountId: form.get('login')! } };
  } else {
    const grant = new provider.Grant({ accountId: session!.accountId, clientId: String(params.client_id) });
    grant.addOIDCScope(String(params.scope));
    result = { consent: { grantId: await grant.save() } };
  }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: prompt.name === 'consent' });
}

/** Signs in and consents on the provider's pages, which `page` shows. */
export async function agree(page: Page, user: Account): Promise<void> {
  await signInAgain(page, user);
  await page.getByRole('button', { name: 'Allow' }).click();
}

/** Signs in again as a user who has consented before. */
export async function signInAgain(page: Page, { email }: Account): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Go on' }).click();
}

/** Cancels the sign-in. */
export async function cancel(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Who are you?' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
}
