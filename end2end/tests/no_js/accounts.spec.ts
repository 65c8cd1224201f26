// Every form of the login with JavaScript switched off.
import { expect, test } from '../fixtures.ts';
import {
  CONFIRM_SUBJECT, DANA, RESET_SUBJECT, signInWithSso, confirmAddress, fillLogin, fillRegistration, mailIsSent, signIn, signOut, newAccount,
} from '../support/accounts.ts';
import { LOGIN, SITE } from '../support/environment.ts';
import { linkIn, mailTo } from '../support/sandbox.ts';

const STATUS = /Failed to load resource: the server responded with a status of (401|422)/;

test('signing in and out', async ({ page, pageErrors }) => {
  pageErrors.allow(STATUS);
  await page.goto(`${LOGIN}/account`);
  await fillLogin(page, { ...DANA, password: 'wrong horse battery staple' });
  await expect(page.getByRole('alert')).toContainText('Incorrect email or password.');
  await expect(page.getByRole('button', { name: /password/ })).toHaveCount(0);
  await fillLogin(page, DANA);
  await expect(page).toHaveURL(`${LOGIN}/account`);
  await expect(page.getByText(DANA.email)).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('status')).toHaveText('You’re signed out.');
  await page.goto(`${LOGIN}/account`);
  await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
});

test('registering and confirming the address', async ({ page, pageErrors }) => {
  pageErrors.allow(STATUS);
  const newcomer = newAccount();
  await page.goto(`${LOGIN}/login`);
  await page.getByRole('link', { name: 'Create an account' }).click();
  await fillRegistration(page, { ...newcomer, password: 'short' });
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/^Use at least 15 characters/);
  await fillRegistration(page, newcomer);
  await mailIsSent(page);
  await confirmAddress(page, linkIn((await mailTo(newcomer.email, CONFIRM_SUBJECT)).text));
  await fillLogin(page, newcomer);
  await expect(page).toHaveURL(`${LOGIN}/account`);
});

test('replacing a forgotten password', async ({ page, account }) => {
  await page.goto(`${LOGIN}/forgot-password`);
  await page.getByLabel('Email').fill(account.email);
  await page.getByRole('button', { name: 'Send reset link' }).click();
  await mailIsSent(page);
  await page.goto(linkIn((await mailTo(account.email, RESET_SUBJECT)).text));
  await page.getByLabel('New password').fill('nine loud geese marching');
  await page.getByRole('button', { name: 'Set new password' }).click();
  await fillLogin(page, { ...account, password: 'nine loud geese marching' });
  await expect(page).toHaveURL(`${LOGIN}/account`);
});

test('changing the profile', async ({ page, account, pageErrors }) => {
  pageErrors.allow(STATUS);
  await signIn(page, account);
  const photo = page.getByLabel('Photo URL');
  await page.getByLabel('Display name').fill('Noor Renamed');
  await photo.fill('not a picture');
  await page.getByRole('button', { name: 'Save profile' }).click();
  await expect(photo).toHaveAccessibleDescription(/^Enter a complete https:\/\/ address/);
  await expect(photo).toHaveValue('not a picture');
  await expect(page.getByLabel('Display name')).toHaveValue('Noor Renamed');
  await photo.fill('');
  await page.getByRole('button', { name: 'Save profile' }).click();
  await expect(page.getByRole('status')).toHaveText('Profile saved.');
  await expect(page.getByLabel('Display name')).toHaveValue('Noor Renamed');
});

test('changing the password', async ({ page, account }) => {
  await signIn(page, account);
  await page.getByLabel('Current password').fill(account.password);
  await page.getByLabel('New password').fill('nine loud geese marching');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByRole('status')).toHaveText('Password changed. We signed you out on all other devices.');
});

test('signing in through a provider, and connecting it', async ({ page, account }) => {
  await page.goto(`${LOGIN}/login`);
  await signInWithSso(page, 'Vera Verified');
  await expect(page).toHaveURL(`${LOGIN}/account`);
  await expect(page.getByLabel('Display name')).toHaveValue('Vera Verified');
  await signOut(page);

  await fillLogin(page, account);
  await page.getByRole('button', { name: 'Connect Example SSO' }).click();
  await page.getByRole('button', { name: 'Nora Nomail' }).click();
  await expect(page.getByRole('status')).toHaveText('Account connected. You can now sign in with it.');
  await page.getByRole('button', { name: 'Disconnect Example SSO' }).click();
  await expect(page.getByRole('status')).toHaveText('Account disconnected.');
});

test('the site and the popup say what they need JavaScript for', async ({ page }) => {
  const advice = page.locator('noscript p');
  await page.goto(SITE);
  await expect(advice).toBeVisible();
  await expect(advice).toContainText('The chats on this page come from another site and need JavaScript.');
  await page.goto(`${LOGIN}/login?chatBoxId=cb_demo`);
  await fillLogin(page, DANA);
  await expect(page).toHaveURL(`${LOGIN}/handoff?chatBoxId=cb_demo`);
  await expect(advice).toBeVisible();
  await expect(advice).toContainText('You’re signed in as Dana Demo. Turn on JavaScript');
});
