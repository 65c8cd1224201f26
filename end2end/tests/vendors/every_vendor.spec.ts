// All vendors' pages in one browser: when a user signs out or another signs in, nothing of the first user is
// left.
import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { DANA, RIVA, type Account } from '../support/accounts.ts';
import { SITE } from '../support/environment.ts';
import { vendors, viewer } from '../support/site_page.ts';
import { VendorPage, signInElsewhere } from '../support/vendor_page.ts';

/** Opens a vendor's page and waits until each of its widgets shows its state. */
async function visit(page: Page, vendor: string): Promise<VendorPage> {
  const vendorPage = await VendorPage.open(page, vendor);
  await expect(page.locator('[data-verdict]').filter({ hasText: /^$|Connecting/ })).toHaveCount(0);
  return vendorPage;
}

/** The contents of the site's cookies and storage, with their base64url parts decoded as well. */
async function kept(page: Page, context: BrowserContext): Promise<string> {
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  const cookies = (await context.cookies(SITE)).map(({ name, value }) => `${name}=${value}`);
  const text = [stored, ...cookies].join('\n');
  const decoded = text.split(/[^\w-]+/).map((part) => Buffer.from(part, 'base64url').toString());
  return [text, ...decoded].join('\n');
}

/** A pattern of everything that identifies a user. */
async function marks(page: Page, { email, displayName }: Account): Promise<RegExp> {
  return new RegExp([(await viewer(page)).id, email, displayName].join('|'));
}

/** Signs Dana in and opens every vendor's page. */
async function danaEverywhere(page: Page, context: BrowserContext) {
  const all = await vendors(page);
  expect(all).not.toEqual([]);
  await VendorPage.openAs(page, all[0]!, DANA);
  const dana = await marks(page, DANA);
  for (const vendor of all) await (await visit(page, vendor)).isSignedInAs(DANA.displayName);
  expect(await kept(page, context)).toMatch(dana);
  return { all, dana };
}

/** Expects that nothing of Dana is on the pages or in the browser's storage. */
async function isForgotten(page: Page, context: BrowserContext, dana: RegExp): Promise<void> {
  await expect(page.getByText(dana)).toHaveCount(0);
  expect(await kept(page, context)).not.toMatch(dana);
}

test('one sign-out is one for all vendors', async ({ page, context }) => {
  const { all, dana } = await danaEverywhere(page, context);
  await new VendorPage(page, all.at(-1)!).signOut();
  await isForgotten(page, context, dana);
  for (const vendor of all) {
    await (await visit(page, vendor)).isSignedOut();
    await isForgotten(page, context, dana);
  }
});

test('with a second user nothing of the first is left at any vendor', async ({ page, context }) => {
  const { all, dana } = await danaEverywhere(page, context);
  await signInElsewhere(page, RIVA);
  for (const vendor of all) {
    const vendorPage = await visit(page, vendor);
    await vendorPage.isSignedInAs(RIVA.displayName);
    await isForgotten(page, context, dana);
  }
});
