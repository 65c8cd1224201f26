// Every way in which a popup can lose its opener, and how the sign-in reaches the page nevertheless. The
// results must equal the table beside the code; UPDATE_TRUTH_TABLE=1 rewrites the columns of the browsers
// that run.
import type { Browser, BrowserContext, LaunchOptions, Page } from '@playwright/test';
import { expect, test as base } from '../fixtures.ts';
import { DANA, signInWithSso, signIn as signInOnPage } from '../support/accounts.ts';
import { closeBy, closed, credentialCookies } from '../support/chat_box.ts';
import { CUTS, Deployment, SITES, type Cut, type Site } from '../support/deployment.ts';
import { COLUMNS, POPUPS, TruthTable, domainOf, goesElsewhere, wayOf, type Popup, type Way } from '../support/truth_table.ts';

type Script = (typeof COLUMNS)[number]['script'];

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
  expect(cookies.map((cookie) => cookie.domain)).toEqual([domainOf(site), domainOf(site)]);
  return wayOf(deployment, cookies.find(({ name }) => name.includes('_jwt_'))!.value);
}

for (const cut of CUTS) {
  for (const site of SITES) {
    test(`cut off by ${cut}, ${site}`, async ({ context, deciding, deployment, browserName }) => {
      const table = await TruthTable.recorded();
      await deployment.cut(cut);
      if (!goesElsewhere(cut)) {
        await signInOnPage(await context.newPage(), DANA, deployment.login);
        await deciding.addCookies(await context.cookies(deployment.login));
      }
      for (const popup of POPUPS) {
        const visitor = decides(cut, popup) ? deciding : context;
        for (const [column, { browser, script }] of COLUMNS.entries()) {
          if (browser !== browserName) continue;
          const cell = [cut, site, popup] as const;
          await test.step([...cell, script].join(', '), async () => {
            table.set(cell, column, await signIn(visitor, deployment, [...cell, script]));
          });
          deployment.beforeReturn = async () => {};
          for (const page of visitor.pages()) await page.close();
          await visitor.clearCookies(goesElsewhere(cut) ? {} : { name: /^knoon_/ });
        }
      }
      await table.compare();
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
