// Accounts, and steps on the pages of the login.
import { randomBytes } from 'node:crypto';
import { expect, type Browser, type Locator, type Page } from '@playwright/test';
import { LOGIN } from './environment.ts';
import { linkIn, mailTo } from './sandbox.ts';

export interface Account {
  email: string;
  displayName: string;
  password: string;
}

export const DANA: Account = {
  email: 'demo@latchkey.localhost',
  displayName: 'Dana Demo',
  password: 'correct horse battery staple',
};

export const RIVA: Account = {
  email: 'rival@latchkey.localhost',
  displayName: 'Riva L. Rival',
  password: 'correct horse battery staple',
};

export const CONFIRM_SUBJECT = 'Confirm your email address';
export const RESET_SUBJECT = 'Reset your password';

/** A new account with a unique address. */
export function newAccount(displayName = 'Noor Newcomer'): Account {
  const email = `noor-${randomBytes(6).toString('hex')}@example.com`;
  return { email, displayName, password: 'seven quiet otters rowing' };
}

/** Fills in and submits the login form on the page. */
export async function fillLogin(page: Page, { email, password }: Account): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Signs in on the login's own page and waits for the account page. */
export async function signIn(page: Page, account: Account, login = LOGIN): Promise<void> {
  await page.goto(`${login}/login`);
  await fillLogin(page, account);
  await expect(page).toHaveURL(`${login}/account`);
}

/** Signs out on the account page. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You’re signed out.')).toBeVisible();
}

/** The part of the account page about linked accounts. */
export function linkedAccounts(page: Page): Locator {
  return page.getByRole('region', { name: 'Connected accounts' });
}

/** The link to the sandbox's provider on a page of the login. */
export function exampleSso(page: Page): Locator {
  return page.getByRole('link', { name: 'Continue with Example SSO' });
}

/** Follows that link, and presses the button `name` there. */
export async function signInWithSso(page: Page, name: string): Promise<void> {
  await exampleSso(page).click();
  await page.getByRole('button', { name }).click();
}

/** Fills in and submits the registration form on the page. */
export async function fillRegistration(page: Page, account: Account): Promise<void> {
  await page.getByLabel('Email').fill(account.email);
  await page.getByLabel('Display name').fill(account.displayName);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.getByRole('button', { name: 'Create account' }).click();
}

/** Waits until the page says that a mail was sent. */
export async function mailIsSent(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Check your email' })).toBeVisible();
}

/** Waits until the islands of a page of the login are hydrated. Every password field has one. */
export async function islandsWork(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'Show password' }).first()).toBeVisible();
}

/** Follows the link in a confirmation mail and confirms. */
export async function confirmAddress(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: 'Confirm email' }).click();
  await expect(page.getByRole('status')).toHaveText('Email address confirmed. You can sign in now.');
}

/** Registers an account in a separate browser context and confirms its address. */
export async function createAccount(browser: Browser, account = newAccount()): Promise<Account> {
  const page = await browser.newPage();
  await page.goto(`${LOGIN}/register`);
  await fillRegistration(page, account);
  await mailIsSent(page);
  const mail = await mailTo(account.email, CONFIRM_SUBJECT);
  await confirmAddress(page, linkIn(mail.text));
  await page.context().close();
  return account;
}
