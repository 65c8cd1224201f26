// The archive in production behind Debian's Caddy and nginx, each with the archive's own sample.
import { chromium, expect, test as base, type BrowserContext, type Page } from '@playwright/test';
import { DOMAIN, Deployment, PROXIES, SITES, isInstalled, type ProxyName } from './deployment.ts';

const PASSWORD = 'seven quiet otters rowing';

const test = base.extend<{ deployment: Deployment; browserContext: BrowserContext }>({
  deployment: async ({}, use, info) => {
    const deployment = await Deployment.start(info.titlePath.find((title): title is ProxyName => title in PROXIES)!);
    await use(deployment);
    await deployment.stop();
  },
  // A browser that trusts the test's authority, and errors on whose pages fail the test.
  browserContext: async ({ deployment, launchOptions }, use) => {
    const args = [...(launchOptions.args ?? []), `--host-resolver-rules=MAP *.${DOMAIN} 127.0.0.1`];
    const env = { ...process.env, HOME: deployment.folder } as Record<string, string>;
    const browser = await chromium.launch({ ...launchOptions, args, env });
    const context = await browser.newContext();
    const errors: string[] = [];
    context.on('weberror', (error) => errors.push(error.error().message));
    context.on('console', (message) => message.type() === 'error' && errors.push(`${message.location().url}: ${message.text()}`));
    await use(context);
    await browser.close();
    expect(errors, 'errors that pages have reported').toEqual([]);
  },
});

/** Lets a user whom the operator has added choose a password, and signs them in. */
async function signIn(page: Page, deployment: Deployment, email: string): Promise<void> {
  const output = await deployment.command('user', 'add', email, '--name', 'Dana Deployed');
  const link = /https:\S+/.exec(output)![0];
  await page.goto(link);
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByRole('button', { name: /password/i, exact: false }).last().click();
  await page.goto(`${deployment.login}/login`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(`${deployment.login}/account`);
}

for (const name of Object.keys(PROXIES) as ProxyName[]) {
  test.describe(name, () => {
    test.skip(() => !isInstalled(name), `${name} is not installed`);

    test('a user signs in over TLS and HTTP/2, with cookies for this host alone', async ({ deployment, browserContext }) => {
      const page = await browserContext.newPage();
      await signIn(page, deployment, `dana@${DOMAIN}`);
      const session = (await browserContext.cookies()).find(({ name }) => name === '__Host-latchkey')!;
      expect(session).toMatchObject({ domain: `login.${DOMAIN}`, path: '/', secure: true, httpOnly: true, sameSite: 'Lax' });
      const response = (await page.goto(`${deployment.login}/account`))!;
      expect(response.headers()['strict-transport-security']).toMatch(/^max-age=\d{8}/);
      const protocols = await page.evaluate(() =>
        performance.getEntries().map((entry) => (entry as PerformanceResourceTiming).nextHopProtocol).filter(Boolean),
      );
      expect(new Set(protocols)).toEqual(new Set(['h2']));
    });

    for (const [site, chatBoxId] of Object.entries(SITES)) {
      test(`the popup hands over to ${site}`, async ({ deployment, browserContext }) => {
        const page = await browserContext.newPage();
        await signIn(page, deployment, `dana@${DOMAIN}`);
        await page.goto(deployment.site(site));
        const opened = page.waitForEvent('popup');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await (await opened).getByRole('button', { name: 'Continue as Dana Deployed' }).click();
        await expect(page.getByRole('status')).toHaveText('Signed in');
        const credential = (await browserContext.cookies()).find((cookie) => cookie.name.endsWith(`jwt_${chatBoxId}`))!;
        expect(credential).toMatchObject({ domain: `.${DOMAIN}`, secure: true });
      });
    }

    test('scripts of the site get every credential', async ({ deployment, browserContext }) => {
      const page = await browserContext.newPage();
      await signIn(page, deployment, `dana@${DOMAIN}`);
      await page.goto(deployment.site('www'));
      for (const path of ['/api/ferndesk-token', '/api/cloudbase/ticket', '/api/zendesk/token']) {
        const answer = await page.evaluate(async (url) => {
          const response = await fetch(url, { credentials: 'include' });
          return { status: response.status, length: (await response.text()).length };
        }, deployment.login + path);
        expect(answer, path).toMatchObject({ status: 200 });
        expect(answer.length, path).toBeGreaterThan(100);
      }
    });

    test('a provider signs a new user in', async ({ deployment, browserContext }) => {
      const page = await browserContext.newPage();
      await page.goto(`${deployment.login}/login`);
      await page.getByRole('link', { name: 'Continue with Example SSO' }).click();
      await page.getByRole('button', { name: 'Vera' }).click();
      await expect(page).toHaveURL(`${deployment.login}/account`);
    });

    test('what a client claims about its address counts for nothing', async ({ deployment }) => {
      const statuses: number[] = [];
      for (let last = 1; last <= 12; last += 1) {
        const address = `203.0.113.${last}`;
        const headers = { 'x-forwarded-for': address, forwarded: `for=${address}`, 'x-real-ip': address };
        const response = await deployment.ask(`${deployment.login}/oauth/sso/start`, { headers });
        statuses.push(response.statusCode!);
      }
      expect(statuses).toContain(429);
    });
  });
}
