// Servers that a test starts in addition to the running ones, and that end with it.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type BrowserContext } from '@playwright/test';
import { SANDBOX_PROGRAM, SERVER_PROGRAM } from './environment.ts';

/** Stops a server. */
export type Stop = () => Promise<void>;

/** Listens on `port` of the loopback address, or on any free one; returns the port. */
export async function listen(server: Server, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

export async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
}

// Each worker has its own range of ports, or two of them might choose the same free one.
let lastPort = 20_000 + 3_000 * Number(process.env.TEST_PARALLEL_INDEX) + randomInt(2_000);

/** Closes all pages before their server stops, since they would report requests in flight as errors. */
export async function closePages(context: BrowserContext): Promise<void> {
  await Promise.all(context.pages().map((page) => page.close()));
}

/** A free port below the ephemeral ports, so that it stays free. */
export async function freePort(): Promise<number> {
  const port = (lastPort += 1);
  const server = createServer();
  try {
    await listen(server, port);
  } catch {
    return freePort();
  }
  await close(server);
  return port;
}

/** Serves one page at every path of a new origin. */
export async function servePage(html: string): Promise<{ origin: string; stop: Stop }> {
  const server = http.createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(html);
  });
  const port = await listen(server);
  const stop = async () => {
    server.closeAllConnections();
    await close(server);
  };
  return { origin: `http://127.0.0.1:${port}`, stop };
}

/** Takes what a program writes to its log. */
export type Log = (text: string) => void;

/**
 * Starts a program with `variables` in addition to the environment, and waits until `url` responds. Its log is shown,
 * unless `log` takes it.
 */
export async function startProgram(
  path: string,
  variables: NodeJS.ProcessEnv,
  url: string,
  words: string[] = [],
  log?: Log,
): Promise<Stop> {
  const env = { ...process.env, ...variables };
  const program = spawn(path, words, { env, stdio: ['ignore', 'ignore', log ? 'pipe' : 'inherit'] });
  if (log) program.stderr!.setEncoding('utf8').on('data', log);
  const ended = once(program, 'exit');
  const stop = async () => {
    program.kill();
    await ended;
  };
  const isReady = async () => {
    const response = await fetch(url).catch(() => null);
    if (program.exitCode !== null) throw new Error(`${path} ended with ${program.exitCode}`);
    return response?.ok ?? false;
  };
  try {
    await expect.poll(isReady, { message: `${path} is ready`, intervals: [50] }).toBe(true);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/** The origins of a server's login and site. */
interface Origins {
  login: string;
  site: string;
}

/** A server that a test has started, and its variables. */
export interface Latchkey extends Origins {
  variables: NodeJS.ProcessEnv;
  stop: Stop;
}

export function originsAt(port: number): Origins {
  return { login: `http://login.latchkey.localhost:${port}`, site: `http://www.latchkey.localhost:${port}` };
}

/** Starts another server with its own database, at this port or a free one. */
export async function startLatchkey(changes: NodeJS.ProcessEnv, port?: number, log?: Log): Promise<Latchkey> {
  const at = port ?? (await freePort());
  return startLatchkeyAt(at, originsAt(at), changes, log);
}

async function startLatchkeyAt(port: number, origins: Origins, changes: NodeJS.ProcessEnv, log?: Log): Promise<Latchkey> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-test-'));
  const variables = {
    LATCHKEY_ADDR: `127.0.0.1:${port}`,
    LATCHKEY_LOGIN_ORIGIN: origins.login,
    LATCHKEY_SITE_ORIGIN: origins.site,
    DATABASE_URL: `sqlite://${folder}/latchkey.db`,
    ...changes,
  };
  const stopProgram = await startProgram(SERVER_PROGRAM, variables, `http://127.0.0.1:${port}/health/ready`, [], log);
  const stop = async () => {
    await stopProgram();
    await rm(folder, { recursive: true });
  };
  return { ...origins, variables, stop };
}

/** Unsets the running sandbox's files, since another sandbox would overwrite them with its keys. */
function withoutFiles(): NodeJS.ProcessEnv {
  const files = Object.keys(process.env).filter((name) => /^SANDBOX_\w+_FILE$/.test(name));
  return Object.fromEntries(files.map((name) => [name, undefined]));
}

/** A server with its own sandbox. */
export interface Pair {
  port: number;
  latchkey: Latchkey;
  /** The sandbox's URL. */
  sandbox: string;
  stop: Stop;
}

/** Starts both at the same time. The origins are those of the server's port, unless a proxy has others. */
export async function startPair(changes: NodeJS.ProcessEnv = {}, proxy?: Origins): Promise<Pair> {
  const [port, sandboxPort, smtpPort] = [await freePort(), await freePort(), await freePort()];
  const origins = proxy ?? originsAt(port);
  const sandbox = `http://localhost:${sandboxPort}`;
  const ofLatchkey = {
    LATCHKEY_SANDBOX_URL: sandbox,
    KNOON_API_URL: `${sandbox}/knoon`,
    OAUTH_SSO_ISSUER: `${sandbox}/sso`,
    SMTP_URL: `smtp://localhost:${smtpPort}`,
    ...changes,
  };
  const ofSandbox = {
    ...withoutFiles(),
    SANDBOX_ADDR: `127.0.0.1:${sandboxPort}`,
    SANDBOX_SMTP_ADDR: `127.0.0.1:${smtpPort}`,
    SANDBOX_URL: sandbox,
    SANDBOX_LOGIN_ORIGIN: origins.login,
    SANDBOX_SITE_ORIGIN: origins.site,
  };
  const [latchkey, stopSandbox] = await Promise.all([
    startLatchkeyAt(port, origins, ofLatchkey),
    startProgram(SANDBOX_PROGRAM, ofSandbox, `${sandbox}/sso/control`),
  ]);
  const stop = async () => {
    await Promise.all([latchkey.stop(), stopSandbox()]);
  };
  return { port, latchkey, sandbox, stop };
}
