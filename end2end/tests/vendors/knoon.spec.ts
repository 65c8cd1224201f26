// Knoon's page: the chat box and its credential.
import { expect, test } from '../fixtures.ts';
import { DANA, RIVA, fillLogin } from '../support/accounts.ts';
import { ChatBox, closed } from '../support/chat_box.ts';
import { VendorPage, signInElsewhere } from '../support/vendor_page.ts';

test('the page shows the credential of the chat box', async ({ page }) => {
  const vendorPage = await VendorPage.open(page, 'knoon');
  const exhibit = vendorPage.exhibit('The chat box');
  const chatBox = new ChatBox(page);
  await expect(exhibit.verdict).toHaveText('Not signed in to the chat.');
  const popup = await chatBox.openPopup();
  await fillLogin(popup, DANA);
  await closed(popup);
  await chatBox.isSignedInAs('Dana Demo');
  await vendorPage.isSignedInAs('Dana Demo');
  await expect(exhibit.verdict).toHaveText('Knoon accepted the credential: the chat knows who you are.');
  await expect(exhibit.signed('email')).toHaveText(DANA.email);
  await expect(exhibit.answered('chatBoxId')).toHaveText('cb_demo');
});

test('another user at the login ends the chat of the first', async ({ page }) => {
  const vendorPage = await VendorPage.open(page, 'knoon');
  const chatBox = new ChatBox(page);
  const popup = await chatBox.openPopup();
  await fillLogin(popup, DANA);
  await closed(popup);
  await chatBox.isSignedInAs('Dana Demo');
  await vendorPage.isSignedInAs('Dana Demo');
  await signInElsewhere(page, RIVA);
  await vendorPage.isSignedInAs(RIVA.displayName);
  await chatBox.is('signed-out');
  expect(await chatBox.cookies()).toEqual([]);
  await vendorPage.exhibit('The chat box').isEmpty();
});

test('anyone who switches the account in the popup keeps the new credential', async ({ page }) => {
  const vendorPage = await VendorPage.openAs(page, 'knoon', DANA);
  const chatBox = new ChatBox(page);
  const popup = await chatBox.openPopup();
  await popup.getByRole('button', { name: 'Use another account' }).click();
  await fillLogin(popup, RIVA);
  await closed(popup);
  await vendorPage.isSignedInAs(RIVA.displayName);
  await chatBox.isSignedInAs(RIVA.displayName);
});
