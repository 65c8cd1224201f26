// Registration: the form, the mail, the first sign-in.
import { expect, test } from '../fixtures.ts';
import {
  CONFIRM_SUBJECT, DANA, confirmAddress, fillLogin, fillRegistration, mailIsSent, signIn, newAccount,
} from '../support/accounts.ts';
import { LOGIN } from '../support/environment.ts';
import { linkIn, mailTo, mailsTo } from '../support/sandbox.ts';

const STATUS = /Failed to load resource: the server responded with a status of (401|410|422)/;

test('a user registers, confirms the address, signs in and sees the account', async ({ page, pageErrors }) => {
  const newcomer = newAccount('Noor Ángström 👋');
  await page.goto(`${LOGIN}/register`);
  await fillRegistration(page, newcomer);
  await mailIsSent(page);
  await expect(page.getByText(newcomer.email)).toBeVisible();

  pageErrors.allow(STATUS);
  await page.goto(`${LOGIN}/login`);
  await fillLogin(page, newcomer);
  await expect(page.getByRole('alert')).toContainText('Confirm your email address first.');

  // This sign-in has sent another link, and only the newest one works.
  await expect.poll(() => mailsTo(newcomer.email)).toHaveLength(2);
  const mail = await mailTo(newcomer.email, CONFIRM_SUBJECT);
  expect(mail.text).toContain(`Hi ${newcomer.displayName},`);
  await confirmAddress(page, linkIn(mail.text));
  await fillLogin(page, newcomer);
  await expect(page).toHaveURL(`${LOGIN}/account`);
  await expect(page.getByLabel('Display name')).toHaveValue(newcomer.displayName);
});

test('a link confirms once; afterwards it says that it is used up', async ({ page, pageErrors }) => {
  pageErrors.allow(STATUS);
  const newcomer = newAccount();
  await page.goto(`${LOGIN}/register`);
  await fillRegistration(page, newcomer);
  await mailIsSent(page);
  const link = linkIn((await mailTo(newcomer.email, CONFIRM_SUBJECT)).text);
  await confirmAddress(page, link);
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'This link has expired or was already used' })).toBeVisible();
});

test('following the link alone confirms nothing, and leaves no token in the history', async ({ page, pageErrors }) => {
  pageErrors.allow(STATUS);
  const newcomer = newAccount();
  await page.goto(`${LOGIN}/register`);
  await fillRegistration(page, newcomer);
  await mailIsSent(page);
  await page.goto(linkIn((await mailTo(newcomer.email, CONFIRM_SUBJECT)).text));
  await expect(page.getByRole('button', { name: 'Confirm email' })).toBeFocused();
  await expect(page).toHaveURL(`${LOGIN}/verify-email`);
  await page.goto(`${LOGIN}/login`);
  await fillLogin(page, newcomer);
  await expect(page.getByRole('alert')).toContainText('Confirm your email address first.');
});

test('a double click registers once', async ({ page }) => {
  const newcomer = newAccount();
  const marker = newAccount();
  await page.goto(`${LOGIN}/register`);
  await page.getByLabel('Email').fill(newcomer.email);
  await page.getByLabel('Display name').fill(newcomer.displayName);
  await page.getByLabel('Password', { exact: true }).fill(newcomer.password);
  await page.getByRole('button', { name: 'Create account' }).dblclick();
  await mailIsSent(page);
  await mailTo(newcomer.email, CONFIRM_SUBJECT);

  // Mails are sent in the order of the queue: once this one is there, a second one would be, too.
  await page.goto(`${LOGIN}/register`);
  await fillRegistration(page, marker);
  await mailIsSent(page);
  await mailTo(marker.email, CONFIRM_SUBJECT);
  expect(await mailsTo(newcomer.email)).toHaveLength(1);
});

test('anyone who has an account already is told by mail, and no one else learns it', async ({ page, account }) => {
  await page.goto(`${LOGIN}/register`);
  await fillRegistration(page, account);
  await mailIsSent(page);
  const mail = await mailTo(account.email, 'You already have an account');
  expect(mail.text).toContain(`${LOGIN}/forgot-password`);
});

test('what is wrong is said at its field, the first one has the focus, and nothing typed is lost', async ({ page, pageErrors }) => {
  pageErrors.allow(STATUS);
  await page.goto(`${LOGIN}/register`);
  await fillRegistration(page, { email: 'noor@', displayName: 'Noor', password: 'short' });
  const email = page.getByLabel('Email');
  await expect(email).toBeFocused();
  await expect(email).toHaveValue('noor@');
  await expect(email).toHaveAccessibleDescription('Enter a complete email address, such as name@example.com.');
  await expect(page.getByLabel('Display name')).toHaveValue('Noor');
  const password = page.getByLabel('Password', { exact: true });
  await expect(password).toHaveValue('');
  await expect(password).toHaveAccessibleDescription(/^Use at least 15 characters/);

  await page.getByRole('alert').getByRole('link', { name: 'Password' }).click();
  await expect(password).toBeFocused();
});

test('a new password can be shown, and its length is counted', async ({ page }) => {
  await page.goto(`${LOGIN}/register`);
  const password = page.getByLabel('Password', { exact: true });
  await password.pressSequentially('öäü👋');
  await expect(page.getByText('4 of at least 15 characters')).toBeVisible();
  await expect(password).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: 'Show password' }).click();
  await expect(password).toHaveAttribute('type', 'text');
  await password.press('End');
  await password.pressSequentially(' and more words');
  await expect(page.getByText('19 characters, long enough')).toBeVisible();
  await page.getByRole('button', { name: 'Hide password' }).click();
  await expect(password).toHaveAttribute('type', 'password');
  await expect(password).toHaveValue('öäü👋 and more words');
});

test('what was typed before the islands woke is kept and counted', async ({ page, context }) => {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await context.route('**/*.wasm', async (route) => {
    await arrived;
    await route.continue();
  });
  await page.goto(`${LOGIN}/register`);
  const password = page.getByLabel('Password', { exact: true });
  await password.fill('typed early');
  arrive();
  await expect(page.getByText('11 of at least 15 characters')).toBeVisible();
  await expect(password).toHaveValue('typed early');
});

test('anyone who is signed in does not register again', async ({ page }) => {
  await signIn(page, DANA);
  await page.goto(`${LOGIN}/register`);
  await expect(page).toHaveURL(`${LOGIN}/account`);
});
