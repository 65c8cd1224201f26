// Extensions add elements to pages, such as a password manager's icon beside a field, before the islands are hydrated:
// when the page is parsed, or while it is, before any script of the page runs.
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { DANA, signIn } from '../support/accounts.ts';
import { LOGIN } from '../support/environment.ts';

type Moment = 'parsed' | 'being parsed';
const MOMENTS: readonly Moment[] = ['parsed', 'being parsed'];

/** What an extension does to an element of the page. */
type Change = 'icon' | 'text' | 'wrapper';

/** Changes the elements that a selector finds. */
async function extend(page: Page, selector: string, moment: Moment, change: Change = 'icon'): Promise<void> {
  await page.addInitScript(
    ([selector, moment, change]) => {
      const done = new Set<Element>();
      const extend = (field: Element) => {
        if (change === 'icon') field.insertAdjacentHTML('afterend', '<div data-icon></div><i data-icon></i>');
        if (change === 'text') field.after('an extension’s text');
        if (change === 'wrapper') {
          const wrapper = document.createElement('span');
          field.replaceWith(wrapper);
          wrapper.append(field);
        }
      };
      const extendAll = () => {
        for (const field of document.querySelectorAll(selector)) {
          if (done.has(field)) continue;
          done.add(field);
          extend(field);
        }
      };
      if (moment === 'parsed') document.addEventListener('DOMContentLoaded', extendAll);
      else new MutationObserver(extendAll).observe(document, { childList: true, subtree: true });
    },
    [selector, moment, change] as const,
  );
}

const shows = (page: Page) => page.getByRole('button', { name: 'Show password' });
const password = (page: Page): Locator => page.getByLabel('Password', { exact: true });

for (const moment of MOMENTS) {
  for (const path of ['login', 'register', 'login?chatBoxId=cb_demo']) {
    for (const selector of ['#password', '#email', 'input', 'form', 'label', 'button']) {
      test(`an icon beside ${selector} of /${path}, ${moment}, stays, and the password can be shown`, async ({ page }) => {
        await extend(page, selector, moment);
        await page.goto(`${LOGIN}/${path}`);
        await password(page).fill('twelve letters');
        await shows(page).click();
        await expect(password(page)).toHaveAttribute('type', 'text');
        if (path === 'register') await expect(page.getByText('14 ')).toBeVisible();
        await expect(page.locator(`${selector} + [data-icon]`).first()).toBeAttached();
      });
    }
  }

  test(`icons in every island of a page that is ${moment} break none`, async ({ page }) => {
    await signIn(page, DANA);
    await extend(page, 'leptos-island :not([data-icon])', moment);
    await page.reload();
    await expect(shows(page)).toHaveCount(2);
    await page.getByLabel('Display name').fill('Dana Demo');
    await page.getByRole('button', { name: 'Save profile' }).click();
    await expect(page.getByText('Profile saved.')).toBeVisible();
    await expect(page).toHaveURL(`${LOGIN}/account`);
  });

  for (const change of ['text', 'wrapper'] as const) {
    test(`a form with an extension’s ${change} in its island, ${moment}, is plain HTML, and the other islands work`, async ({ page, pageErrors }) => {
      pageErrors.allow(/hydration error/);
      await signIn(page, DANA);
      await extend(page, '#display_name', moment, change);
      await page.reload();
      await expect(shows(page)).toHaveCount(2);
      const answered = page.waitForRequest((request) => request.url() === `${LOGIN}/account/profile`);
      await page.getByLabel('Display name').fill('Dana Demo');
      await page.getByRole('button', { name: 'Save profile' }).click();
      expect((await answered).method()).toBe('POST');
      await expect(page.getByText('Profile saved.')).toBeVisible();
    });
  }
}
