// Run by `cargo xtask test`, which starts server and sandbox and says in the environment where they are.
import { defineConfig, devices } from '@playwright/test';

const asRoot = process.getuid?.() === 0;
const { BROWSERS, CHROMIUM, FIREFOX, SITE_ORIGIN } = process.env;

/** The system's Firefox, by WebDriver BiDi. Playwright after 1.64 sends it a command that Debian's does not know. */
const systemFirefox = { channel: 'moz-firefox', executablePath: FIREFOX };

// Beside the system's, Playwright's own builds, where they are installed: BROWSERS="firefox webkit".
const others = [
  { name: 'firefox', use: { ...devices['Desktop Firefox'], launchOptions: FIREFOX ? systemFirefox : {} } },
  { name: 'webkit', use: { ...devices['Desktop Safari'], launchOptions: {} } },
].filter(({ name }) => BROWSERS?.split(' ').includes(name) || (FIREFOX && name === 'firefox'));

export default defineConfig({
  testDir: 'tests',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 30_000,
  reporter: 'list',
  use: {
    ...devices['Desktop Chrome'],
    baseURL: SITE_ORIGIN,
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: {
      executablePath: CHROMIUM,
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
