// https://github.com/panva/node-oidc-provider with its own pages, which accept any password.
import { generateKeyPairSync, randomUUID } from 'node:crypto';

// It warns of an older Node.js, and of its pages and its storage, which are meant for development.
console.warn = () => {};
const { default: Provider } = await import('oidc-provider');

const { CLIENT_ID, CLIENT_SECRET, ISSUER, PORT, REDIRECT_URI, SETTINGS, USER_EMAIL, USER_NAME } = process.env;
const settings = JSON.parse(SETTINGS);

const kinds = [
  ['rsa', { modulusLength: 2048 }],
  ['ec', { namedCurve: 'P-256' }],
  ['ec', { namedCurve: 'P-384' }],
  ['ed25519', {}],
];
const keys = kinds.map(([kind, options]) => ({
  ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }),
  kid: randomUUID(),
  use: 'sig',
}));

/** Settings of the client; all others are the provider's. */
const OF_CLIENT = ['id_token_signed_response_alg', 'token_endpoint_auth_method', 'userinfo_signed_response_alg'];
const chosen = (ofClient) =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => OF_CLIENT.includes(name) === ofClient));

const provider = new Provider(ISSUER, {
  clients: [{ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: [REDIRECT_URI], ...chosen(true) }],
  jwks: { keys },
  cookies: { keys: [randomUUID()] },
  findAccount: (_, sub) => ({
    accountId: sub,
    claims: () => ({ sub, email: USER_EMAIL, email_verified: true, name: USER_NAME }),
  }),
  ...chosen(false),
});
provider.listen(Number(PORT), '127.0.0.1');
