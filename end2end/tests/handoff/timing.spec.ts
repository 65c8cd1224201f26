// From the click to the page that knows its visitor, who is signed in at the login already and is not asked. How long it
// takes is printed and not judged: it says as much about the machine as about the way.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { DANA, signIn } from '../support/accounts.ts';
import { Deployment, type Cut } from '../support/deployment.ts';

const ROUNDS = 9;

/** Milliseconds from the click until the page is told, as the page itself measures them. */
async function measure(page: Page): Promise<number> {
  await page.evaluate(() => {
    const { Latchkey } = window as unknown as { Latchkey: { on(name: string, listener: () => void): void } };
    const times: Partial<Record<'start' | 'end', number>> = {};
    document.querySelector('button')!.addEventListener('click', () => (times.start = performance.now()), true);
    Latchkey.on('signedin', () => (times.end = performance.now()));
    Object.assign(window, { times });
  });
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('status')).toHaveText('Signed in', { timeout: 10_000 });
  return page.evaluate(() => {
    const { times } = window as unknown as { times: Record<'start' | 'end', number> };
    return times.end - times.start;
  });
}

const ways: [string, Cut][] = [
  ['a message', 'none'],
  ['a code', 'opener page'],
];

test('from the click to a page that knows its visitor', async ({ context }) => {
  test.setTimeout(180_000);
  const deployment = await Deployment.start({ LATCHKEY_POPUP_CONTINUE: 'straight' });
  const { origin } = deployment.openers['same site'];
  await signIn(await context.newPage(), DANA, deployment.login);
  const open = async () => {
    for (const page of context.pages()) await page.close();
    await context.clearCookies({ name: /^knoon_/ });
    const page = await context.newPage();
    await page.goto(`${origin}/shop`);
    return page;
  };
  for (const [way, cut] of ways) {
    await deployment.cut(cut);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) times.push(await measure(await open()));
    const median = times.sort((a, b) => a - b)[(ROUNDS - 1) / 2]!;
    console.log(`By ${way}: signed in ${Math.round(median)} ms after the click (median of ${ROUNDS})`);
  }
  await deployment.stop();
});
