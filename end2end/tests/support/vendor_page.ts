// A vendor's page of the demo site: the widget, what was signed for it, and what the vendor has answered.
import { expect, type Locator, type Page } from '@playwright/test';
import { fillLogin, signOut, type Account } from './accounts.ts';
import { LOGIN, SITE } from './environment.ts';

export class VendorPage {
  readonly page: Page;
  readonly url: string;

  constructor(page: Page, vendor: string) {
    this.page = page;
    this.url = `${SITE}/${vendor}`;
  }

  /** The page as it is in this browser. */
  static async open(page: Page, vendor: string): Promise<VendorPage> {
    const vendorPage = new VendorPage(page, vendor);
    await page.goto(vendorPage.url);
    return vendorPage;
  }

  /** The page for a user who signs in by its own link. */
  static async openAs(page: Page, vendor: string, account: Account): Promise<VendorPage> {
    const vendorPage = await VendorPage.open(page, vendor);
    await vendorPage.signIn(account);
    return vendorPage;
  }

  exhibit(title: string): Exhibit {
    return new Exhibit(this.page.getByRole('region', { name: title, exact: true }));
  }

  /** Who is signed in, as the page knows it. */
  get who(): Locator {
    return this.page.getByRole('region', { name: 'Who is signed in' });
  }

  /** A claim of the token that another login has left here, or a member of its header. */
  incomingToken(name: string): Locator {
    return fact(this.page.getByRole('region', { name: 'Incoming token' }), name);
  }

  async isSignedInAs(displayName: string): Promise<void> {
    await expect(this.who.getByText('Signed in as')).toContainText(displayName);
  }

  async isSignedOut(): Promise<void> {
    await expect(this.who.getByRole('link', { name: 'Sign in', exact: true })).toBeVisible();
  }

  async signIn(account: Account): Promise<void> {
    await this.who.getByRole('link', { name: 'Sign in', exact: true }).click();
    await fillLogin(this.page, account);
    await expect(this.page).toHaveURL(this.url);
    await this.isSignedInAs(account.displayName);
  }

  async signOut(): Promise<void> {
    await this.who.getByRole('button', { name: 'Sign out of this site' }).click();
    await expect(this.page).toHaveURL(this.url);
    await this.isSignedOut();
  }

  /** Names in the cookies and the storage of the site. */
  async traces(): Promise<string[]> {
    const cookies = (await this.page.context().cookies(SITE)).map(({ name }) => name);
    const stored = await this.page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]);
    return [...cookies, ...stored].sort();
  }
}

/** A widget and the evidence beside it. */
export class Exhibit {
  readonly region: Locator;

  constructor(region: Locator) {
    this.region = region;
  }

  get verdict(): Locator {
    return this.region.locator('[data-verdict]');
  }

  /** A claim of the token, or a member of its header. */
  signed(name: string): Locator {
    return fact(this.region.locator('[data-token]'), name);
  }

  answered(name: string): Locator {
    return fact(this.region.locator('[data-response]'), name);
  }

  /** Nothing that was signed for anybody is shown. */
  async isEmpty(): Promise<void> {
    await expect(this.region.locator('[data-token]')).toBeHidden();
    await expect(this.region.locator('[data-response] dt')).toHaveCount(0);
  }

  async isExpired(): Promise<void> {
    await expect(this.region.getByText(/^Expired /)).toBeVisible();
  }
}

function fact(list: Locator, name: string): Locator {
  return list.locator('dt').filter({ hasText: new RegExp(`^${name}$`) }).locator('xpath=following-sibling::dd[1]');
}

/** Signs a user in at the login in another tab, and comes back to this one. */
export async function signInElsewhere(page: Page, account: Account): Promise<void> {
  const other = await page.context().newPage();
  await other.goto(`${LOGIN}/account`);
  if (await other.getByRole('button', { name: 'Sign out' }).isVisible()) await signOut(other);
  await other.goto(`${LOGIN}/login`);
  await fillLogin(other, account);
  await expect(other).toHaveURL(`${LOGIN}/account`);
  await other.close();
  // Without a screen, tabs do not notice that they come to the front.
  await page.evaluate(() => dispatchEvent(new Event('focus')));
}
