// `Latchkey.widget` on a page with two widgets, whatever happens to the page, its tabs, its clock and the login: it ends
// with the right user or none, and no widget ever gets the credential of another user than the one it was told.
import http from 'node:http';
import { json } from 'node:stream/consumers';
import type { BrowserContext, Page } from '@playwright/test';
import config from '../../playwright.config.ts';
import { expect, test as base } from '../fixtures.ts';
import { DANA, RIVA, signIn, signOut } from '../support/accounts.ts';
import { BareBrowser } from '../support/bare_browser.ts';
import { LOGIN, SITE } from '../support/environment.ts';
import { readableBy, standIn } from '../support/stand_in.ts';
import { signInElsewhere } from '../support/vendor_page.ts';

const ADDRESS = `${SITE}/widgets`;
const LIFETIME = 600;

const HTML = `<!doctype html>
  <title>Widgets</title>
  <link rel="icon" href="data:,">
  <script src="${LOGIN}/latchkey.js"></script>
  <script>
    const said = [];
    const restored = [];
    addEventListener("pageshow", ({ persisted }) => restored.push(persisted));
    const knows = { one: "no one", two: "no one" };
    const ready = location.search ? "Vendor" : undefined;
    for (const recipe of ["one", "two"]) {
      const say = (what) => said.push(recipe + ": " + what);
      const take = (how) => (credential, viewer) => {
        const isWrong = credential.uid !== viewer.uid || !["no one", viewer.displayName].includes(knows[recipe]);
        knows[recipe] = viewer.displayName;
        say((isWrong ? "wrongly " : "") + how + " " + viewer.displayName);
      };
      Latchkey.widget({
        recipe,
        ready,
        takeUp: take("takes up"),
        renew: take("renews"),
        forget() {
          knows[recipe] = "no one";
          say("forgets");
        },
        anonymous: () => say("is anonymous"),
        lapse: ({ status, message }) => say("lapses: " + (status ?? message)),
      });
    }
  </script>`;

/** The user of a session. Node doesn't know the names below `localhost` that browsers do. */
async function viewerOf(cookie: string): Promise<object> {
  const { host, port } = new URL(LOGIN);
  const headers = { host, cookie };
  return new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, path: '/api/viewer', headers }, (response) => resolve(json(response) as Promise<object>))
      .on('error', reject);
  });
}

interface Failure {
  status: number;
  headers?: Record<string, string>;
}

/** The page, and the endpoint, which says whose credential it is. The session alone decides. */
class Widgets {
  readonly page: Page;
  /** The next answers of the endpoint; then it works. */
  failures: Failure[] = [];
  /** Requests for a credential of the first widget. */
  asked = 0;
  /** What an answer waits for. */
  held: Promise<unknown> = Promise.resolve();

  /** The value of an expression on the page. */
  evaluate = (expression: string): Promise<unknown> => this.page.evaluate(expression);

  constructor(page: Page) {
    this.page = page;
  }

  async serve(context: BrowserContext): Promise<void> {
    await standIn(context, ADDRESS, HTML);
    await context.route(`${LOGIN}/api/*/credential`, async (route) => {
      const isFirst = route.request().url().includes('/one/');
      if (isFirst) this.asked += 1;
      const failure = isFirst ? this.failures.shift() : undefined;
      const headers = { ...readableBy(SITE), 'Access-Control-Expose-Headers': 'Retry-After' };
      if (failure) return route.fulfill({ json: {}, ...failure, headers: { ...headers, ...failure.headers } });
      const viewer = await viewerOf((await route.request().allHeaders()).cookie ?? '');
      await this.held;
      return route.fulfill({ json: { ...viewer, expiresIn: LIFETIME }, headers });
    });
  }

  /** Opens the page. */
  async open(query = ''): Promise<void> {
    await this.page.goto(ADDRESS + query);
  }

  /** What the first widget was told. */
  async said(): Promise<string[]> {
    const all = (await this.evaluate('said')) as string[];
    return all.filter((line) => line.startsWith('one: ')).map((line) => line.slice(5));
  }

  /** Expects that the first widget was told this, and that both know this user, or none. */
  async end(said: string[], who = 'no one'): Promise<void> {
    await expect.poll(() => this.said()).toEqual(said);
    await expect.poll(() => this.evaluate('[knows.one, knows.two]')).toEqual([who, who]);
    expect(await this.evaluate('said')).not.toContainEqual(expect.stringContaining('wrongly'));
  }

