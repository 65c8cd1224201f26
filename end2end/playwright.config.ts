// Run by `cargo xtask test`, which starts a server and a sandbox for each worker and says in the environment where they are.
import { defineConfig, devices } from '@playwright/test';

// This file runs in every worker before its tests do, and here each takes what is said about its own deployment.
const own = `DEPLOYMENT_${process.env.TEST_PARALLEL_INDEX ?? 0}_`;
for (const [name, value] of Object.entries(process.env)) {
  if (name.startsWith(own)) process.env[name.slice(own.length)] = value;
}

/** What a page, a mail or a server may take where others share the cores. A test that passes never waits that long. */
const TIMEOUT = 30_000;

const asRoot = process.getuid?.() === 0;
const { BROWSERS, CHROMIUM, CHROMIUM_SHELL, DEPLOYMENTS, FIREFOX, SITE_ORIGIN, UPDATE_TRUTH_TABLE } = process.env;

/** The system's Firefox, by WebDriver BiDi. Playwright after 1.64 sends it a command that Debian's does not know. */
const systemFirefox = { channel: 'moz-firefox', executablePath: FIREFOX };

// Beside the system's, Playwright's own builds, where they are installed: BROWSERS="firefox webkit".
const others = [
  { name: 'firefox', use: { ...devices['Desktop Firefox'], launchOptions: FIREFOX ? systemFirefox : {} } },
  { name: 'webkit', use: { ...devices['Desktop Safari'], launchOptions: {} } },
].filter(({ name }) => BROWSERS?.split(' ').includes(name) || (FIREFOX && name === 'firefox'));

export default defineConfig({
  testDir: 'tests',
  // Tests that write into one file take turns.
  workers: UPDATE_TRUTH_TABLE ? 1 : Number(DEPLOYMENTS ?? 1),
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  timeout: 4 * TIMEOUT,
  expect: { timeout: TIMEOUT },
  reporter: 'list',
  use: {
    ...devices['Desktop Chrome'],
    baseURL: SITE_ORIGIN,
    actionTimeout: TIMEOUT,
    navigationTimeout: TIMEOUT,
    // Snapshots of every page of every test would cost more than the screenshot of a failed one tells.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: CHROMIUM_SHELL ?? CHROMIUM,
      args: [
        // Chromium refuses to run its sandbox as root, which is what containers usually are.
        ...(asRoot ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'chromium', testIgnore: 'no_js/**' },
    { name: 'no-js', testMatch: 'no_js/**/*.spec.ts', use: { javaScriptEnabled: false } },
    ...others.map((browser) => ({ ...browser, testMatch: 'handoff/truth_table.spec.ts' })),
  ],
});
