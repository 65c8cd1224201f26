// The table of how sign-ins reach their pages, which the tests in each browser compare with what they find.
import { readFile, writeFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { CUTS, SITES, type Cut, type Deployment, type Site } from './deployment.ts';

const TABLE = new URL('../../../server/src/handoff/TRUTH_TABLE.md', import.meta.url);

export const POPUPS = ['allowed', 'blocked', 'opener reloaded', 'opener closed'] as const;
export type Popup = (typeof POPUPS)[number];

/** The table's columns. */
export const COLUMNS = [
  { title: 'Chromium', browser: 'chromium', script: 'on' },
  { title: 'Chromium, script off', browser: 'chromium', script: 'off' },
  { title: 'Firefox', browser: 'firefox', script: 'on' },
  { title: 'WebKit', browser: 'webkit', script: 'on' },
] as const;

/** How the credential arrived: posted to the opener, or redeemed by the return page with a code. */
export type Way = 'message' | 'code';

/** Whether the page that severs the window is part of a sign-in through a provider. */
export function goesElsewhere(cut: Cut): boolean {
  return cut === 'OAuth hop' || cut === 'provider page';
}

/** The domain of the credential's cookies on the opener's site. */
export function domainOf(site: Site): string {
  return site === 'same site' ? '.latchkey.localhost' : 'www.partner.localhost';
}

/** How a credential that is in the cookie `jwt` arrived. It is in no URL. */
export function wayOf({ asked, login }: Deployment, jwt: string): Way {
  expect(asked.filter((url) => url.includes(jwt) || /latchkey_code/.test(url))).toEqual([]);
  return asked.includes(`${login}/api/handoff/redeem`) ? 'code' : 'message';
}

/** The beginning of a row's line. */
function row(cut: Cut, site: Site, popup: Popup): string {
  return `| ${[cut, site, popup].join(' | ')} |`;
}

/** The recorded table, with the results of this run. */
export class TruthTable {
  /** The beginnings of the rows, with the ways in their columns. */
  readonly #rows: Map<string, string[]>;

  private constructor(rows: Map<string, string[]>) {
    this.#rows = rows;
  }

  static async recorded(): Promise<TruthTable> {
    const lines = (await readFile(TABLE, 'utf8')).split('\n');
    const rows = CUTS.flatMap((cut) => SITES.flatMap((site) => POPUPS.map((popup) => row(cut, site, popup))));
    const ways = (start: string) => lines.find((line) => line.startsWith(start))?.slice(start.length).split('|') ?? [];
    return new TruthTable(new Map(rows.map((start) => {
      return [start, COLUMNS.map((_, column) => ways(start)[column]?.trim() ?? '')];
    })));
  }

  set([cut, site, popup]: readonly [Cut, Site, Popup], column: number, way: Way): void {
    this.#rows.get(row(cut, site, popup))![column] = way;
  }

  /** Compares the results with what is recorded, or records them with UPDATE_TRUTH_TABLE=1. */
  async compare(): Promise<void> {
    const document = this.#document();
    if (process.env.UPDATE_TRUTH_TABLE) await writeFile(TABLE, document);
    expect(await readFile(TABLE, 'utf8')).toBe(document);
  }

  #document(): string {
    const rows = [...this.#rows].map(([start, ways]) => `${start} ${ways.join(' | ')} |`);
    return `# How a sign-in reaches its page

Written by the tests \`truth_table.spec.ts\` in \`end2end/tests/handoff\`, which sign in once for each cell, with popups as the
browser itself allows them. In every cell the page is signed in: by a **message** to the opener, or by a **code** that the chat
box's return page redeems.

- *Cut off by*: the page that sends \`Cross-Origin-Opener-Policy: same-origin\`.
- *Opener*: whether its page is on the same site as the login.
- *Popup*: it opens; or the browser blocks it, so that the login uses the whole page, which then returns to where the user
  was; or the opener's page is reloaded or closed while the popup is open.
- *WebKit*: WebKitGTK, by its own driver.
- *Script off*: JavaScript is off on the login's pages, so the last page needs one more click. Only Chromium's driver can turn
  it off for a single window.

| cut off by | opener | popup | ${COLUMNS.map(({ title }) => title).join(' | ')} |
|---|---|---|${'---|'.repeat(COLUMNS.length)}
${rows.join('\n')}
`;
  }
}
