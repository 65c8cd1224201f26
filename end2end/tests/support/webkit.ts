// WebKitGTK by its own driver, on a display without a screen: https://www.w3.org/TR/webdriver2/. Playwright drives only a
// build of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test as base } from '@playwright/test';
import type { Account } from './accounts.ts';
import { LOGIN } from './environment.ts';
import { freePort, startProgram, type Stop } from './servers.ts';

/** How WebDriver represents an element. */
type Element = Record<string, string>;

/** A cookie as the browser keeps it. */
export interface WebKitCookie {
  name: string;
  value: string;
  domain: string;
  path: string;
  secure: boolean;
  httpOnly: boolean;
  sameSite: string;
}

/** Finds the first visible element that matches, also in shadow roots; `text` is that of the whole element. */
const FIND = `const [selector, text] = arguments;
  const all = (root) => [...root.querySelectorAll('*')].flatMap((it) => [it, ...(it.shadowRoot ? all(it.shadowRoot) : [])]);
  const fits = (it) => it.matches(selector) && it.checkVisibility() && (text === null || it.textContent.trim() === text);
  return all(document).find(fits) ?? null;`;

/** Starts a display and a driver; the driver has one browser at a time. */
async function startDriver(): Promise<{ url: string; stop: Stop }> {
  const display = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [number] = (await once(createInterface(display.stdout), 'line')) as [string];
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const variables = { DISPLAY: `:${number}`, GDK_BACKEND: 'x11' };
  const stopDriver = await startProgram(process.env.WEBKIT_DRIVER!, variables, `${url}/status`, [`--port=${port}`]);
  const stop = async () => {
    await stopDriver();
    await ended(display);
  };
  return { url, stop };
}

async function ended(program: ChildProcess): Promise<void> {
  const exit = once(program, 'exit');
  program.kill();
  await exit;
}

/** One browser, with cookies of its own. */
export class WebKit {
  readonly #session: string;

  private constructor(session: string) {
    this.#session = session;
  }

  static async start(driver: string): Promise<WebKit> {
    const { sessionId } = await send<{ sessionId: string }>('POST', `${driver}/session`, { capabilities: {} });
    return new WebKit(`${driver}/session/${sessionId}`);
  }

  async stop(): Promise<void> {
    await send('DELETE', this.#session);
  }

  /** The windows that are open, in no particular order. */
  async windows(): Promise<WebKitWindow[]> {
    const handles = await send<string[]>('GET', `${this.#session}/window/handles`);
    return handles.map((handle) => new WebKitWindow(this, handle));
  }

  /** The window with which the browser has started, or the only one. */
  async window(): Promise<WebKitWindow> {
    return (await this.windows())[0]!;
  }

  /** A new window. */
  async open(url: string): Promise<WebKitWindow> {
    const { handle } = await send<{ handle: string }>('POST', `${this.#session}/window/new`, { type: 'tab' });
    const opened = new WebKitWindow(this, handle);
    await opened.goto(url);
    return opened;
  }

  /** The window that `step` opens. */
  async opened(step: () => Promise<void>): Promise<WebKitWindow> {
    const before = new Set((await this.windows()).map(({ handle }) => handle));
    await step();
    let opened: WebKitWindow | undefined;
    const isOpen = async () => (opened = (await this.windows()).find(({ handle }) => !before.has(handle))) !== undefined;
    await expect.poll(isOpen, { message: 'a window opens' }).toBe(true);
    return opened!;
  }

  /** Sends a command to a window. */
  async command<T>(handle: string, method: string, path: string, body?: object): Promise<T> {
    await send('POST', `${this.#session}/window`, { handle });
    return send(method, `${this.#session}${path}`, body);
  }
}

export class WebKitWindow {
  readonly handle: string;
  readonly browser: WebKit;

  constructor(browser: WebKit, handle: string) {
    this.browser = browser;
    this.handle = handle;
  }

  goto(url: string): Promise<void> {
    return this.#send('POST', '/url', { url });
  }

  reload(): Promise<void> {
    return this.#send('POST', '/refresh', {});
  }

  close(): Promise<void> {
    return this.#send('DELETE', '/window');
  }

  url(): Promise<string> {
    return this.#send('GET', '/url');
  }

  /** The cookies that requests from the window's page to its own host have. */
  cookies(): Promise<WebKitCookie[]> {
    return this.#send('GET', '/cookie');
  }

  /** The value of an expression in the page. */
  evaluate<T>(expression: string): Promise<T> {
    return this.#send('POST', '/execute/sync', { script: `return ${expression}`, args: [] });
  }

  /** Clicks as a user does, once there is such an element. */
  async click(selector: string, text?: string): Promise<void> {
    await this.#act(selector, text, (element) => this.#send('POST', `/element/${element}/click`, {}));
  }

  /** Clicks what closes the window. */
  async clickAndClose(selector: string, text?: string): Promise<void> {
    await this.click(selector, text).catch((error: unknown) => this.closed().catch(() => Promise.reject(error)));
    await this.closed();
  }

  async fill(selector: string, value: string): Promise<void> {
    await this.#act(selector, undefined, (element) => this.#send('POST', `/element/${element}/value`, { text: value }));
  }

  /** Waits until an element with this text is visible. */
  async shows(selector: string, text?: string): Promise<void> {
    const isThere = async () => (await this.#find(selector, text)) !== null;
    await expect.poll(isThere, { message: `${selector} ${text ?? ''}` }).toBe(true);
  }

  /** Waits until the window is at this URL. */
  async isAt(url: string | RegExp): Promise<void> {
    const at = () => this.url().catch((error: Error) => error.message);
    await expect.poll(at).toEqual(url instanceof RegExp ? expect.stringMatching(url) : url);
  }

  /** Waits until the window is closed. */
  async closed(): Promise<void> {
    const isOpen = async () => (await this.browser.windows()).some(({ handle }) => handle === this.handle);
    await expect.poll(isOpen, { message: 'the window is open' }).toBe(false);
  }

  async #find(selector: string, text: string | undefined): Promise<string | null> {
    const element = await this.#send<Element | null>('POST', '/execute/sync', { script: FIND, args: [selector, text ?? null] });
    return element && Object.values(element)[0]!;
  }

  async #act(selector: string, text: string | undefined, act: (element: string) => Promise<void>): Promise<void> {
    await this.shows(selector, text);
    await act((await this.#find(selector, text))!);
  }

  #send<T>(method: string, path: string, body?: object): Promise<T> {
    return this.browser.command(this.handle, method, path, body);
  }
}

async function send<T>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${value.error}: ${value.message}`);
  return value;
}

/** Fills in and submits the login form of the page. */
export async function fillLogin(page: WebKitWindow, { email, password }: Account): Promise<void> {
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.click('button[type=submit]', 'Sign in');
}

/** Signs in on the login's own page and waits for the account page. */
export async function signIn(page: WebKitWindow, account: Account, login = LOGIN): Promise<void> {
  await page.goto(`${login}/login`);
  await fillLogin(page, account);
  await page.isAt(`${login}/account`);
}

/** Tests in WebKit. */
export const test = base.extend<{ webkit: WebKit }, { driver: string }>({
  driver: [
    async ({}, use) => {
      const { url, stop } = await startDriver();
      await use(url);
      await stop();
    },
    { scope: 'worker' },
  ],
  webkit: async ({ driver }, use) => {
    const webkit = await WebKit.start(driver);
    await use(webkit);
    await webkit.stop();
  },
});

export { expect };
