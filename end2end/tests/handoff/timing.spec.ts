// The time from the click until the page knows its user, who is already signed in at the login and is not
// asked. It is printed but not checked, since it depends on the machine, too.
import { expect, test } from '../fixtures.ts';
import { DANA, signIn } from '../support/accounts.ts';
import { BareBrowser } from '../support/bare_browser.ts';
import { Deployment, type Cut } from '../support/deployment.ts';
import { closePages } from '../support/servers.ts';

const ROUNDS = 9;

/** Milliseconds from the click until the page's event, as measured by the page itself. */
async function measure(browser: BareBrowser, url: string): Promise<number> {
  const page = await browser.open(url);
  await page.evaluate(`
    Latchkey.signOut();
    window.signedIn = new Promise((resolve, reject) => {
      let start;
      document.querySelector('button').addEventListener('click', () => (start = performance.now()), true);
      Latchkey.on('signedin', () => resolve(performance.now() - start));
      Latchkey.on('error', ({ message }) => reject(new Error(message)));
    });
    true`);
  await page.click('button');
  const time = await page.evaluate<number>('signedIn');
  await page.close();
  return time;
}

const ways: [string, Cut][] = [
  ['a message', 'none'],
  ['a code', 'opener page'],
];

test('from the click to a page that knows its visitor', async ({ context }, { project }) => {
  const deployment = await Deployment.start({ LATCHKEY_POPUP_CONTINUE: 'straight' });
  await signIn(await context.newPage(), DANA, deployment.login);
  const browser = await BareBrowser.start(project.use.launchOptions!);
  await browser.addCookies(await context.cookies(deployment.login));
  const { origin } = deployment.openers['same site'];
  for (const [way, cut] of ways) {
    await deployment.cut(cut);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) times.push(await measure(browser, `${origin}/shop`));
    const median = times.sort((a, b) => a - b)[(ROUNDS - 1) / 2]!;
    console.log(`By ${way}: signed in ${Math.round(median)} ms after the click (median of ${ROUNDS})`);
    const redeemed = deployment.asked.filter((url) => url.endsWith('/api/handoff/redeem'));
    expect(redeemed).toHaveLength(way === 'a code' ? ROUNDS : 0);
  }
  await browser.stop();
  await closePages(context);
  await deployment.stop();
});
