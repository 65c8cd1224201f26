// Every way in which a popup can lose its opener, and how the sign-in reaches the page nevertheless. The
// results must equal the table beside the code; UPDATE_TRUTH_TABLE=1 rewrites the columns of the browsers
// that run.
import { readFile, writeFile } from 'node:fs/promises';
import type { Browser, BrowserContext, LaunchOptions, Page } from '@playwright/test';
import { expect, test as base } from '../fixtures.ts';
import { DANA, signInWithSso, signIn as signInOnPage } from '../support/accounts.ts';
import { closeBy, closed, credentialCookies } from '../support/chat_box.ts';
import { CUTS, Deployment, SITES, type Cut, type Site } from '../support/deployment.ts';

const TABLE = new URL('../../../server/src/handoff/TRUTH_TABLE.md', import.meta.url);

const POPUPS = ['allowed', 'blocked', 'opener reloaded', 'opener closed'] as const;
type Popup = (typeof POPUPS)[number];

type Script = 'on' | 'off';

/** The table's columns. */
const COLUMNS = [
  { title: 'Chromium', browser: 'chromium', script: 'on' },
  { title: 'Chromium, script off', browser: 'chromium', script: 'off' },
  { title: 'Firefox', browser: 'firefox', script: 'on' },
] as const;

/** How the credential arrived: posted to the opener, or redeemed by the return page with a code. */
type Way = 'message' | 'code';

interface Fixtures {
  /** A context of `decider`. */
  deciding: BrowserContext;
}

interface WorkerFixtures {
  /** A browser that blocks popups as it does for users. Playwright lets every popup open. */
  decider: Browser;
  deployment: Deployment;
}

