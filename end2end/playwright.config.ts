// Run by `cargo xtask test`, which starts a server and a sandbox for each worker and passes their addresses
// in environment variables.
import { defineConfig, devices } from '@playwright/test';

// This file runs in every worker before its tests, so each reads the variables of its own deployment.
const own = `DEPLOYMENT_${process.env.TEST_PARALLEL_INDEX ?? 0}_`;
for (const [name, value] of Object.entries(process.env)) {
  if (name.startsWith(own)) process.env[name.slice(own.length)] = value;
}

/** The timeout for a page, a mail or a server on a busy machine. Passing tests never wait that long. */
const TIMEOUT = 30_000;

const asRoot = process.getuid?.() === 0;
const { CHROMIUM, CHROMIUM_SHELL, DEPLOY_FOLDER, DEPLOYMENTS, FIREFOX, PROVIDERS_FOLDER, SITE_ORIGIN, UPDATE_TRUTH_TABLE, WEBKIT_DRIVER } =
  process.env;
const BROWSERS = process.env.BROWSERS?.split(' ') ?? [];

/** The system's Firefox, by WebDriver BiDi. Playwright after 1.64 sends a command that Debian's lacks. */
const systemFirefox = { channel: 'moz-firefox', executablePath: FIREFOX };

// BROWSERS="firefox" adds Playwright's own build, where it is installed.
const firefox = {
  name: 'firefox',
  testMatch: 'handoff/truth_table.spec.ts',
  use: { ...devices['Desktop Firefox'], launchOptions: FIREFOX ? systemFirefox : {} },
};

/** The tests that `cargo xtask test` runs. */
const main = [
  { name: 'chromium', testIgnore: ['no_js/**', 'tests/providers/**', 'tests/deploy/**', 'handoff/webkit/**'] },
  { name: 'no-js', testMatch: 'no_js/**/*.spec.ts', use: { javaScriptEnabled: false } },
  ...(FIREFOX || BROWSERS.includes('firefox') ? [firefox] : []),
];

/** Those of its other jobs, which set what they have installed or found. */
const jobs = [
  ...(PROVIDERS_FOLDER ? [{ name: 'providers', testDir: 'tests/providers' }] : []),
  ...(DEPLOY_FOLDER ? [{ name: 'deploy', testDir: 'tests/deploy' }] : []),
  ...(WEBKIT_DRIVER ? [{ name: 'webkit', testDir: 'tests/handoff/webkit' }] : []),
];

export default defineConfig({
  testDir: 'tests',
  // Tests that write to the same file must not run at the same time.
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
    // Snapshots of every page of every test are too slow; failed tests take a screenshot.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: CHROMIUM_SHELL ?? CHROMIUM,
      args: [
        // Chromium's sandbox does not run as root, the usual user in containers.
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
  projects: jobs.length ? jobs : main,
});