  async knowsDana(): Promise<void> {
    await this.end([`takes up ${DANA.displayName}`], DANA.displayName);
  }
}

const test = base.extend<{ widgets: Widgets }>({
  widgets: async ({ page, context }, use) => {
    const widgets = new Widgets(page);
    await widgets.serve(context);
    await use(widgets);
  },
});

// Chromium as people start it: Playwright switches the back/forward cache off, and its headless shell has none.
const { launchOptions } = config.use!;
const ignoreDefaultArgs = ['--disable-back-forward-cache'];
test.use({ launchOptions: { ...launchOptions, executablePath: process.env.CHROMIUM, ignoreDefaultArgs } });

const UP = `takes up ${DANA.displayName}`;
const RENEWED = `renews ${DANA.displayName}`;
const NEXT = ['forgets', `takes up ${RIVA.displayName}`];

/** Signs out at the login in another tab, of which the page hears nothing. */
async function signOutElsewhere(context: BrowserContext): Promise<void> {
  const other = await context.newPage();
  await other.goto(`${LOGIN}/account`);
  await signOut(other);
  await other.close();
}

/** Lets an answer that has been sent reach the page, whose clock counts from then. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((go) => setTimeout(go, 500)));
}

async function wake(page: Page): Promise<void> {
  await page.evaluate(() => dispatchEvent(new Event('focus')));
}

test('signed out, both are anonymous, and a sign-in elsewhere is followed', async ({ page, widgets }) => {
  await widgets.open();
  await widgets.end(['is anonymous']);
  expect(widgets.asked).toBe(0);
  await signInElsewhere(page, DANA);
  await widgets.end(['is anonymous', UP], DANA.displayName);
});

test('sleep past the expiry', async ({ page, widgets }) => {
  await page.clock.install();
  await signIn(page, DANA);
  await widgets.open();
  await widgets.knowsDana();
  await page.clock.fastForward('08:00');
  await page.clock.fastForward('03:00:00');
  await widgets.end([UP, RENEWED], DANA.displayName);
  expect(widgets.asked).toBe(2);
});

for (const minutes of [20, -20]) {
  test(`a clock that is ${minutes} minutes ahead`, async ({ page, widgets }) => {
    await page.clock.install({ time: Date.now() + minutes * 60_000 });
    await signIn(page, DANA);
    await widgets.open();
    await widgets.knowsDana();
    await page.clock.fastForward('08:00');
    await settle(page);
    expect(widgets.asked).toBe(1);
    await page.clock.fastForward('01:10');
    await widgets.end([UP, RENEWED], DANA.displayName);
    expect(widgets.asked).toBe(2);
  });
}

test('a clock that is set back 20 minutes while the page is open', async ({ page, widgets }) => {
  await page.clock.install();
  await signIn(page, DANA);
  await widgets.open();
  await widgets.knowsDana();
  await page.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() - 20 * 60_000;
  });
  await page.clock.fastForward('09:10');
  await widgets.end([UP, RENEWED], DANA.displayName);
});

test('the user switched in another tab', async ({ page, widgets }) => {
  await signIn(page, DANA);
  await widgets.open();
  await widgets.knowsDana();
  await signInElsewhere(page, RIVA);
  await widgets.end([UP, ...NEXT], RIVA.displayName);
});

test('the user switched while no page was open', async ({ page, widgets }) => {
  await signIn(page, DANA);
  await widgets.open();
  await widgets.knowsDana();
  await page.goto('about:blank');
  await signInElsewhere(page, RIVA);
  await widgets.open();
  await widgets.end(NEXT, RIVA.displayName);
  await page.reload();
  await widgets.end(NEXT.slice(1), RIVA.displayName);
});

test('the user switched while a credential was on its way', async ({ page, widgets }) => {
  await signIn(page, DANA);
  let release = () => {};
  widgets.held = new Promise<void>((resolve) => (release = resolve));
  await widgets.open();
  await expect.poll(() => widgets.asked).toBe(1);
  await signInElsewhere(page, RIVA);
  await expect.poll(() => widgets.asked).toBe(2);
  release();
  await widgets.end(NEXT.slice(1), RIVA.displayName);
});

test('signed out in another tab at the login', async ({ page, context, widgets }) => {
  await signIn(page, DANA);
  await widgets.open();
  await widgets.knowsDana();
  await signOutElsewhere(context);
  await wake(page);
  await widgets.end([UP, 'forgets']);
});

test('signed out in another tab of the site, of which this one hears', async ({ page, context, widgets }) => {
  await signIn(page, DANA);
  await widgets.open();
  await widgets.knowsDana();
  const other = await context.newPage();
  await other.goto(ADDRESS);
  await expect.poll(() => other.evaluate('knows.two')).toBe(DANA.displayName);
  await other.evaluate('Latchkey.signOut()');
  await widgets.end([UP, 'forgets']);
  await expect.poll(() => other.evaluate('[knows.one, knows.two]')).toEqual(['no one', 'no one']);
});

test('a vendor script that comes late, after the user has changed', async ({ page, widgets }) => {
  await signIn(page, DANA);
  await widgets.open('?late');
  const user = () => page.evaluate(() => localStorage.getItem('latchkey:user'));
  await expect.poll(user).toBeTruthy();
  const dana = await user();
  await signInElsewhere(page, RIVA);
  await expect.poll(user).not.toBe(dana);
  expect(await widgets.said()).toEqual([]);
  expect(widgets.asked).toBe(0);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.src = URL.createObjectURL(new Blob(['window.Vendor = {};']));
    document.head.append(script);
  });
  await widgets.end(NEXT.slice(1), RIVA.displayName);
  expect(widgets.asked).toBe(1);
});

const STATUS = /status of (401|429|503)/;

test('401 of the endpoint is a lapse, told once', async ({ page, widgets, pageErrors }) => {
  pageErrors.allow(STATUS);
  await page.clock.install();
  await signIn(page, DANA);
  widgets.failures = Array(9).fill({ status: 401 });
  await widgets.open();
  await expect.poll(() => widgets.said()).toEqual(['lapses: 401']);
  await settle(page);
  for (const _ of [1, 2]) {
    const before = widgets.asked;
    await page.clock.fastForward('02:00');
    await expect.poll(() => widgets.asked).toBe(before + 1);
    await settle(page);
  }
  expect(await widgets.said()).toEqual(['lapses: 401']);
  widgets.failures = [];
  await page.clock.fastForward('02:00');
  await widgets.end(['lapses: 401', UP], DANA.displayName);
});

test('401 since the session has ended makes both forget', async ({ page, context, widgets, pageErrors }) => {
  pageErrors.allow(STATUS);
  await page.clock.install();
  await signIn(page, DANA);
  await widgets.open();
  await widgets.knowsDana();
  await signOutElsewhere(context);
  widgets.failures = [{ status: 401 }];
  await page.clock.fastForward('09:10');
  await widgets.end([UP, 'forgets']);
});

test('429 is waited out as long as it says', async ({ page, widgets, pageErrors }) => {
  pageErrors.allow(STATUS);
  await page.clock.install();
  await signIn(page, DANA);
  widgets.failures = [{ status: 429, headers: { 'Retry-After': '40' } }];
  await widgets.open();
  await expect.poll(() => widgets.asked).toBe(1);
  await expect.poll(() => page.evaluate('knows.two')).toBe(DANA.displayName);
  await page.clock.fastForward('00:30');
  await settle(page);
  expect(widgets.asked).toBe(1);
  await page.clock.fastForward('00:20');
  await widgets.knowsDana();
});

test('503 is tried again a few times, and is then a lapse, told once', async ({ page, widgets, pageErrors }) => {
  pageErrors.allow(STATUS);
  await page.clock.install();
  await signIn(page, DANA);
  widgets.failures = Array(9).fill({ status: 503 });
  await widgets.open();
  let asked = 1;
  for (const wait of ['00:07', '00:40', '02:30']) {
    await expect.poll(() => widgets.asked).toBe(asked);
    expect(await widgets.said()).toEqual([]);
    await settle(page);
    await page.clock.fastForward(wait);
    asked += 1;
  }
  await expect.poll(() => widgets.said()).toEqual(['lapses: 503']);
  expect(widgets.asked).toBe(4);
  widgets.failures = [];
  await page.clock.fastForward('02:00');
  await widgets.end(['lapses: 503', UP], DANA.displayName);
});

test('a renewal that fails once is neither a lapse nor a loss', async ({ page, widgets, pageErrors }) => {
  pageErrors.allow(STATUS);
  await page.clock.install();
  await signIn(page, DANA);
  await widgets.open();
  await widgets.knowsDana();
  widgets.failures = [{ status: 503 }];
  await page.clock.fastForward('09:10');
  await expect.poll(() => widgets.asked).toBe(2);
  await settle(page);
  await page.clock.fastForward('00:07');
  await widgets.end([UP, RENEWED], DANA.displayName);
});

/** What happens while a page hears of nothing, what its widgets are told afterwards, and whom they then know. */
const MEANWHILE = [
  ['the user changed', (page: Page) => signInElsewhere(page, RIVA), NEXT, RIVA.displayName],
  ['the user signed out', (page: Page) => signOutElsewhere(page.context()), ['forgets'], undefined],
] as const;

