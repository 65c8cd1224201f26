// Pages of a test at URLs of real origins.
import type { BrowserContext } from '@playwright/test';

/** The CORS headers with which pages of `origin` may read a response to a request with cookies. */
export function readableBy(origin: string): Record<string, string> {
  return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' };
}

/** Responds to every URL that begins with `start` with a page. */
export async function standIn(context: BrowserContext, start: string, body: string): Promise<void> {
  // Chromium does not treat such a page as local, and would ask for permission to load from this machine.
  await context.grantPermissions(['local-network-access']);
  await context.route((url) => url.href.startsWith(start), (route) => route.fulfill({ contentType: 'text/html', body }));
}
