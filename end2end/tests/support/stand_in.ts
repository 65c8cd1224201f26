// Pages that only a test has, at addresses of origins that are really there.
import type { BrowserContext } from '@playwright/test';

/** The headers of an answer that pages of another origin may read, with cookies. */
export function readableBy(origin: string): Record<string, string> {
  return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' };
}

/** Answers whatever begins like `start` with a page. */
export async function standIn(context: BrowserContext, start: string, body: string): Promise<void> {
  // Chromium cannot tell that such a page comes from this machine, and would ask whether it may load from here.
  await context.grantPermissions(['local-network-access']);
  await context.route((url) => url.href.startsWith(start), (route) => route.fulfill({ contentType: 'text/html', body }));
}
