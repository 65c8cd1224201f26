// A chat box on a page of the site, and the popup that it opens.
import { existsSync } from 'node:fs';
import { expect, test, type BrowserContext, type Cookie, type Locator, type Page } from '@playwright/test';
import { SITE } from './environment.ts';

/** Without the vendor of the popup, a fork has neither these tests nor chat boxes. */
const HANDOFF_TESTS = new URL('../handoff', import.meta.url);

export type State = 'loading' | 'signed-out' | 'signing-in' | 'signed-in' | 'expired' | 'refused';

export class ChatBox {
  readonly page: Page;
  readonly id: string;
  readonly #widget: Locator;

  /** The chat box with the title `name`. */
  constructor(page: Page, name = 'Support', id = 'cb_demo') {
    ChatBox.needed();
    this.page = page;
    this.id = id;
    const box = page.getByRole('region', { name: `Chat: ${name}`, exact: true });
    this.#widget = page.locator('[data-state]').filter({ has: box });
  }

  /** Skips the test if there are no chat boxes. */
  static needed(): void {
    test.skip(!existsSync(HANDOFF_TESTS), 'no vendor here has a popup');
  }

  /** Opens a page of the site, and returns its chat box. */
  static async open(page: Page, site = SITE): Promise<ChatBox> {
    const chatBox = new ChatBox(page);
    await page.goto(site);
    await chatBox.is('signed-out');
    return chatBox;
  }

  get status(): Locator {
    return this.#widget.getByRole('status');
  }

  /** A text in the chat box. */
  text(text: string): Locator {
    return this.#widget.getByText(text);
  }

  button(name: string): Locator {
    return this.#widget.getByRole('button', { name, exact: true });
  }

  get photo(): Locator {
    return this.#widget.locator('img');
  }

  async is(state: State): Promise<void> {
    await expect(this.#widget).toHaveAttribute('data-state', state);
  }

  async isSignedInAs(displayName: string): Promise<void> {
    await this.is('signed-in');
    await expect(this.status).toHaveText(`Signed in as ${displayName}`);
  }

  /** Clicks a button and returns the popup that it opens, once its page is loaded. */
  async openPopup(button = 'Sign in'): Promise<Page> {
    const opened = this.page.waitForEvent('popup');
    await this.button(button).click();
    const popup = await opened;
    await popup.waitForURL(/^http/, { waitUntil: 'commit' });
    return popup;
  }

  /** The two cookies of the credential, or none. */
  async cookies(): Promise<Cookie[]> {
    return credentialCookies(this.page.context(), this.id);
  }
}

export async function credentialCookies(context: BrowserContext, chatBoxId: string): Promise<Cookie[]> {
  const names = [`knoon_jwt_${chatBoxId}`, `knoon_expires_at_${chatBoxId}`];
  return (await context.cookies()).filter(({ name }) => names.includes(name));
}

/** Waits until a popup has closed itself. */
export async function closed(popup: Page): Promise<void> {
  if (!popup.isClosed()) await popup.waitForEvent('close');
}

/** Clicks a control that closes its window, even if the browser has not confirmed the click by then. */
export async function closeBy(control: Locator): Promise<void> {
  const gone = closed(control.page());
  await control.click().catch((error) => gone.catch(() => Promise.reject(error)));
  await gone;
}
