// Servers that a test starts beside the running ones; each ends with the test that has started it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { LATCHKEY_BIN } from './environment.ts';

/** Ends a server. */
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

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await close(server);
  return port;
}

/** Serves one page at every path of an origin of its own. */
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

/** Starts another latchkey with a database of its own; `variables` come on top of the running one's. */
export async function startLatchkey(variables: NodeJS.ProcessEnv): Promise<{ login: string; stop: Stop }> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-test-'));
  const port = await freePort();
  const login = `http://login.latchkey.localhost:${port}`;
  const server = spawn(LATCHKEY_BIN, {
    env: {
      ...process.env,
      LATCHKEY_ADDR: `127.0.0.1:${port}`,
      LATCHKEY_LOGIN_ORIGIN: login,
      LATCHKEY_SITE_ORIGIN: `http://www.latchkey.localhost:${port}`,
      DATABASE_URL: `sqlite://${folder}/latchkey.db`,
      ...variables,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(server, 'exit');
  const stop = async () => {
    server.kill();
    await ended;
    await rm(folder, { recursive: true });
  };
  const isReady = async () => {
    if (server.exitCode !== null) throw new Error(`latchkey ended with ${server.exitCode}`);
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
    return answer?.ok ?? false;
  };
  try {
    await expect.poll(isReady, { message: 'latchkey is ready', timeout: 20_000 }).toBe(true);
  } catch (error) {
    await stop();
    throw error;
  }
  return { login, stop };
}
