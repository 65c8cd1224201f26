// Pages of the customer's site, and their requests to the login by `fetch`, as in the vendors' snippets.
import type { Page } from '@playwright/test';
import { LOGIN, SITE } from './environment.ts';

export interface PageResponse {
  status: number;
  text: string;
}

/** Sends a request with cookies from a page of the site to the login. */
export async function fetchAs(page: Page, path: string): Promise<PageResponse> {
  if (!page.url().startsWith(SITE)) await page.goto(SITE);
  return page.evaluate(async (url) => {
    const response = await fetch(url, { credentials: 'include' });
    return { status: response.status, text: await response.text() };
  }, LOGIN + path);
}

/** The vendors that the site's navigation lists. */
export async function vendors(page: Page): Promise<string[]> {
  await page.goto(SITE);
  const links = await page.getByRole('navigation').first().locator('a[href^="/"]').all();
  const paths = await Promise.all(links.map((link) => link.getAttribute('href')));
  return paths.map((path) => path!.slice(1));
}

/** The signed-in user's stable id and name. */
export async function viewer(page: Page): Promise<{ id: string; name: string }> {
  const { uid, displayName } = JSON.parse((await fetchAs(page, '/api/viewer')).text);
  return { id: uid, name: displayName };
}
