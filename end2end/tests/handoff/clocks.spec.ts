// The lifetime of a credential counts from when it arrives, by no clock but the vendor's, and in any time zone.
import { expect, test } from '../fixtures.ts';
import { DANA, fillLogin } from '../support/accounts.ts';
import { ChatBox, closed } from '../support/chat_box.ts';
import { LOGIN, SITE } from '../support/environment.ts';
import { cutOff, recordEvents } from '../support/opener.ts';
import { readableBy } from '../support/stand_in.ts';

const LIFETIME = 600;

/** Minutes by which the clock of the visitor's device is ahead. */
const AHEAD = [15, 9, 0, -15, 60 * 24 * 365];

for (const minutes of AHEAD) {
  for (const way of ['message', 'code'] as const) {
    test(`a clock that is ${minutes} minutes ahead, and a credential by ${way}`, async ({ page, context, vendor }) => {
      await vendor({ lifetimeSeconds: LIFETIME });
      await context.addInitScript((ahead) => {
        const now = Date.now.bind(Date);
        Date.now = () => now() + ahead;
      }, minutes * 60_000);
      if (way === 'code') await cutOff(context);
      const chatBox = await ChatBox.open(page);
      const told = await recordEvents(page);
      const popup = await chatBox.openPopup();
      await fillLogin(popup, DANA);
      await closed(popup);
      await chatBox.isSignedInAs('Dana Demo');
      const cookies = await chatBox.cookies();
      expect(cookies).toHaveLength(2);
      const left = cookies.map(({ expires }) => expires - Date.now() / 1000);
      for (const seconds of left) expect(Math.abs(seconds - LIFETIME)).toBeLessThan(30);
      const until = Number(cookies.find(({ name }) => name.includes('expires_at'))!.value);
      expect(Math.abs(until - Date.now() / 1000 - minutes * 60 - LIFETIME)).toBeLessThan(30);
      expect(await told()).toEqual(['signedin']);
    });
  }
}

const FORMS = ['seconds', 'milliseconds', 'iso', 'iso_offset', 'iso_without_zone'] as const;
const ZONES = ['Asia/Tokyo', 'America/Los_Angeles', 'UTC'];

for (const timezoneId of ZONES) {
  test.describe(timezoneId, () => {
    test.use({ timezoneId });

    for (const expiresAt of FORMS) {
      test(`an expiry as ${expiresAt}`, async ({ page, vendor }) => {
        await vendor({ expiresAt, lifetimeSeconds: LIFETIME });
        const chatBox = await ChatBox.open(page);
        await fillLogin(await chatBox.openPopup(), DANA);
        await chatBox.isSignedInAs('Dana Demo');
        for (const { expires } of await chatBox.cookies()) {
          expect(Math.abs(expires - Date.now() / 1000 - LIFETIME)).toBeLessThan(30);
        }
      });
    }
  });
}

/** What else may arrive, and the word for it. No cookie of it is kept. */
const WRONG: [string, object, string][] = [
  ['a credential that had expired', { jwt: 'a.b.c', expiresAt: 1_000_000_000 }, 'clock'],
  ['one that had expired by the vendor\'s own clock', { jwt: 'a.b.c', expiresAt: 4_000_000_000, expiresIn: 0 }, 'invalid'],
  ['one without an expiry', { jwt: 'a.b.c' }, 'invalid'],
  ['one of another chat box', { jwt: 'a.b.c', expiresIn: 600, chatBoxId: 'cb_other' }, 'invalid'],
  ['one that is too long for a cookie', { jwt: 'x'.repeat(4200), expiresIn: 600 }, 'too_long'],
  ['one that is too long once it is encoded', { jwt: '%'.repeat(1400), expiresIn: 600 }, 'too_long'],
];

for (const [what, data, code] of WRONG) {
  test(`${what} has a word of its own and leaves no cookie`, async ({ page, context }) => {
    await context.route(`${LOGIN}/api/handoff/redeem`, (route) => route.fulfill({ json: { status: 'ok', data }, headers: readableBy(SITE) }));
    await cutOff(context);
    const chatBox = await ChatBox.open(page);
    const told = await recordEvents(page);
    await fillLogin(await chatBox.openPopup(), DANA);
    await expect.poll(told).toEqual([`error: ${code}`]);
    expect((await context.cookies(SITE)).filter(({ name }) => name.startsWith('knoon_'))).toEqual([]);
  });
}

test('a credential that no cookie can hold is refused at the login, in words of its own', async ({ page, vendor, pageErrors }) => {
  pageErrors.allow(/status of 502/);
  await vendor({ failure: 'long' });
  const chatBox = await ChatBox.open(page);
  const popup = await chatBox.openPopup();
  await fillLogin(popup, DANA);
  await expect(popup.getByText('too large for your browser to keep')).toBeVisible();
  expect(await chatBox.cookies()).toEqual([]);
});
