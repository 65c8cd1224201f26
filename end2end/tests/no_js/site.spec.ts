// Without JavaScript: the demo site shows what it has, and nothing that would stay as it is for ever.
import { expect, test } from '../fixtures.ts';
import { SITE } from '../support/environment.ts';

test('no page of the site waits for a script', async ({ page }) => {
  await page.goto(SITE);
  const links = await page.getByRole('navigation').first().locator('a[href^="/"]').all();
  const paths = await Promise.all(links.map((link) => link.getAttribute('href')));
  expect(paths).not.toEqual([]);
  for (const path of ['/', ...paths]) {
    await page.goto(SITE + path);
    await expect(page.locator('noscript p')).toContainText('JavaScript');
    await expect(page.getByText(/^(Loading|Waiting for|Asking) /).filter({ visible: true })).toHaveCount(0);
  }
});
