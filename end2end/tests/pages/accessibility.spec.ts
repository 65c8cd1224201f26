// Every page in every state: axe finds no violation, in light and dark, wide and narrow.
import type { Page } from '@playwright/test';
import axe from 'axe-core';
import { expect, test as base } from '../fixtures.ts';
import {
  CONFIRM_SUBJECT, DANA, RESET_SUBJECT, signInWithSso, exampleSso, fillLogin, fillRegistration, mailIsSent, signIn, newAccount,
} from '../support/accounts.ts';
import { ChatBox } from '../support/chat_box.ts';
import { LOGIN, SITE } from '../support/environment.ts';
import { linkIn, mailTo, type Switches } from '../support/sandbox.ts';
import { VendorPage } from '../support/vendor_page.ts';

const STATUS = /Failed to load resource: the server responded with a status of (400|401|403|404|410|422|500)/;
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 640 };

/** Checks a page in both colour schemes and both sizes. */
async function expectAccessible(page: Page): Promise<void> {
  expect(page.frames(), 'a page without frames, into which axe would not look').toHaveLength(1);
  await page.evaluate(axe.source);
  for (const viewport of [WIDE, NARROW]) {
    await page.setViewportSize(viewport);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, `pixels beyond a width of ${viewport.width}`).toBeLessThanOrEqual(0);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await isSettled(page);
      // Only colours change with the scheme.
      const rules = colorScheme === 'dark' ? ['color-contrast'] : undefined;
      expect(await violations(page, rules), `${page.url()} in ${colorScheme}, ${viewport.width} pixels wide`).toEqual([]);
    }
  }
}

/** Waits until all colour transitions have ended, also in widgets. */
function isSettled(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const within = (root: Document | ShadowRoot): (Document | ShadowRoot)[] => {
      const shadows = [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? []);
      return [root, ...shadows.flatMap(within)];
    };
    const transitions = within(document).flatMap((root) => root.getAnimations()).filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(transitions.map(({ finished }) => finished));
  });
}