const test = base.extend<Fixtures, WorkerFixtures>({
  decider: [
    async ({ playwright, browserName, launchOptions }, use) => {
      const { CHROMIUM } = process.env;
      const own: Record<typeof browserName, LaunchOptions> = {
        // The headless shell is faster, but blocks no popups.
        chromium: {
          ...(CHROMIUM ? { executablePath: CHROMIUM } : { channel: 'chromium' }),
          ignoreDefaultArgs: ['--disable-popup-blocking'],
        },
        firefox: { firefoxUserPrefs: { 'dom.disable_open_during_load': true } },
        webkit: {},
      };
      const browser = await playwright[browserName].launch({ ...launchOptions, ...own[browserName] });
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  deciding: async ({ decider, contextOptions, pageErrors }, use) => {
    const context = await decider.newContext(contextOptions);
    pageErrors.watch(context);
    await use(context);
    await context.close();
  },
  deployment: [
    async ({}, use) => {
      const deployment = await Deployment.start();
      await use(deployment);
      await deployment.stop();
    },
    { scope: 'worker' },
  ],
});

/** Disables scripts on the login's pages, as a user can for a site. */
async function switchScriptOff(login: Page, deployment: Deployment): Promise<void> {
  const session = await login.context().newCDPSession(login);
  const setDisabled = (value: boolean) => session.send('Emulation.setScriptExecutionDisabled', { value });
  await setDisabled(true);
  deployment.beforeReturn = () => setDisabled(false);
}

/** Whether the page that severs the window is part of a sign-in through a provider. */
function goesElsewhere(cut: Cut): boolean {
  return cut === 'OAuth hop' || cut === 'provider page';
}

/** Whether the browser decides about the popup; otherwise it opens, as after a click. */
function decides(cut: Cut, popup: Popup): boolean {
  return popup === 'blocked' || cut === 'none';
}

/** Starts a sign-in and returns the page with the login. */
async function openLogin(opener: Page, popup: Popup, { login }: Deployment): Promise<Page> {
  if (popup === 'blocked') {
    await opener.waitForURL(`${login}/login?**`);
    return opener;
  }
  const opened = opener.waitForEvent('popup');
  await opener.getByRole('button', { name: 'Sign in' }).click();
  const page = await opened;
  await page.waitForURL(`${login}/login?**`, { waitUntil: 'commit' });
  if (popup === 'opener reloaded') await opener.reload();
  if (popup === 'opener closed') await opener.close();
  return page;
}

async function isSignedIn(page: Page): Promise<void> {
  await expect(page.getByRole('status')).toHaveText('Signed in');
}

/** Signs in under the conditions of one cell, and expects that only the opener's site has the credential. */
async function signIn(
  context: BrowserContext,
  deployment: Deployment,
  [cut, site, popup, script]: [Cut, Site, Popup, Script],
): Promise<Way> {
  const { origin, chatBoxId } = deployment.openers[site];
  deployment.asked.length = 0;

  const opener = await context.newPage();
  const address = `${origin}/shop${popup === 'blocked' ? '?at-once' : ''}`;
  await opener.goto(address);
  const login = await openLogin(opener, popup, deployment);
  if (script === 'off') await switchScriptOff(login, deployment);
  if (goesElsewhere(cut)) await signInWithSso(login, 'Vera Verified');
  else await login.getByRole('button', { name: 'Continue as Dana Demo' }).click();
  if (script === 'off') await login.getByRole('button', { name: /^Continue to / }).click();

  if (popup === 'opener closed') {
    await isSignedIn(login);
    await expect(login).toHaveURL(`${origin}/`);
  } else {
    await isSignedIn(opener);
    await expect(opener).toHaveURL(address);
    if (popup !== 'blocked') await closed(login);
  }

  const cookies = await credentialCookies(context, chatBoxId);
  const domain = site === 'same site' ? '.latchkey.localhost' : 'www.partner.localhost';
  expect(cookies.map((cookie) => cookie.domain)).toEqual([domain, domain]);
  const jwt = cookies.find(({ name }) => name.includes('_jwt_'))!.value;
  expect(deployment.asked.filter((url) => url.includes(jwt) || /latchkey_code/.test(url))).toEqual([]);
  return deployment.asked.includes(`${deployment.login}/api/handoff/redeem`) ? 'code' : 'message';
}

/** The beginning of a row's line. */
function row(cut: Cut, site: Site, popup: Popup): string {
  return `| ${[cut, site, popup].join(' | ')} |`;
}

/** Every row of the recorded table, with the ways in its columns. */
async function recorded(): Promise<Map<string, string[]>> {
  const lines = (await readFile(TABLE, 'utf8')).split('\n');
  const rows = CUTS.flatMap((cut) => SITES.flatMap((site) => POPUPS.map((popup) => row(cut, site, popup))));
  return new Map(rows.map((start) => {
    const ways = lines.find((line) => line.startsWith(start))?.slice(start.length).split('|') ?? [];
    return [start, COLUMNS.map((_, column) => ways[column]?.trim() ?? '')];
  }));
}

/** The document with this table. */
function document(table: Map<string, string[]>): string {
  const rows = [...table].map(([start, ways]) => `${start} ${ways.join(' | ')} |`);
  return `# How a sign-in reaches its page

Written by \`end2end/tests/handoff/truth_table.spec.ts\`, which signs in once for each cell, with popups as the browser
itself allows them. In every cell the page is signed in: by a **message** to the opener, or by a **code** that the chat
box's return page redeems.

- *Cut off by*: the page that sends \`Cross-Origin-Opener-Policy: same-origin\`.
- *Opener*: whether its page is on the same site as the login.
- *Popup*: it opens; or the browser blocks it, so that the login uses the whole page, which then returns to where the user
  was; or the opener's page is reloaded or closed while the popup is open.
- *Script off*: JavaScript is off on the login's pages, so the last page needs one more click. Only Chromium's driver can turn
  it off for a single window.

| cut off by | opener | popup | ${COLUMNS.map(({ title }) => title).join(' | ')} |
|---|---|---|${'---|'.repeat(COLUMNS.length)}
${rows.join('\n')}
`;
}

for (const cut of CUTS) {
  for (const site of SITES) {
    test(`cut off by ${cut}, ${site}`, async ({ context, deciding, deployment, browserName }) => {
      const table = await recorded();
      await deployment.cut(cut);
      if (!goesElsewhere(cut)) {
        await signInOnPage(await context.newPage(), DANA, deployment.login);
        await deciding.addCookies(await context.cookies(deployment.login));
      }
      for (const popup of POPUPS) {
        const visitor = decides(cut, popup) ? deciding : context;
        for (const [column, { browser, script }] of COLUMNS.entries()) {
          if (browser !== browserName) continue;
          const cell: [Cut, Site, Popup, Script] = [cut, site, popup, script];
          await test.step(cell.join(', '), async () => {
            table.get(row(cut, site, popup))![column] = await signIn(visitor, deployment, cell);
          });
          deployment.beforeReturn = async () => {};
          for (const page of visitor.pages()) await page.close();
          await visitor.clearCookies(goesElsewhere(cut) ? {} : { name: /^knoon_/ });
        }
      }
      if (process.env.UPDATE_TRUTH_TABLE) await writeFile(TABLE, document(table));
      expect(await readFile(TABLE, 'utf8')).toBe(document(table));
    });
  }
}

test('"Cancel" reaches the page also from a window that was cut off', async ({ context, deployment }) => {
  await deployment.cut('login page');
  const opener = await context.newPage();
  await opener.goto(deployment.openers['cross site'].origin);
  const login = await openLogin(opener, 'allowed', deployment);
  await closeBy(login.getByRole('link', { name: 'Cancel' }));
  await expect(opener.getByRole('status')).toHaveText('The sign-in was canceled.');
});
