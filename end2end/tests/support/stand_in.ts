// Pages that only a test has, at addresses of origins that are really there.
import type { BrowserContext } from '@playwright/test';

/** Answers whatever begins like `start` with a page. */
export async function standIn(context: BrowserContext, start: string, body: string): Promise<void> {
  // Chromium cannot tell that such a page comes from this machine, and would ask whether it may load from here.
  await context.grantPermissions(['local-network-access']);
  await context.route((url) => url.href.startsWith(start), (route) => route.fulfill({ contentType: 'text/html', body }));
}
