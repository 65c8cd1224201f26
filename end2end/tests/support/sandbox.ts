// The switches of the vendors' sandbox, and the mails that it has received.
import { expect } from '@playwright/test';
import { SANDBOX } from './environment.ts';

export type Failure =
  | 'none' | 'unauthorized' | 'bad_request' | 'server_error' | 'slow' | 'empty' | 'malformed' | 'huge';

export interface Switches {
  failure: Failure;
  expiresAt: 'seconds' | 'milliseconds' | 'iso';
  lifetimeSeconds: number;
  slowMilliseconds: number;
  blockSignOut: boolean;
}

export interface Mail {
  id: number;
  to: string[];
  subject: string;
  text: string;
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`${SANDBOX}${path}`);
  return (await response.json()) as T;
}

export async function readSwitches(): Promise<Switches> {
  return get('/knoon/control');
}

/** Moves some switches and leaves the others where they are. */
export async function setSwitches(change: Partial<Switches>): Promise<void> {
  const response = await fetch(`${SANDBOX}/knoon/control`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(change),
  });
  if (!response.ok) throw new Error(`The sandbox refused ${JSON.stringify(change)}: ${response.status}`);
}

/** The mails to an address, newest first. */
export async function mailsTo(address: string): Promise<Mail[]> {
  return get(`/mailbox.json?to=${encodeURIComponent(address)}`);
}

/** Waits for a mail with this subject, and returns the newest. */
export async function mailTo(address: string, subject: string): Promise<Mail> {
  const newest = async () => (await mailsTo(address)).find((mail) => mail.subject === subject);
  await expect.poll(newest, { message: `mail "${subject}" to ${address}`, timeout: 15_000 }).toBeDefined();
  return (await newest())!;
}

/** The one web address in a mail. */
export function linkIn(text: string): string {
  const [link] = text.match(/https?:\/\/\S+/) ?? [];
  if (!link) throw new Error(`No link in this mail:\n${text}`);
  return link;
}
