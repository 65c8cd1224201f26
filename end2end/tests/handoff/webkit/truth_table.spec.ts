// The truth table's column for WebKit: see ../truth_table.spec.ts.
import { DANA } from '../../support/accounts.ts';
import { CUTS, Deployment, SITES, type Cut, type Site } from '../../support/deployment.ts';
import { COLUMNS, POPUPS, TruthTable, domainOf, goesElsewhere, wayOf, type Popup, type Way } from '../../support/truth_table.ts';
import { WebKit, expect, signIn as signInOnPage, test as base, type WebKitWindow } from '../../support/webkit.ts';

const COLUMN = COLUMNS.findIndex(({ browser }) => browser === 'webkit');

const test = base.extend<object, { deployment: Deployment }>({
  deployment: [
    async ({}, use) => {
      const deployment = await Deployment.start();
      await use(deployment);
      await deployment.stop();
    },
    { scope: 'worker' },
  ],
});

/** Starts a sign-in and returns the window with the login. */
async function openLogin(opener: WebKitWindow, popup: Popup, { login }: Deployment): Promise<WebKitWindow> {
  const isLogin = new RegExp(`^${login}/login\\?`);
  if (popup === 'blocked') {
    await opener.isAt(isLogin);
    return opener;
  }
  const opened = await opener.browser.opened(() => opener.click('button', 'Sign in'));
  await opened.isAt(isLogin);
  if (popup === 'opener reloaded') await opener.reload();
  if (popup === 'opener closed') await opener.close();
  return opened;
}

/** Signs in under the conditions of one cell, and expects that only the opener's site has the credential. */
async function signIn(
  webkit: WebKit,
  deployment: Deployment,
  [cut, site, popup]: readonly [Cut, Site, Popup],
): Promise<Way> {
  const { origin, chatBoxId } = deployment.openers[site];
  const opener = await webkit.window();
  if (!goesElsewhere(cut)) await signInOnPage(opener, DANA, deployment.login);
  deployment.asked.length = 0;

  const address = `${origin}/shop${popup === 'blocked' ? '?at-once' : ''}`;
  await opener.goto(address);
  const login = await openLogin(opener, popup, deployment);
  if (goesElsewhere(cut)) {
    await login.click('a', 'Continue with Example SSO');
    await login.click('button[value="vera-verified"]');
  } else {
    await login.click('button', 'Continue as Dana Demo');
  }

  const signedIn = popup === 'opener closed' ? login : opener;
  await signedIn.shows('[role=status]', 'Signed in');
  await signedIn.isAt(popup === 'opener closed' ? `${origin}/` : address);
  if (signedIn !== login) await login.closed();

  const cookies = (await signedIn.cookies()).filter(({ name }) => /_(jwt|expires_at)_/.test(name));
  const names = [`knoon_expires_at_${chatBoxId}`, `knoon_jwt_${chatBoxId}`];
  expect(cookies.map(({ name }) => name).sort()).toEqual(names);
  expect(cookies.map(({ domain }) => domain)).toEqual([domainOf(site), domainOf(site)]);
  return wayOf(deployment, cookies.find(({ name }) => name.includes('_jwt_'))!.value);
}

for (const cut of CUTS) {
  for (const site of SITES) {
    test(`cut off by ${cut}, ${site}`, async ({ driver, deployment }) => {
      const table = await TruthTable.recorded();
      await deployment.cut(cut);
      for (const popup of POPUPS) {
        const cell = [cut, site, popup] as const;
        await test.step(cell.join(', '), async () => {
          const webkit = await WebKit.start(driver);
          try {
            table.set(cell, COLUMN, await signIn(webkit, deployment, cell));
          } finally {
            await webkit.stop();
          }
        });
      }
      await table.compare();
    });
  }
}
