// Signing in on the login's own pages, and attacks on it.
import { expect, test } from '../fixtures.ts';
import { DANA, RESET_SUBJECT, fillLogin, mailIsSent, signIn, newAccount } from '../support/accounts.ts';
import { COOKIE_DOMAIN, LOGIN, SITE } from '../support/environment.ts';
import { linkIn, mailTo } from '../support/sandbox.ts';
import { servePage } from '../support/servers.ts';

const STATUS = /Failed to load resource: the server responded with a status of (401|403|404|405|410|422)/;

test('a wrong password and an unknown address get the same response, and the password has the focus', async ({ page, pageErrors }) => {
  pageErrors.allow(STATUS);
  const responses = [];
  for (const account of [{ ...DANA, password: 'wrong horse battery staple' }, newAccount()]) {
    await page.goto(`${LOGIN}/login`);
    await fillLogin(page, account);
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(page.getByLabel('Email')).toHaveValue(account.email);
    await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
    responses.push(await page.getByRole('alert').innerText());
  }
  expect(responses[1]).toBe(responses[0]);
});

test('Reload and Back show a rejected form again and send nothing', async ({ page, pageErrors }) => {
  pageErrors.allow(STATUS);
  const sent: string[] = [];
  page.on('request', request => { if (request.method() === 'POST') sent.push(request.url()); });
  await page.goto(`${LOGIN}/login`);
  await fillLogin(page, { ...DANA, password: 'wrong horse battery staple' });
  const rejected = async () => {
    await expect(page.getByRole('alert')).toContainText('Incorrect email or password.');
    await expect(page.getByLabel('Email')).toHaveValue(DANA.email);
  };
  await rejected();
  await page.reload();
  await rejected();
  await page.getByRole('link', { name: 'Create an account' }).click();
  await expect(page.getByRole('heading', { name: 'Create your account' })).toBeVisible();
  await page.goBack();
  await rejected();
  expect(sent).toEqual([`${LOGIN}/login`]);
});

test('an empty form says what is missing, first field first', async ({ page, pageErrors }) => {
  pageErrors.allow(STATUS);
  await page.goto(`${LOGIN}/login`);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByLabel('Email')).toBeFocused();
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription('Fill in this field.');
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription('Fill in this field.');
  await expect(page).toHaveTitle(/^Error: /);
});

test('the password can be shown and hidden, and is sent either way', async ({ page }) => {
  await page.goto(`${LOGIN}/login`);
  const password = page.getByLabel('Password', { exact: true });
  await password.fill(DANA.password);
  await page.getByRole('button', { name: 'Show password' }).click();
  await expect(password).toHaveAttribute('type', 'text');
  await fillLogin(page, DANA);
  await expect(page).toHaveURL(`${LOGIN}/account`);
});

for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/account/../logout']) {
  test(`signing in never leads to ${next}`, async ({ page }) => {
    await page.goto(`${LOGIN}/login?${new URLSearchParams({ next })}`);
    await fillLogin(page, DANA);
    await expect(page).toHaveURL(`${LOGIN}/account`);
    await page.goto(`${LOGIN}/login?${new URLSearchParams({ next })}`);
    await expect(page).toHaveURL(`${LOGIN}/account`);
  });
}

test('a forgotten password is replaced by the link in a mail, which works once', async ({ page, account, pageErrors }) => {
  pageErrors.allow(STATUS);
  await page.goto(`${LOGIN}/login`);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('Email').fill(account.email);
  await page.getByRole('button', { name: 'Send reset link' }).click();
  await mailIsSent(page);
  const link = linkIn((await mailTo(account.email, RESET_SUBJECT)).text);

  await page.goto(link);
  await expect(page).toHaveURL(`${LOGIN}/reset-password`);
  const chosen = page.getByLabel('New password');
  await chosen.fill('short');
  await page.getByRole('button', { name: 'Set new password' }).click();
  await expect(chosen).toBeFocused();
  await expect(chosen).toHaveAccessibleDescription(/^Use at least 15 characters/);
  await chosen.fill('nine loud geese marching');
  await page.getByRole('button', { name: 'Set new password' }).click();
  await expect(page.getByRole('status')).toHaveText('Password reset. Sign in with your new password.');

  await fillLogin(page, account);
  await expect(page.getByRole('alert')).toContainText('Incorrect email or password.');
  await fillLogin(page, { ...account, password: 'nine loud geese marching' });
  await expect(page).toHaveURL(`${LOGIN}/account`);
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'This link has expired or was already used' })).toBeVisible();
});

test('another site cannot sign its visitors in', async ({ page, context, pageErrors }) => {
  pageErrors.allow(STATUS);
  const { origin, stop } = await servePage(
    `<title>Kittens</title>
    <form method="post" action="${LOGIN}/login">
      <input name="email" value="${DANA.email}"><input name="password" value="${DANA.password}">
      <button>Win</button>
    </form>`,
  );
  try {
    await page.goto(origin);
    await page.getByRole('button', { name: 'Win' }).click();
    await expect(page.getByRole('heading', { name: 'Request blocked' })).toBeVisible();
    expect(await context.cookies(LOGIN)).toEqual([]);
  } finally {
    await stop();
  }
});

test('following a link to the sign-out signs no one out', async ({ page, pageErrors }) => {
  pageErrors.allow(STATUS);
  await signIn(page, DANA);
  await page.goto(SITE);
  await page.goto(`${LOGIN}/logout`);
  await page.goto(`${LOGIN}/account`);
  await expect(page.getByRole('heading', { name: 'Your account' })).toBeVisible();
});

test('a cookie tossed by a sibling host changes nothing', async ({ page, context }) => {
  await context.addCookies([
    { name: 'session', value: 'tossed', domain: COOKIE_DOMAIN, path: '/' },
    { name: 'id', value: 'tossed', domain: COOKIE_DOMAIN, path: '/account' },
  ]);
  await signIn(page, DANA);
  await page.reload();
  await expect(page.getByText(DANA.email)).toBeVisible();
});
