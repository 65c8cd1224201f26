// `test` for all browser tests: errors on pages fail the test, and switches that a test sets are reset.
import { test as base, expect, type BrowserContext } from '@playwright/test';
import { createAccount, type Account } from './support/accounts.ts';
import { moveSwitches, type Switches } from './support/sandbox.ts';

/** Errors on pages: exceptions, refused resources, violations of the Content Security Policy. */
class PageErrors {
  readonly #allowed: RegExp[] = [];
  readonly #reported: string[] = [];

  watch(context: BrowserContext): void {
    context.on('weberror', (error) => this.#reported.push(`${error.page()?.url()}: ${error.error().message}`));
    context.on('console', (message) => {
      if (message.type() !== 'error') return;
      this.#reported.push(`${message.location().url}: ${message.text()}`);
    });
  }

  /** Expects errors; Chromium reports every response with a status of 400 and above, for example. */
  allow(...patterns: RegExp[]): void {
    this.#allowed.push(...patterns);
  }

  unexpected(): string[] {
    return this.#reported.filter((text) => !this.#allowed.some((pattern) => pattern.test(text)));
  }
}

interface Fixtures {
  pageErrors: PageErrors;
  /** Sets switches of the popup's vendor until the end of the test. */
  vendor: (change: Partial<Switches>) => Promise<void>;
  /** Sets switches of any vendor, by its name, until the end of the test. */
  switches: (vendor: string, change: Record<string, unknown>) => Promise<void>;
  /** A confirmed account that only this test uses. */
  account: Account;
}

export const test = base.extend<Fixtures>({
  pageErrors: [
    async ({ context }, use) => {
      const errors = new PageErrors();
      errors.watch(context);
      await use(errors);
      expect(errors.unexpected(), 'errors that pages have reported').toEqual([]);
    },
    { auto: true },
  ],
  vendor: async ({ switches }, use) => use((change) => switches('knoon', { ...change })),
  switches: async ({}, use) => {
    const moves: (() => Promise<void>)[] = [];
    await use(async (vendor, change) => void moves.push(await moveSwitches(vendor, change)));
    for (const moveBack of moves.reverse()) await moveBack();
  },
  account: async ({ browser }, use) => use(await createAccount(browser)),
});

export { expect };
