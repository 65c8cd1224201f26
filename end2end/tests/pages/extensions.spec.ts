// Extensions add elements to pages, such as a password manager's icon beside a field, before the islands are hydrated.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { DANA, signIn } from '../support/accounts.ts';
import { LOGIN } from '../support/environment.ts';

/** Adds an icon beside the fields that a selector finds, as soon as the page is parsed. */
async function addIcons(page: Page, selector: string): Promise<void> {
  await page.addInitScript((selector) => {
    document.addEventListener('DOMContentLoaded', () => {
      for (const field of document.querySelectorAll(selector)) field.insertAdjacentHTML('afterend', '<div data-icon></div><i data-icon></i>');
    });
  }, selector);
}

const shows = (page: Page) => page.getByRole('button', { name: 'Show password' });

for (const path of ['login', 'register', 'login?chatBoxId=cb_demo']) {
  for (const selector of ['#password', '#email', 'input', 'form', 'label', 'button']) {
    test(`an icon beside ${selector} of /${path} stays, and the password can be shown`, async ({ page }) => {
      await addIcons(page, selector);
      await page.goto(`${LOGIN}/${path}`);
      await page.getByLabel('Password', { exact: true }).fill('twelve letters');
      await shows(page).click();
      await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('type', 'text');
      if (path === 'register') await expect(page.getByText('14 ')).toBeVisible();
      await expect(page.locator(`${selector} + [data-icon]`).first()).toBeAttached();
    });
  }
}

test('icons in every island of a page break none', async ({ page }) => {
  await addIcons(page, 'leptos-island *');
  await signIn(page, DANA);
  await expect(shows(page)).toHaveCount(2);
  await page.getByLabel('Display name').fill('Dana Demo');
  await page.getByRole('button', { name: 'Save profile' }).click();
  await expect(page.getByText('Profile saved.')).toBeVisible();
  await expect(page).toHaveURL(`${LOGIN}/account`);
});
