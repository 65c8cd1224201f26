// The picture in README.md; README_PICTURE=1 takes it again.
import { expect, test } from '../fixtures.ts';
import { DANA, fillLogin } from '../support/accounts.ts';
import { ChatBox, closed } from '../support/chat_box.ts';

test.use({ viewport: { width: 1280, height: 940 }, colorScheme: 'light' });

test('the demo site with a user signed in', async ({ page }) => {
  test.skip(!process.env.README_PICTURE, 'the picture is taken on request');
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  await fillLogin(popup, DANA);
  await chatBox.isSignedInAs('Dana Demo');
  await closed(popup);
  await expect(chatBox.photo).toBeVisible();
  await page.evaluate(() => scrollTo(0, 60));
  await page.screenshot({ path: '../.github/demo.png', animations: 'disabled' });
});
