// Signing in through OpenID providers of other makes, from the login page and from the popup of a chat box.
import { readFile } from 'node:fs/promises';
import { expect, test as base } from '../fixtures.ts';
import { newAccount, linkedAccounts, type Account } from '../support/accounts.ts';
import { ChatBox, closed } from '../support/chat_box.ts';
import { closePages, freePort, originsAt, startLatchkey, type Latchkey } from '../support/servers.ts';
import { CLIENT, isInstalled, issuer, ofLatchkey, originAt, startProvider, title, version, type Provider } from './provider.ts';
import { PROVIDERS } from './table.ts';

interface Fixtures {
  provider: Provider;
  /** The provider's user. */
  user: Account;
  /** A server that knows only this provider. */
  latchkey: Latchkey;
  /** What that server has logged. */
  log: string[];
}

const test = base.extend<Fixtures>({
  provider: [PROVIDERS[0]!, { option: true }],
  user: async ({}, use) => use(newAccount('Noor Newcomer')),
  log: async ({}, use) => use([]),
  latchkey: async ({ context, pageErrors, provider, user, log }, use, testInfo) => {
    const [port, providerPort] = [await freePort(), await freePort()];
    const redirectUri = `${originsAt(port).login}/oauth/sso/callback`;
    const stopProvider = await startProvider(provider, providerPort, redirectUri, user);
    const variables = {
      OAUTH_SSO_ISSUER: issuer(provider, providerPort),
      OAUTH_SSO_NAME: 'the provider',
      OAUTH_SSO_CLIENT_ID: CLIENT.id,
      OAUTH_SSO_CLIENT_SECRET: CLIENT.secret,
      ...ofLatchkey(provider, originAt(providerPort)),
    };
    // What the provider's own pages report, such as a missing icon, is not tested here. They load nothing from
    // elsewhere.
    pageErrors.allow(new RegExp(`^http://127\\.0\\.0\\.1:${providerPort}/`), /^https:/);
    await context.route(/^https:/, (route) => route.abort());
    const latchkey = await startLatchkey(variables, port, (text) => log.push(text));
    await use(latchkey);
    await testInfo.attach('log', { body: log.join('') });
    await closePages(context);
    await latchkey.stop();
    await stopProvider();
  },
});

const CONTINUE = { name: 'Continue with the provider' };
const MISCONFIGURED = 'This sign-in method isn’t set up correctly';

for (const provider of PROVIDERS) {
  test.describe(title(provider), () => {
    test.use({ provider });
    test.skip(!isInstalled(provider), 'this is not Debian');

    test('is in docs/providers.md with this version and these settings', async () => {
      const text = await readFile(new URL('../../../docs/providers.md', import.meta.url), 'utf8');
      const row = new RegExp(`\`${provider.package}\` ${version(provider)} `);
      const rows = text.split('\n').filter((line) => row.test(line));
      const names = [...Object.keys(provider.settings), ...Object.keys(ofLatchkey(provider))];
      const isNamed = (row: string) => names.every((name) => row.includes(`\`${name}`));
      expect(rows.some(isNamed), `a row with ${names.join(', ')} among:\n${rows.join('\n')}`).toBe(true);
      expect(Object.keys(provider.settings).length, 'settings of the provider').toBeLessThanOrEqual(3);
    });

    if (provider.refusal) {
      test('is refused before anyone is sent there, and the log says why', async ({ page, latchkey, log }) => {
        await page.goto(`${latchkey.login}/login`);
        await page.getByRole('link', CONTINUE).click();
        await expect(page).toHaveURL(new RegExp(`^${latchkey.login}/login`));
        await expect(page.getByRole('alert')).toContainText(MISCONFIGURED);
        expect(log.join('')).toMatch(provider.refusal!);
      });
      return;
    }

    test('signs in from the login page', async ({ page, latchkey, user }) => {
      await page.goto(`${latchkey.login}/login`);
      await page.getByRole('link', CONTINUE).click();
      await provider.signIn(page, user);
      await expect(page).toHaveURL(`${latchkey.login}/account`);
      await expect(page.getByLabel('Display name')).toHaveValue(user.displayName);
      await expect(linkedAccounts(page)).toContainText(user.email);
    });

    test('signs in from the popup into the chat box', async ({ page, context, latchkey, user }) => {
      const chatBox = await ChatBox.open(page, latchkey.site);
      const popup = await chatBox.openPopup();
      await popup.getByRole('link', CONTINUE).click();
      await provider.signIn(popup, user);
      await closed(popup);
      await chatBox.isSignedInAs(user.displayName);
      expect(await chatBox.cookies()).toHaveLength(2);
      expect(context.pages()).toEqual([page]);
    });
  });
}
