// The account page: profile, password, sign-out.
import { expect, test } from '../fixtures.ts';
import { DANA, fillLogin, islandsWork, signIn } from '../support/accounts.ts';
import { LOGIN } from '../support/environment.ts';

const STATUS = /Failed to load resource: the server responded with a status of (401|422)/;

test.describe('profile', () => {
  test.beforeEach(async ({ page, account }) => {
    await signIn(page, account);
    await islandsWork(page);
  });

  test('it is saved in place, photo included, and is still there after a reload', async ({ page, context }) => {
    const photo = 'https://photos.example.com/noor.svg';
    const picture = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>';
    await context.route(photo, (route) => route.fulfill({ contentType: 'image/svg+xml', body: picture }));
    let navigations = 0;
    page.on('framenavigated', () => (navigations += 1));
    await page.getByLabel('Display name').fill('Noor Renamed');
    await page.getByLabel('Photo URL').fill(` ${photo} `);
    await page.getByRole('button', { name: 'Save profile' }).click();
    await expect(page.getByRole('status')).toHaveText('Profile saved.');
    await expect(page.getByText('Noor Renamed')).toBeVisible();
    await expect(page.getByLabel('Photo URL')).toHaveValue(photo);
    const shown = page.locator(`img[src="${photo}"]`);
    await expect(shown).toHaveJSProperty('naturalWidth', 8);
    expect(navigations).toBe(0);

    await page.reload();
    await expect(page.getByLabel('Display name')).toHaveValue('Noor Renamed');
    await expect(shown).toHaveJSProperty('naturalWidth', 8);
  });

  test('what is wrong is said at its field, and a later save forgets it', async ({ page }) => {
    const photo = page.getByLabel('Photo URL');
    await photo.fill('javascript:alert(1)');
    await page.getByRole('button', { name: 'Save profile' }).click();
    await expect(photo).toBeFocused();
    await expect(photo).toHaveAccessibleDescription(/^Enter a complete https:\/\/ address/);
    await expect(photo).toHaveValue('javascript:alert(1)');
    await expect(page.getByRole('alert')).toContainText('Photo URL');

    await page.getByLabel('Display name').fill('');
    await page.getByRole('button', { name: 'Save profile' }).click();
    await expect(page.getByLabel('Display name')).toBeFocused();
    await expect(page.getByLabel('Display name')).toHaveAccessibleDescription(/^Fill in this field\./);

    await page.getByLabel('Display name').fill('Noor');
    await photo.fill('');
    await page.getByRole('button', { name: 'Save profile' }).click();
    await expect(page.getByRole('status')).toHaveText('Profile saved.');
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect(photo).not.toHaveAttribute('aria-invalid', 'true');
  });

  test('a session that ended elsewhere leads to the sign-in, not to a form that does nothing', async ({ page, context }) => {
    const elsewhere = await context.newPage();
    await elsewhere.goto(`${LOGIN}/account`);
    await elsewhere.getByRole('button', { name: 'Sign out' }).click();
    await expect(elsewhere.getByText('You’re signed out.')).toBeVisible();
    await page.getByLabel('Display name').fill('Too late');
    await page.getByRole('button', { name: 'Save profile' }).click();
    await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
  });
});

test('changing the password asks for the old one, and signs every other device out', async ({ page, account, browser, pageErrors }) => {
  pageErrors.allow(STATUS);
  await signIn(page, account);
  const otherDevice = await browser.newPage();
  await signIn(otherDevice, account);
  const current = page.getByLabel('Current password');
  const chosen = page.getByLabel('New password');
  const change = page.getByRole('button', { name: 'Change password' });

  await current.fill('not my password at all');
  await chosen.fill('nine loud geese marching');
  await change.click();
  await expect(current).toBeFocused();
  await expect(current).toHaveAccessibleDescription('Incorrect current password.');

  await current.fill(account.password);
  await chosen.fill('passwordpassword');
  await change.click();
  await expect(chosen).toBeFocused();
  await expect(chosen).toHaveAccessibleDescription(/^This /);

  await current.fill(account.password);
  await chosen.fill('nine loud geese marching');
  await change.click();
  await expect(page.getByRole('status')).toHaveText('Password changed. We signed you out on all other devices.');

  await otherDevice.reload();
  await expect(otherDevice.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
  await fillLogin(otherDevice, account);
  await expect(otherDevice.getByRole('alert')).toContainText('Incorrect email or password.');
  await fillLogin(otherDevice, { ...account, password: 'nine loud geese marching' });
  await expect(otherDevice).toHaveURL(`${LOGIN}/account`);
  await otherDevice.context().close();
});

test('after signing out the back button shows nothing of the account', async ({ page }) => {
  await signIn(page, DANA);
  await expect(page.getByText(DANA.email)).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You’re signed out.')).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Your account' })).toHaveCount(0);
});

test('other tabs are anonymous at their next request', async ({ page, context }) => {
  await signIn(page, DANA);
  const otherTab = await context.newPage();
  await otherTab.goto(`${LOGIN}/account`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You’re signed out.')).toBeVisible();
  await otherTab.getByRole('button', { name: 'Sign out' }).click();
  await expect(otherTab.getByText('You’re signed out.')).toBeVisible();
});

test('cookies that are deleted in part never mix two users', async ({ page, context }) => {
  await signIn(page, DANA);
  const session = (await context.cookies(LOGIN)).find(({ httpOnly }) => httpOnly);
  expect(session).toMatchObject({ name: 'latchkey', secure: false, sameSite: 'Lax', path: '/' });
  await context.clearCookies({ name: session!.name });
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
});