for (const [what, change, said, who] of MEANWHILE) {
  test(`a page from the back/forward cache, and ${what} meanwhile`, async ({ page, context, widgets }) => {
    await signIn(page, DANA);
    await widgets.open();
    await widgets.knowsDana();
    await page.goto(`${LOGIN}/account`);
    await change(page);
    await page.evaluate(() => history.back());
    await expect(page).toHaveURL(ADDRESS);
    // Playwright loses the scripts of a restored page.
    const browser = await context.newCDPSession(page);
    widgets.evaluate = async (expression) =>
      (await browser.send('Runtime.evaluate', { expression, returnByValue: true })).result.value;
    await expect.poll(() => widgets.evaluate('restored')).toEqual([false, true]);
    await widgets.end([UP, ...said], who);
  });

  test(`a frozen page, and ${what} meanwhile`, async ({ page, context }) => {
    await signIn(page, DANA);
    // To Playwright's pages, which always seem visible, nothing of this happens.
    const browser = await BareBrowser.start(launchOptions!);
    await browser.addCookies(await context.cookies(LOGIN));
    const frozen = await browser.open(SITE);
    await frozen.evaluate(`new Promise((loaded) => {
      const script = Object.assign(document.createElement('script'), { src: '${LOGIN}/latchkey.js', onload: loaded });
      script.nonce = document.querySelector('script[nonce]').nonce;
      document.head.append(script);
    })`);
    await frozen.evaluate(`globalThis.said = [];
      document.addEventListener('freeze', () => said.push('freezes'));
      Latchkey.widget({
        recipe: 'one',
        from: '/api/viewer',
        takeUp: ({ displayName }) => void said.push('takes up ' + displayName),
        forget: () => void said.push('forgets'),
      });
      0`);
    const told = () => frozen.evaluate('said');
    await expect.poll(told).toEqual([UP]);
    await frozen.setLifecycle('frozen');
    await change(page);
    await browser.addCookies(await context.cookies(LOGIN));
    await frozen.setLifecycle('active');
    await expect.poll(told).toEqual([UP, 'freezes', ...said]);
    await browser.stop();
  });
}

