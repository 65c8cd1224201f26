// The size of a first visit, and when its files are loaded.
import { brotliCompressSync } from 'node:zlib';
import type { Request, Response } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { signIn } from '../support/accounts.ts';
import { LOGIN } from '../support/environment.ts';

const POPUP = `${LOGIN}/login?chatBoxId=cb_demo`;
const HASHED = /\/pkg\/[\w.-]+\.[0-9a-f]{8,}(_bg)?\.(css|js|wasm)$/;

test('the popup is usable after at most 6 KB in two requests, and the islands only come afterwards', async ({
  page,
  context,
}) => {
  const browser = await context.newCDPSession(page);
  await browser.send('Network.enable');
  await browser.send('Page.enable');
  let loaded = false;
  const early: string[] = [];
  browser.on('Page.loadEventFired', () => (loaded = true));
  browser.on('Network.requestWillBeSent', ({ type }) => {
    if (!loaded) early.push(type!);
  });
  const finished: Request[] = [];
  page.on('requestfinished', (request) => finished.push(request));
  await page.goto(POPUP);
  await expect(page.getByRole('button', { name: 'Show password' })).toBeVisible();

  // No font, script or image keeps the form waiting.
  expect(early).toEqual(['Document', 'Stylesheet']);
  const first = finished.filter((request) => /^(document|stylesheet)$/.test(request.resourceType()));
  const sizes = await Promise.all(first.map(async (request) => (await request.sizes()).responseBodySize));
  const bytes = sizes.reduce((sum, size) => sum + size);
  console.log(`${sizes.join(' + ')} = ${bytes} bytes before the form is usable`);
  expect(sizes).toHaveLength(2);
  expect(bytes).toBeLessThanOrEqual(6 * 1024);
  expect(finished.some((request) => request.url().endsWith('.wasm'))).toBe(true);
});

test('the pages of a sign-in load a smaller bundle of islands than the account page', async ({ page, account }) => {
  const bundle = async (path: string) => {
    const wasm = page.waitForRequest(/_bg\.wasm$/);
    await page.goto(`${LOGIN}${path}`);
    return new URL((await wasm).url()).pathname;
  };
  expect(await bundle('/login')).toMatch(/^\/pkg\/login\./);
  expect(await bundle('/register')).toMatch(/^\/pkg\/login\./);
  await signIn(page, account);
  expect(await bundle('/account')).toMatch(/^\/pkg\/frontend\./);
});

test('built files are compressed, named by their content, and kept for good', async ({ page }) => {
  const files: Response[] = [];
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.startsWith('/pkg/')) files.push(response);
  });
  await page.goto(POPUP);
  await expect(page.getByRole('button', { name: 'Show password' })).toBeVisible();
  const kinds = files.map((file) => file.url().split('.').at(-1)).sort();
  expect(kinds).toEqual(['css', 'js', 'wasm']);
  for (const file of files) {
    expect(new URL(file.url()).pathname).toMatch(HASHED);
    const headers = await file.allHeaders();
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': expect.stringMatching(/^(br|gzip)$/),
      'x-content-type-options': 'nosniff',
    });
  }
});

test('a second visit takes the built files from the cache', async ({ page }) => {
  await page.goto(POPUP);
  await expect(page.getByRole('button', { name: 'Show password' })).toBeVisible();
  await page.goto(POPUP);
  await expect(page.getByRole('button', { name: 'Show password' })).toBeVisible();
  const transferred = await page.evaluate(() => {
    const files = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    return files.filter(({ name }) => name.includes('/pkg/')).map(({ transferSize }) => transferSize);
  });
  expect(transferred.length).toBeGreaterThan(0);
  expect(transferred.filter((size) => size > 0)).toEqual([]);
});

test('every page has a strict policy with a nonce of its own', async ({ page }) => {
  const nonces = new Set<string>();
  for (let visit = 0; visit < 2; visit += 1) {
    const response = await page.goto(POPUP);
    const policy = response!.headers()['content-security-policy']!;
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'/);
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    const [, nonce] = policy.match(/'nonce-([^']+)'/) ?? [];
    nonces.add(nonce!);
    expect(await page.evaluate(() => [...document.scripts].map((script) => script.nonce))).toContain(nonce);
  }
  expect(nonces.size).toBe(2);
});

test("the script for pages has at most 4 KiB, and its part for widgets 2 KiB more", async ({ page }) => {
  const script = await (await page.goto(`${LOGIN}/latchkey.js`))!.text();
  const size = (text: string) => brotliCompressSync(text).length;
  const [core, total] = [size(script.slice(0, script.lastIndexOf('\n(() => {'))), size(script)];
  console.log(`latchkey.js: ${core} bytes, and ${total - core} for widgets`);
  expect(core).toBeLessThanOrEqual(4 * 1024);
  expect(total - core).toBeLessThanOrEqual(2 * 1024);
});
