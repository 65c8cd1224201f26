// The islands are optional: everything works without their wasm, and before it is loaded.
import { expect, test } from '../fixtures.ts';
import { DANA, fillLogin } from '../support/accounts.ts';
import { ChatBox, closed } from '../support/chat_box.ts';

test('without wasm the whole flow works', async ({ page, context, pageErrors }) => {
  pageErrors.allow(/\.wasm: Failed to load resource: net::ERR_BLOCKED_BY_CLIENT/);
  await context.route('**/*.wasm', (route) => route.abort('blockedbyclient'));
  const chatBox = await ChatBox.open(page);
  const refused = context.waitForEvent('requestfailed', (request) => request.url().endsWith('.wasm'));
  const popup = await chatBox.openPopup();
  await refused;
  await expect(popup.getByRole('button', { name: 'Show password' })).toBeHidden();
  await fillLogin(popup, DANA);
  await closed(popup);
  await chatBox.isSignedInAs('Dana Demo');
});

test('the hand-off does not wait for wasm', async ({ page, context }) => {
  const asked: string[] = [];
  await context.route('**/*.wasm', (route) => void asked.push(route.request().url()));
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  await expect.poll(() => asked).toHaveLength(1);
  await fillLogin(popup, DANA);
  await closed(popup);
  await chatBox.isSignedInAs('Dana Demo');
  expect(asked).toHaveLength(1);
});
