// A vendor's page on the demo site: the widget, the signed token, and the vendor's response.
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

  /** Opens the page with this browser's session. */
  static async open(page: Page, vendor: string): Promise<VendorPage> {
    const vendorPage = new VendorPage(page, vendor);
    await page.goto(vendorPage.url);
    return vendorPage;
  }

  /** Opens the page and signs in by its link. */
  static async openAs(page: Page, vendor: string, account: Account): Promise<VendorPage> {
    const vendorPage = await VendorPage.open(page, vendor);
    await vendorPage.signIn(account);
    return vendorPage;
  }

  exhibit(title: string): Exhibit {
    return new Exhibit(this.page.getByRole('region', { name: title, exact: true }));
  }

  /** The signed-in user that the page shows. */
  get who(): Locator {
    return this.page.getByRole('region', { name: 'Who is signed in' });
  }

  /** A claim or a header field of the upstream login's token. */
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

  /** The names of the site's cookies and storage entries. */
  async traces(): Promise<string[]> {
    const cookies = (await this.page.context().cookies(SITE)).map(({ name }) => name);
    const stored = await this.page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]);
    return [...cookies, ...stored].sort();
  }
}

/** A widget, and the token and responses shown beside it. */
export class Exhibit {
  readonly region: Locator;

  constructor(region: Locator) {
    this.region = region;
  }

  get verdict(): Locator {
    return this.region.locator('[data-verdict]');
  }

  /** A claim or a header field of the token. */
  signed(name: string): Locator {
    return fact(this.region.locator('[data-token]'), name);
  }

  answered(name: string): Locator {
    return fact(this.region.locator('[data-response]'), name);
  }

  /** Expects that no token is shown. */
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

/** Signs a user in at the login in another tab, and returns to this one. */
export async function signInElsewhere(page: Page, account: Account): Promise<void> {
  const other = await page.context().newPage();
  await other.goto(`${LOGIN}/account`);
  if (await other.getByRole('button', { name: 'Sign out' }).isVisible()) await signOut(other);
  await other.goto(`${LOGIN}/login`);
  await fillLogin(other, account);
  await expect(other).toHaveURL(`${LOGIN}/account`);
  await other.close();
  // Headless browsers send no focus event when a tab comes to the front.
  await page.evaluate(() => dispatchEvent(new Event('focus')));
}
