// The demo site without JavaScript: it shows its static content, and no status that would never change.
import { expect, test } from '../fixtures.ts';
import { SITE } from '../support/environment.ts';
import { vendors } from '../support/site_page.ts';

test('no page of the site waits for a script', async ({ page }) => {
  for (const path of ['', ...(await vendors(page))]) {
    await page.goto(`${SITE}/${path}`);
    await expect(page.locator('noscript p')).toContainText('JavaScript');
    await expect(page.getByText(/^(Loading|Waiting for|Connecting)/).filter({ visible: true })).toHaveCount(0);
  }
});