/** The violations that axe, which the page has loaded, finds by `rules`, or by all rules. */
function violations(page: Page, rules?: string[]): Promise<string[]> {
  return page.evaluate(async (runOnly) => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run({ runOnly, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  }, rules);
}

/** A vendor's page, once the vendor has answered with `verdict`. */
function vendorPage(vendor: string, exhibit: string, verdict: RegExp, signedIn = false) {
  return async ({ page }: Visit) => {
    const vendorPage = signedIn
      ? await VendorPage.openAs(page, vendor, DANA)
      : await VendorPage.open(page, vendor);
    await expect(vendorPage.exhibit(exhibit).verdict).toHaveText(verdict);
    return page;
  };
}

const test = base.extend<{ quiet: void }>({
  quiet: [
    async ({ pageErrors }, use) => {
      pageErrors.allow(STATUS);
      await use();
    },
    { auto: true },
  ],
});

interface Visit {
  page: Page;
  vendor: (change: Partial<Switches>) => Promise<void>;
}

async function popupOf(page: Page): Promise<Page> {
  return (await ChatBox.open(page)).openPopup();
}

async function wrongPassword(page: Page): Promise<Page> {
  await page.goto(`${LOGIN}/login`);
  await fillLogin(page, { ...DANA, password: 'wrong horse battery staple' });
  await expect(page.getByRole('alert')).toBeVisible();
  return page;
}

async function handoff(page: Page, heading: string): Promise<Page> {
  const popup = await popupOf(page);
  await fillLogin(popup, DANA);
  await expect(popup.getByRole('heading', { name: heading })).toBeVisible();
  return popup;
}

/** Opens a page that needs no further steps. */
function at(url: string) {
  return async ({ page }: Visit) => {
    await page.goto(url);
    return page;
  };
}

/** Submits an empty form. */
function emptyForm(path: string, button: string) {
  return async ({ page }: Visit) => {
    await page.goto(`${LOGIN}${path}`);
    await page.getByRole('button', { name: button, exact: true }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    return page;
  };
}

/** Opens the login and returns from the provider as `name` to a page with this heading. */
function fromProvider(name: string, heading: string) {
  return async ({ page }: Visit) => {
    await page.goto(`${LOGIN}/login`);
    await signInWithSso(page, name);
    await expect(page.getByRole('heading', { name: heading, exact: true })).toBeVisible();
    return page;
  };
}

/** How to get to each page in each state. */
const states: Record<string, (visit: Visit) => Promise<Page>> = {
  'the login': at(`${LOGIN}/login`),
  'the login with a notice': at(`${LOGIN}/login?notice=signed-out`),
  'the login after an empty form': emptyForm('/login', 'Sign in'),
  'the login after a wrong password': ({ page }) => wrongPassword(page),
  'the login in a popup': ({ page }) => popupOf(page),
  'the login after a cancelled sign-in at the provider': fromProvider('Cancel', 'Sign in'),
  'the login for anyone who has an account already': fromProvider('Mallory Mirror', 'Sign in'),
  'the question for an address': fromProvider('Umut Unverified', 'Almost there'),
  'the question for an address in a popup': async ({ page }) => {
    const popup = await popupOf(page);
    await signInWithSso(popup, 'Umut Unverified');
    await expect(popup.getByRole('heading', { name: 'Almost there' })).toBeVisible();
    return popup;
  },
  'the question for an address after an empty form': async (visit) => {
    const page = await fromProvider('Nora Nomail', 'Almost there')(visit);
    await page.getByRole('button', { name: 'Send link' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    return page;
  },
  'the way to the provider': async ({ page }) => {
    await signIn(page, DANA);
    // Opened as a navigation, its `Refresh` header would lead to the provider during the check.
    await page.evaluate(async () => {
      const response = await fetch('/oauth/sso/link', { method: 'POST' });
      document.open();
      document.write(await response.text());
      document.close();
    });
    await expect(page.getByRole('heading', { name: 'Redirecting to Example SSO' })).toBeVisible();
    return page;
  },
  'the account of a user without a password': fromProvider('Vera Verified', 'Your account'),
  'the account after its last sign-in method was kept': async (visit) => {
    const page = await fromProvider('Vera Verified', 'Your account')(visit);
    await page.getByRole('button', { name: 'Disconnect Example SSO' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    return page;
  },
  'a sign-in that is over': at(`${LOGIN}/oauth/sso/callback?state=over&code=over`),
  'the registration': at(`${LOGIN}/register`),
  'the registration after an empty form': emptyForm('/register', 'Create account'),
  'the registration in a popup': at(`${LOGIN}/register?chatBoxId=cb_demo`),
  'a look into the mailbox': async ({ page }) => {
    await page.goto(`${LOGIN}/register`);
    await fillRegistration(page, newAccount());
    await mailIsSent(page);
    return page;
  },
  'the confirmation': async ({ page }) => {
    const newcomer = newAccount();
    await page.goto(`${LOGIN}/register`);
    await fillRegistration(page, newcomer);
    await mailIsSent(page);
    await page.goto(linkIn((await mailTo(newcomer.email, CONFIRM_SUBJECT)).text));
    return page;
  },
  'a used-up confirmation': at(`${LOGIN}/verify-email?token=used-up`),
  'the forgotten password': at(`${LOGIN}/forgot-password`),
  'the forgotten password after an empty form': emptyForm('/forgot-password', 'Send reset link'),
  'a used-up reset': at(`${LOGIN}/reset-password?token=used-up`),
  'the account': async ({ page }) => {
    await signIn(page, DANA);
    return page;
  },
  'the account after a refused profile': async ({ page }) => {
    await signIn(page, DANA);
    await page.getByLabel('Photo URL').fill('not a picture');
    await page.getByRole('button', { name: 'Save profile' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    return page;
  },
  'the account after a refused password': async ({ page }) => {
    await signIn(page, DANA);
    await page.getByRole('button', { name: 'Change password' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    return page;
  },
  'the page of visitors with an account': async ({ page }) => {
    await signIn(page, DANA);
    await page.getByRole('link', { name: 'Visitors' }).click();
    await page.getByLabel('Email or account ID').fill(DANA.email);
    await page.getByRole('button', { name: 'Look up account' }).click();
    await expect(page.getByRole('heading', { name: 'Account', exact: true })).toBeVisible();
    return page;
  },
  'the page of visitors without a visitor': async ({ page }) => {
    await signIn(page, DANA);
    await page.goto(`${LOGIN}/admin/visitors?visitor=9855790.unknown`);
    await expect(page.getByText('No visitor has this ID.')).toBeVisible();
    return page;
  },
  'the question whether to go on': async ({ page }) => {
    await signIn(page, DANA);
    const popup = await popupOf(page);
    await expect(popup.getByRole('button', { name: 'Continue as Dana Demo' })).toBeVisible();
    return popup;
  },
  'the hand-off at work': async ({ page }) => {
    await page.context().route('**/api/*/credentials', () => {});
    return handoff(page, 'Signing you in to Support…');
  },
  'the hand-off with a failing vendor': async ({ page, vendor }) => {
    ChatBox.needed();
    await vendor({ failure: 'server_error' });
    return handoff(page, 'We couldn’t sign you in to the chat');
  },
  'the hand-off without an opener': async ({ page }) => {
    ChatBox.needed();
    await page.goto(`${LOGIN}/login?chatBoxId=cb_demo`);
    await fillLogin(page, DANA);
    await expect(page.getByRole('heading', { name: 'You’re signed in, but we lost the connection to the chat' })).toBeVisible();
    return page;
  },
  'the hand-off without a response': async ({ page }) => {
    ChatBox.needed();
    await page.goto(SITE);
    const opened = page.waitForEvent('popup');
    // A page that announces a receipt, sends none, and has no challenge for a code.
    await page.evaluate((login) => void open(`${login}/login?chatBoxId=cb_demo&receipt=1`, '', 'popup'), LOGIN);
    const popup = await opened;
    await fillLogin(popup, DANA);
    await expect(popup.getByRole('heading', { name: 'You’re signed in, but the chat didn’t confirm' })).toBeVisible();
    return popup;
  },
  'an unknown chat box': at(`${LOGIN}/login?chatBoxId=cb_unknown`),
  'an opener that is not allowed': async ({ page }) => {
    await page.goto(SITE);
    const popup = await new ChatBox(page, 'Partner support', 'cb_partner').openPopup();
    await expect(popup.getByRole('heading', { name: 'This site isn’t allowed to use this chat' })).toBeVisible();
    return popup;
  },
  'a page that does not exist': at(`${LOGIN}/nothing-here`),
  'the site': async ({ page }) => (await ChatBox.open(page)).page,
  'the site, signed in': async ({ page }) => {
    const chatBox = await ChatBox.open(page);
    await fillLogin(await chatBox.openPopup(), DANA);
    await chatBox.isSignedInAs('Dana Demo');
    return page;
  },
  'the page of Knoon': vendorPage('knoon', 'The chat box', /Not signed in/),
  'the page of Ferndesk': vendorPage('ferndesk', 'The help widget', /Not identified/),
  'the page of Ferndesk, signed in': vendorPage('ferndesk', 'The help widget', /knows Dana/, true),
  'the page of CloudBase': vendorPage('cloudbase', "The platform's user", /Not signed in/),
  'the page of CloudBase, signed in': vendorPage('cloudbase', "The platform's user", /accepted/, true),
  'the page of Zendesk': vendorPage('zendesk', 'Chat', /anonymous/),
  'the page of Zendesk, signed in': vendorPage('zendesk', 'Chat', /Authenticated/, true),
  'the site after a cancelled sign-in': async ({ page }) => {
    const chatBox = await ChatBox.open(page);
    const popup = await chatBox.openPopup();
    await popup.waitForURL(`${LOGIN}/login?**`);
    await popup.close();
    await chatBox.is('signed-out');
    await expect(page.getByText('The sign-in didn’t finish.')).toBeVisible();
    return page;
  },
};

for (const [name, reach] of Object.entries(states)) {
  test(`${name} is accessible`, async ({ page, vendor }) => {
    await expectAccessible(await reach({ page, vendor }));
  });
}

test('the reset is accessible', async ({ page, account }) => {
  await page.goto(`${LOGIN}/forgot-password`);
  await page.getByLabel('Email').fill(account.email);
  await page.getByRole('button', { name: 'Send reset link' }).click();
  await mailIsSent(page);
  await page.goto(linkIn((await mailTo(account.email, RESET_SUBJECT)).text));
  await expectAccessible(page);
});

test('the Tab key walks through the login in reading order', async ({ page }) => {
  await page.goto(`${LOGIN}/login`);
  await expect(page.getByLabel('Email')).toBeFocused();
  const stops = [
    page.getByLabel('Password', { exact: true }),
    page.getByRole('button', { name: 'Show password' }),
    page.getByRole('button', { name: 'Sign in', exact: true }),
    exampleSso(page),
    page.getByRole('link', { name: 'Forgot your password?' }),
    page.getByRole('link', { name: 'Create an account' }),
  ];
  await expect(stops[1]!).toBeVisible();
  for (const stop of stops) {
    await page.keyboard.press('Tab');
    await expect(stop).toBeFocused();
  }
});