test('a widget that cannot forget keeps no one on the page', async ({ page, context, widgets, pageErrors }) => {
  pageErrors.allow(/cannot forget/);
  await signIn(page, DANA);
  await widgets.open();
  await widgets.knowsDana();
  await page.evaluate(`Latchkey.widget({ recipe: "three", takeUp() {}, forget() { throw Error("cannot forget"); } })`);
  await expect.poll(() => page.evaluate(() => localStorage.getItem('latchkey:user:three'))).toBeTruthy();
  await signOutElsewhere(context);
  await Promise.all([page.waitForEvent('load'), wake(page)]);
  await widgets.end(['is anonymous']);
});

test('where the browser denies storage, changes are followed all the same', async ({ page, context, widgets }) => {
  await context.addInitScript((site) => {
    const get = () => { throw new DOMException('denied', 'SecurityError'); };
    if (location.origin === site) Object.defineProperty(window, 'localStorage', { get });
  }, SITE);
  await signIn(page, DANA);
  await widgets.open();
  await widgets.knowsDana();
  await signInElsewhere(page, RIVA);
  await widgets.end([UP, ...NEXT], RIVA.displayName);
});

test('a vendor that asks for a credential gets one of the present user only', async ({ page, widgets }) => {
  await signIn(page, DANA);
  await widgets.open();
  await widgets.knowsDana();
  await page.evaluate(`asks = Latchkey.widget({ recipe: "asks", renew: false, takeUp: () => (up = true) })`);
  await expect.poll(() => page.evaluate('globalThis.up')).toBe(true);
  expect(await page.evaluate('asks.credential()')).toMatchObject({ displayName: DANA.displayName });
  await page.evaluate('Latchkey.signOut()');
  expect(await page.evaluate('asks.credential().then((value) => value ?? "nothing")')).toBe('nothing');
});
