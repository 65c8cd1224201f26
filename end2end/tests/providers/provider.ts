// An OpenID provider of another make, which `cargo xtask test providers` has installed.
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Account } from '../support/accounts.ts';
import { startProgram, type Stop } from '../support/servers.ts';

const INSTALLED = process.env.PROVIDERS_FOLDER ?? '';

/** Latchkey's client at each provider. */
export const CLIENT = { id: 'latchkey', secret: 'a-secret-of-the-two-not-for-production' };

export interface Provider {
  /** Its folder in `end2end/providers`. */
  folder: string;
  /** The package that it is, whose version the folder pins. */
  package: string;
  /** Its settings besides its keys, client and user, under its own names. */
  settings: Record<string, unknown>;
  /** The path of its issuer, if it has one. */
  path?: string;
  /** The path of its discovery document, if that is not below the issuer. */
  document?: string;
  /** Latchkey's settings besides issuer, client and secret. */
  latchkey?: NodeJS.ProcessEnv;
  /** Signs a user in, and consents, on the provider's pages. */
  signIn: (page: Page, user: Account) => Promise<void>;
  /** What the log says if no one can sign in with these settings. */
  refusal?: RegExp;
}

/** The folder with the provider, and all settings; if they are short, with their values. */
export function title(provider: Provider): string {
  const { folder, settings } = provider;
  const named = Object.entries({ ...settings, ...ofLatchkey(provider) }).map(([name, value]) => (typeof value === 'string' ? `${name} ${value}` : name));
  return `${folder}: ${named.join(', ') || 'as it comes'}`;
}

/** Whether a provider is a package of Debian. */
function isOfDebian({ folder }: Provider): boolean {
  return existsSync(join(INSTALLED, folder, 'debian.txt'));
}

/** Whether a provider is installed. Debian's are only where there is apt. */
export function isInstalled(provider: Provider): boolean {
  return !isOfDebian(provider) || existsSync(join(INSTALLED, provider.folder, 'root'));
}

/** A pattern of the version of a provider that is installed. Debian's depends on its release. */
export function version(provider: Provider): string {
  if (isOfDebian(provider)) return '[\\d.]+';
  const { folder, package: name } = provider;
  const list = join(INSTALLED, folder, 'package.json');
  if (existsSync(list)) return JSON.parse(readFileSync(list, 'utf8')).dependencies[name];
  const requirements = readFileSync(join(INSTALLED, folder, 'requirements.txt'), 'utf8');
  const [, version] = requirements.match(new RegExp(`^${name}==([^ \\n]+)`, 'm')) ?? [];
  if (!version) throw new Error(`${folder}/requirements.txt does not pin ${name}`);
  return version;
}

/** Latchkey's settings besides issuer, client and secret; `origin` is the provider's. */
export function ofLatchkey({ document, latchkey }: Provider, origin = ''): NodeJS.ProcessEnv {
  return { ...(document && { OAUTH_SSO_DISCOVERY: origin + document }), ...latchkey };
}

/** The origin of a provider at this port. */
export function originAt(port: number): string {
  return `http://127.0.0.1:${port}`;
}

export function issuer({ path = '' }: Provider, port: number): string {
  return originAt(port) + path;
}

/** Starts a provider with one client and one user. */
export async function startProvider(
  provider: Provider,
  port: number,
  redirectUri: string,
  user: Account,
): Promise<Stop> {
  const folder = join(INSTALLED, provider.folder);
  const variables = {
    PORT: String(port),
    ISSUER: issuer(provider, port),
    CLIENT_ID: CLIENT.id,
    CLIENT_SECRET: CLIENT.secret,
    REDIRECT_URI: redirectUri,
    USER_EMAIL: user.email,
    USER_NAME: user.displayName,
    USER_PASSWORD: user.password,
    SETTINGS: JSON.stringify(provider.settings),
    PYTHONPATH: [join(folder, 'packages'), INSTALLED].join(delimiter),
  };
  const belowIssuer = `${issuer(provider, port).replace(/\/$/, '')}/.well-known/openid-configuration`;
  const document = provider.document ? originAt(port) + provider.document : belowIssuer;
  if (existsSync(join(folder, 'serve.mjs'))) {
    return startProgram('node', variables, document, [join(folder, 'serve.mjs')]);
  }
  // Without the packages of this machine's Python.
  return startProgram('python3', variables, document, ['-S', join(folder, 'serve.py')]);
}
