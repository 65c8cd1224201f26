// The sandbox's switches, and the mails that it has received.
import { expect } from '@playwright/test';
import { SANDBOX } from './environment.ts';

export type Failure =
  | 'none' | 'unauthorized' | 'bad_request' | 'server_error' | 'slow' | 'empty' | 'long' | 'malformed' | 'huge';

export interface Switches {
  failure: Failure;
  expiresAt: 'seconds' | 'milliseconds' | 'iso' | 'iso_offset' | 'iso_without_zone';
  lifetimeSeconds: number;
  slowMilliseconds: number;
  blockSignOut: boolean;
}

/** The OpenID provider's switches that browser tests use. */
export interface SsoSwitches {
  discovery: 'none' | 'unavailable';
  authorization: 'none' | 'temporarily_unavailable' | 'server_error' | 'iss_other' | 'state_altered';
  openerPolicy: 'none' | 'same_origin' | 'same_origin_allow_popups';
  token: 'none' | 'server_error' | 'invalid_grant';
  idToken: 'none' | 'signature_broken';
}

export interface Mail {
  id: number;
  to: string[];
  subject: string;
  text: string;
}

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url);
  return (await response.json()) as T;
}

/** Sets some switches of the OpenID provider. */
export async function setSsoSwitches(change: Partial<SsoSwitches>, sandbox = SANDBOX): Promise<void> {
  await post(`${sandbox}/sso/control`, change);
}

/** Sets switches of a vendor, and returns a function that resets them. */
export async function moveSwitches(vendor: string, change: Record<string, unknown>): Promise<() => Promise<void>> {
  const before = await get<Record<string, unknown>>(`${SANDBOX}/${vendor}/control`);
  await post(`${SANDBOX}/${vendor}/control`, change);
  return () => post(`${SANDBOX}/${vendor}/control`, Object.fromEntries(Object.keys(change).map((key) => [key, before[key]])));
}

/** Presses a button of a vendor's console. */
export async function press(vendor: string, button: string): Promise<void> {
  const response = await fetch(`${SANDBOX}/${vendor}/${button}`, {
    method: 'POST',
    headers: { Origin: SANDBOX },
    redirect: 'manual',
  });
  if (response.status >= 400) throw new Error(`The sandbox refused ${button}: ${response.status}`);
}

export async function exchanges<T>(vendor: string): Promise<T[]> {
  return get(`${SANDBOX}/${vendor}/exchanges`);
}

async function post(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`The sandbox refused ${JSON.stringify(body)}: ${response.status}`);
}

/** The mails to an address, newest first. */
export async function mailsTo(address: string, sandbox = SANDBOX): Promise<Mail[]> {
  return get(`${sandbox}/mailbox.json?to=${encodeURIComponent(address)}`);
}

/** Waits for a mail with this subject, and returns the newest. */
export async function mailTo(address: string, subject: string, sandbox = SANDBOX): Promise<Mail> {
  const newest = async () => (await mailsTo(address, sandbox)).find((mail) => mail.subject === subject);
  await expect.poll(newest, { message: `mail "${subject}" to ${address}`, intervals: [50, 100] }).toBeDefined();
  return (await newest())!;
}

/** The only URL in a mail. */
export function linkIn(text: string): string {
  const [link] = text.match(/https?:\/\/\S+/) ?? [];
  if (!link) throw new Error(`No link in this mail:\n${text}`);
  return link;
}
