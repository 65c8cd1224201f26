// The providers, with the settings that each needs. docs/providers.md explains them.
import type { Page } from '@playwright/test';
import type { Account } from '../support/accounts.ts';
import type { Provider } from './provider.ts';

const nodeOidcProvider: Provider = {
  folder: 'node_oidc_provider',
  package: 'oidc-provider',
  settings: { claims: { email: ['email', 'email_verified'], profile: ['name'] } },
  async signIn(page, { email, password }) {
    await page.getByPlaceholder('Enter any login').fill(email);
    await page.getByPlaceholder('and password').fill(password);
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
  },
};

/** The same with more settings. */
function withSettings(provider: Provider, settings: Provider['settings']): Provider {
  return { ...provider, settings: { ...provider.settings, ...settings } };
}

/** Signs ID tokens with an algorithm that the provider has to be allowed to use. */
function signing(algorithm: string): Provider {
  const settings = {
    enabledJWA: { idTokenSigningAlgValues: [algorithm] },
    id_token_signed_response_alg: algorithm,
  };
  return withSettings(nodeOidcProvider, settings);
}

/** The form of a site that is built with the provider, which asks for the password only. */
async function givePassword(page: Page, { password }: Account): Promise<void> {
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Django's own form, and then the provider's question. */
async function signInToDjango(page: Page, user: Account): Promise<void> {
  await page.getByLabel('Username').fill(user.email);
  await givePassword(page, user);
  await page.getByRole('button', { name: 'Authorize' }).click();
}

const djangoOauthToolkit: Provider = {
  folder: 'django_oauth_toolkit',
  package: 'django-oauth-toolkit',
  path: '/o',
  settings: {
    SCOPES: { openid: 'Who you are', email: 'Your address', profile: 'Your name' },
    OAUTH2_VALIDATOR_CLASS: 'validators.WithVerifiedAddress',
    algorithm: 'RS256',
  },
  signIn: signInToDjango,
};

const betterAuthBefore17: Provider = {
  folder: 'better_auth_1_6',
  package: 'better-auth',
  document: '/api/auth/.well-known/openid-configuration',
  settings: { useJWTPlugin: true },
  async signIn(page, user) {
    await page.getByLabel('Email').fill(user.email);
    await givePassword(page, user);
  },
};

export const PROVIDERS: readonly Provider[] = [
  nodeOidcProvider,
  withSettings(nodeOidcProvider, {
    clientAuthMethods: ['client_secret_post'],
    token_endpoint_auth_method: 'client_secret_post',
  }),
  {
    ...withSettings(nodeOidcProvider, { token_endpoint_auth_method: 'client_secret_post' }),
    latchkey: { OAUTH_SSO_AUTH: 'post' },
  },
  ...['RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'EdDSA', 'Ed25519'].map(signing),
  withSettings(
    nodeOidcProvider,
    { features: { jwtUserinfo: { enabled: true } }, userinfo_signed_response_alg: 'RS256' },
  ),
  {
    folder: 'better_auth',
    package: '@better-auth/oauth-provider',
    path: '/api/auth',
    settings: {},
    async signIn(page, user) {
      await page.getByLabel('Email').fill(user.email);
      await givePassword(page, user);
      await page.getByRole('button', { name: 'Allow' }).click();
    },
  },
  betterAuthBefore17,
  {
    ...betterAuthBefore17,
    settings: {},
    refusal: /the issuer signs ID tokens only with HS256, which is not accepted/,
  },
  {
    folder: 'glewlwyd',
    package: 'glewlwyd',
    path: '/api/oidc',
    settings: { 'pkce-allowed': true, 'email-claim': 'mandatory', 'name-claim': 'mandatory' },
    latchkey: { OAUTH_SSO_TRUST_EMAIL: 'on' },
    async signIn(page, { email, password }) {
      await page.locator('#username').fill(email);
      await page.locator('#password').fill(password);
      await page.getByRole('button', { name: 'OK' }).click();
      await page.getByRole('button', { name: 'Grant access' }).click();
      await page.getByRole('button', { name: 'Continue' }).click();
    },
  },
  {
    folder: 'lemonldap_ng',
    package: 'liblemonldap-ng-portal-perl',
    path: '/',
    settings: {
      oidcRPMetaDataOptionsIDTokenSignAlg: 'RS256',
      oidcRPMetaDataExportedVars: { email: 'mail', name: 'cn' },
    },
    latchkey: { OAUTH_SSO_TRUST_EMAIL: 'on' },
    async signIn(page, { email }) {
      await page.locator('input[name="user"]').fill(email);
      await page.locator('input[name="password"]').fill(email);
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByRole('button', { name: 'Accept' }).click();
    },
  },
  djangoOauthToolkit,
  {
    ...withSettings(djangoOauthToolkit, { OAUTH2_VALIDATOR_CLASS: 'validators.WithAddress' }),
    latchkey: { OAUTH_SSO_TRUST_EMAIL: 'on' },
  },
  {
    folder: 'django_oidc_provider',
    package: 'django-oidc-provider',
    path: '/openid',
    settings: { OIDC_USERINFO: 'claims.with_address' },
    signIn: signInToDjango,
  },
  {
    folder: 'authlib',
    package: 'authlib',
    settings: { alg: 'RS256' },
    signIn: givePassword,
  },
  {
    folder: 'pyop',
    package: 'pyop',
    settings: { scopes_supported: ['openid', 'email', 'profile'] },
    signIn: givePassword,
  },
  {
    folder: 'oidc_provider_mock',
    package: 'oidc-provider-mock',
    settings: {},
    async signIn(page) {
      await page.getByRole('button', { name: 'noor' }).click();
    },
  },
];
