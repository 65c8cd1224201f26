// Run by `cargo xtask test`, which starts server and sandbox and says in the environment where they are.
import { defineConfig, devices } from '@playwright/test';

const asRoot = process.getuid?.() === 0;
const others = (['firefox', 'webkit'] as const).filter((name) => process.env.BROWSERS?.split(' ').includes(name));

export default defineConfig({
  testDir: 'tests',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 30_000,
  reporter: 'list',
  use: {
    ...devices['Desktop Chrome'],
    baseURL: process.env.SITE_ORIGIN,
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: {
      executablePath: process.env.CHROMIUM,
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
    // Where Playwright's own builds of them are installed: BROWSERS="firefox webkit".
    ...others.map((browserName) => ({
      name: browserName,
      testMatch: 'handoff/truth_table.spec.ts',
      use: { browserName, launchOptions: {} },
    })),
  ],
});
