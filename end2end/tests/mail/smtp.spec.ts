// Mail as an independent SMTP server receives it, from a server that the test starts.
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { expect, test as base } from '../fixtures.ts';
import {
  CONFIRM_SUBJECT, confirmAddress, fillLogin, fillRegistration, mailIsSent, newAccount,
} from '../support/accounts.ts';
import { linkIn } from '../support/sandbox.ts';
import { close, closePages, freePort, listen, startLatchkey } from '../support/servers.ts';

interface Received {
  from: string;
  to: string[];
  source: string;
}

/** A mail server that stores the mails that it receives. */
class MailServer {
  readonly received: Received[] = [];
  readonly #server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, session, done) => {
      const { mailFrom, rcptTo } = session.envelope;
      void text(stream).then((source) => {
        this.received.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), source });
        done();
      });
    },
  });

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server.server, 'listening');
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** The decoded part of a mail that has a content type. */
function part(source: string, type: string): string {
  const [, boundary] = source.match(/^Content-Type: multipart\/alternative;\s+boundary="([^"]+)"/m) ?? [];
  const parts = source.split(`--${boundary}`).slice(1);
  const found = parts.find((one) => one.includes(`Content-Type: ${type}; charset=utf-8\r\n`)) ?? '';
  const [head = '', ...rest] = found.trimStart().split('\r\n\r\n');
  const encoded = rest.join('\r\n\r\n');
  if (/^content-transfer-encoding: base64/im.test(head)) return Buffer.from(encoded, 'base64').toString();
  if (!/^content-transfer-encoding: quoted-printable/im.test(head)) return encoded;
  return encoded.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

const test = base.extend<{ smtpPort: number; mailServer: MailServer; login: string }>({
  smtpPort: async ({}, use) => use(await freePort()),
  mailServer: async ({}, use) => {
    const server = new MailServer();
    await use(server);
    await server.close();
  },
  login: async ({ context, smtpPort }, use) => {
    const { login, stop } = await startLatchkey({
      SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
      MAIL_FROM: 'Latchkey <hello@example.com>',
    });
    await use(login);
    await closePages(context);
    await stop();
  },
});

test('the mail of a registration is a proper mail, and its link works', async ({ page, smtpPort, mailServer, login }) => {
  await mailServer.listen(smtpPort);
  const newcomer = newAccount();
  await page.goto(`${login}/register`);
  await fillRegistration(page, newcomer);
  await mailIsSent(page);
  await expect.poll(() => mailServer.received).toHaveLength(1);
  const [mail] = mailServer.received;
  expect(mail).toMatchObject({ from: 'hello@example.com', to: [newcomer.email] });
  for (const header of [
    /^From: "?Latchkey"? <hello@example\.com>\r$/m,
    new RegExp(`^To: ${newcomer.email}\r$`, 'm'),
    new RegExp(`^Subject: ${CONFIRM_SUBJECT}\r$`, 'm'),
    /^Date: /m,
    /^MIME-Version: 1\.0\r$/m,
    /^Content-Type: multipart\/alternative;/m,
  ]) {
    expect(mail!.source).toMatch(header);
  }
  const link = linkIn(part(mail!.source, 'text/plain'));
  expect(part(mail!.source, 'text/html')).toContain(`href="${link}"`);
  await confirmAddress(page, link);
  await fillLogin(page, newcomer);
  await expect(page).toHaveURL(`${login}/account`);
});

test('a mail server that is down costs time, never the mail', async ({ page, smtpPort, mailServer, login }) => {
  const dead: Server = createServer((socket) => socket.destroy());
  try {
    await listen(dead, smtpPort);
    const refused = once(dead, 'connection');
    const newcomer = newAccount();
    await page.goto(`${login}/register`);
    await fillRegistration(page, newcomer);
    await mailIsSent(page);
    await refused;
    await close(dead);
    await mailServer.listen(smtpPort);
    await expect.poll(() => mailServer.received).toHaveLength(1);
    expect(mailServer.received[0]!.to).toEqual([newcomer.email]);
    await confirmAddress(page, linkIn(part(mailServer.received[0]!.source, 'text/plain')));
  } finally {
    await close(dead);
  }
});
