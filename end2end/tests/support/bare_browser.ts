// Chromium without Playwright, for measurements: Playwright delays every new window until it has attached to
// it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { chromium, type Cookie, type LaunchOptions } from '@playwright/test';

type Reply = { id?: number; error?: { message: string }; result?: Record<string, unknown> };

export class BareBrowser {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #last = 0;

  private constructor(process: ChildProcess, profile: string) {
    this.#process = process;
    this.#profile = profile;
    let text = '';
    (process.stdio[4] as Readable).setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (text + chunk).split('\0');
      text = messages.pop()!;
      for (const message of messages) this.#hear(JSON.parse(message) as Reply);
    });
  }

  static async start({ executablePath, args = [] }: LaunchOptions): Promise<BareBrowser> {
    const profile = await mkdtemp(join(tmpdir(), 'latchkey-chromium-'));
    const own = ['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${profile}`];
    const program = executablePath ?? chromium.executablePath();
    // The protocol's pipes are file descriptors 3 and 4; messages end with a zero byte.
    const stdio = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] as const;
    return new BareBrowser(spawn(program, [...args, ...own], { stdio: [...stdio] }), profile);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    await this.send('Browser.close');
    await ended;
    await rm(this.#profile, { recursive: true, force: true });
  }

  async addCookies(cookies: Cookie[]): Promise<void> {
    await this.send('Storage.setCookies', { cookies });
  }

  /** Opens a new window and waits until it is loaded. */
  async open(url: string): Promise<BarePage> {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new BarePage(this, targetId as string, sessionId as string);
    await page.goto(url);
    return page;
  }

  /** Sends a command of the DevTools protocol. */
  async send(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    const id = (this.#last += 1);
    const replied = new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    (this.#process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { error, result } = await replied;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result!;
  }

  #hear(reply: Reply): void {
    if (reply.id === undefined) return;
    this.#waiting.get(reply.id)?.(reply);
    this.#waiting.delete(reply.id);
  }
}

export class BarePage {
  readonly #browser: BareBrowser;
  readonly #targetId: string;
  readonly #sessionId: string;

  constructor(browser: BareBrowser, targetId: string, sessionId: string) {
    this.#browser = browser;
    this.#targetId = targetId;
    this.#sessionId = sessionId;
  }

  async goto(url: string): Promise<void> {
    await this.#send('Page.navigate', { url });
    await this.evaluate(`new Promise((go) => document.readyState === 'complete' ? go() : addEventListener('load', go))`);
  }

  /** The awaited value of an expression in the page. */
  async evaluate<T>(expression: string): Promise<T> {
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.#send('Runtime.evaluate', options);
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: T }).value;
  }

  /** Clicks by mouse events, as a user does. */
  async click(selector: string): Promise<void> {
    const box = `(({ x, y }) => ({ x: x + 5, y: y + 5 }))(document.querySelector('${selector}').getBoundingClientRect())`;
    const place = await this.evaluate<{ x: number; y: number }>(box);
    for (const type of ['mousePressed', 'mouseReleased']) {
      await this.#send('Input.dispatchMouseEvent', { type, ...place, button: 'left', clickCount: 1 });
    }
  }

  /** Freezes the page as a browser does with hidden ones, or thaws it. */
  async setLifecycle(state: 'frozen' | 'active'): Promise<void> {
    await this.#send('Page.setWebLifecycleState', { state });
  }

  async close(): Promise<void> {
    await this.#browser.send('Target.closeTarget', { targetId: this.#targetId });
  }

  #send(method: string, params: object): Promise<Record<string, unknown>> {
    return this.#browser.send(method, params, this.#sessionId);
  }
}
