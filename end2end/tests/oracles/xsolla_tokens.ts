// Valid and invalid user JWTs of an Xsolla Login project, made without a JWT library.
import { createHmac } from 'node:crypto';

export const ISSUER = 'https://login.xsolla.com';
export const PAOLO = '5e8d2b94-0f6a-4c3e-8b1d-27c94e6f1a35';

/** The project that signs, and the time in seconds since the Unix epoch. */
export interface Project {
  projectId: string;
  secret: string;
  now: number;
}

export interface Row {
  name: string;
  token: string;
}

function encoded(part: unknown): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

function signed(header: unknown, payload: unknown, secret: string, hash = 'sha256'): string {
  const message = `${encoded(header)}.${encoded(payload)}`;
  return `${message}.${createHmac(hash, secret).update(message).digest('base64url')}`;
}

/** The tokens that every library should accept, and those that at least one refuses. */
export function tokens({ projectId, secret, now }: Project): { good: Row[]; bad: Row[] } {
  const header = { alg: 'HS256', typ: 'JWT' };
  const claims = {
    email: 'paolo@players.example',
    exp: now + 3600,
    groups: [{ id: 1, name: 'default', is_default: true }],
    iat: now,
    iss: ISSUER,
    sub: PAOLO,
    type: 'xsolla_login',
    username: 'paolo',
    xsolla_login_project_id: projectId,
  };
  const saying = (change: object) => signed(header, { ...claims, ...change }, secret);
  const headed = (change: object, hash = 'sha256') => signed({ ...header, ...change }, claims, secret, hash);
  const good = saying({});
  const [head, payload, signature] = good.split('.') as [string, string, string];
  const row = ([name, token]: [string, string]): Row => ({ name, token });
  return {
    good: [
      ['of the project', good],
      ['in another order', signed({ typ: 'JWT', alg: 'HS256' }, Object.fromEntries(Object.entries(claims).reverse()), secret)],
      ['with white space in the JSON', signed(JSON.stringify(header, null, 1), JSON.stringify(claims, null, 2), secret)],
      ['without typ', headed({ typ: undefined })],
      ['with a key id that says nothing', headed({ kid: '1' })],
      ['that lives a day', saying({ exp: now + 86_400 })],
      ['that begins now', saying({ nbf: now })],
      ['with an id', saying({ jti: '1' })],
      ['for no one in particular', saying({ aud: [] })],
      ['with other letters', saying({ username: 'Zoë 用户 🌻' })],
    ].map((pair) => row(pair as [string, string])),
    bad: [
      ['alg none', `${encoded({ ...header, alg: 'none' })}.${payload}.`],
      ['alg None, signed', headed({ alg: 'None' })],
      ['alg hs256', headed({ alg: 'hs256' })],
      ['HS384', headed({ alg: 'HS384' }, 'sha384')],
      ['HS512', headed({ alg: 'HS512' }, 'sha512')],
      ['RS256 with the secret', headed({ alg: 'RS256' })],
      ['no alg', headed({ alg: undefined })],
      ['another secret', signed(header, claims, `${secret}x`)],
      ['no secret', signed(header, claims, '')],
      ['no signature', `${head}.${payload}.`],
      ['half a signature', good.slice(0, -20)],
      ['a signature of another token', `${head}.${encoded({ ...claims, sub: 'another-user' })}.${signature}`],
      ['another first letter', `${head}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`],
      ['one segment', 'nonsense'],
      ['two segments', `${head}.${payload}`],
      ['four segments', `${good}.${signature}`],
      ['dots', '..'],
      ['a scheme in front', `Bearer ${good}`],
      ['padding', `${good}=`],
      ['a header that is no JSON', signed('alg=HS256', claims, secret)],
      ['a list as header', signed([header], claims, secret)],
      ['a payload that is no JSON', signed(header, 'sub=another', secret)],
      ['a list as payload', signed(header, [claims], secret)],
      ['null', signed(header, null, secret)],
      ['a number', signed(header, 7, secret)],
      ['more behind the payload', signed(header, `${JSON.stringify(claims)}{}`, secret)],
      ['expired', saying({ exp: now - 3600 })],
      ['exp as text', saying({ exp: String(now + 3600) })],
      ['exp as a list', saying({ exp: [now + 3600] })],
      ['iat as text', saying({ iat: 'now' })],
      ['iat tomorrow', saying({ iat: now + 86_400, exp: now + 90_000 })],
      ['nbf tomorrow', saying({ nbf: now + 86_400 })],
      ['nbf as text', saying({ nbf: 'now' })],
      ['no iss', saying({ iss: undefined })],
      ['another iss', saying({ iss: 'https://login.evil.example' })],
      ['iss with a slash', saying({ iss: `${ISSUER}/` })],
      ['a list as iss', saying({ iss: [ISSUER] })],
      ['for another service', saying({ aud: 'another-service' })],
      ['for other services', saying({ aud: ['another-service'] })],
      ['a critical header', headed({ crit: ['exp'], exp: now })],
      ['an unknown critical header', headed({ crit: ['x-latchkey'], 'x-latchkey': true })],
      ['an empty list of critical headers', headed({ crit: [] })],
      ['a payload that is not encoded', headed({ crit: ['b64'], b64: false })],
      ['a number as jti', saying({ jti: 7 })],
      ['a number as kid', headed({ kid: 7 })],
    ].map((pair) => row(pair as [string, string])),
  };
}
