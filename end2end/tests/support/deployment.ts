// A deployment that a test starts: a server and its sandbox, behind a proxy that can sever windows from their
// openers, and pages of two customers' sites, each of which embeds a chat box.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { SERVER_PROGRAM } from './environment.ts';
import { setSsoSwitches } from './sandbox.ts';
import { close, listen, startPair, type Stop } from './servers.ts';

/** The page of the flow that sends `Cross-Origin-Opener-Policy: same-origin`. */
export const CUTS = ['none', 'login page', 'OAuth hop', 'provider page', 'opener page'] as const;
export type Cut = (typeof CUTS)[number];

/** Whether the opener is on the same site as the login. */
export const SITES = ['same site', 'cross site'] as const;
export type Site = (typeof SITES)[number];

const SEVERED: Partial<Record<Cut, RegExp>> = { 'login page': /^\/login/, 'OAuth hop': /^\/oauth\// };

/** A page that embeds a chat box; at "/" it is the chat box's return page. */
function openerPage(login: string, chatBoxId: string): string {
  return `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,">
    <script src="${login}/latchkey.js"></script>
    <h1>Shop</h1><button>Sign in</button><p role="status"></p>
    <script>
      const say = (text) => (document.querySelector('[role=status]').textContent = text);
      const signIn = () => Latchkey.signIn({ chatBoxId: '${chatBoxId}' }).catch(() => {});
      const isSignedIn = document.cookie.includes('knoon_jwt_${chatBoxId}=');
      say(isSignedIn ? 'Signed in' : 'Signed out');
      Latchkey.on('signedin', () => say('Signed in'));
      Latchkey.on('renewed', () => say('Renewed'));
      Latchkey.on('signedout', () => say('Signed out'));
      Latchkey.on('expired', () => say('Expired'));
      Latchkey.on('error', ({ message }) => say(message));
      document.querySelector('button').onclick = signIn;
      // Firefox counts its driver's actions as user activation, and lets popups open for some seconds.
      const signInUnasked = () => (navigator.userActivation.isActive ? setTimeout(signInUnasked, 50) : signIn());
      if (location.search === '?at-once' && !isSignedIn) signInUnasked();
    </script></html>`;
}

export class Deployment {
  readonly login: string;
  readonly openers: Record<Site, { origin: string; chatBoxId: string }>;
  /** Called before the return page is served. */
  beforeReturn: () => Promise<unknown> = async () => {};
  /** Whether browsers get no cookies, as if they kept none. */
  losesCookies = false;
  /** The URLs of all requests to any of the origins. */
  readonly asked: string[] = [];
  #cut: Cut = 'none';
  #server = 0;
  #sandbox = '';
  #stops: Stop[] = [];

  private constructor(port: number) {
    this.login = `http://login.latchkey.localhost:${port}`;
    this.openers = {
      'same site': { origin: `http://www.latchkey.localhost:${port}`, chatBoxId: 'cb_demo' },
      'cross site': { origin: `http://www.partner.localhost:${port}`, chatBoxId: 'cb_partner' },
    };
  }

  static async start(variables: NodeJS.ProcessEnv = {}): Promise<Deployment> {
    const proxy = http.createServer((request, response) => void deployment.#serve(request, response));
    const deployment = new Deployment(await listen(proxy));
    const site = deployment.openers['same site'].origin;
    const { port, latchkey, sandbox, stop } = await startPair(variables, { login: deployment.login, site });
    deployment.#server = port;
    deployment.#sandbox = sandbox;
    const stopProxy = async () => {
      proxy.closeAllConnections();
      await close(proxy);
    };
    deployment.#stops.push(stopProxy, stop);
    await deployment.#addPartner(latchkey.variables);
    return deployment;
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) await stop();
  }

  /** Makes exactly this kind of page sever its window from the opener. */
  async cut(cut: Cut): Promise<void> {
    this.#cut = cut;
    await setSsoSwitches({ openerPolicy: cut === 'provider page' ? 'same_origin' : 'none' }, this.#sandbox);
  }

  /** Adds a page for the second chat box, whose site the demo does not serve but the proxy does. */
  async #addPartner(variables: NodeJS.ProcessEnv): Promise<void> {
    const { origin, chatBoxId } = this.openers['cross site'];
    const words = ['chat-box', 'add', chatBoxId, '--name', 'Partner support', '--origin', origin, '--return-url', `${origin}/`];
    const program = spawn(SERVER_PROGRAM, words, { env: { ...process.env, ...variables }, stdio: 'inherit' });
    const [code] = await once(program, 'exit');
    if (code !== 0) throw new Error(`latchkey chat-box add ended with ${code}`);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = `http://${request.headers.host}`;
    const path = request.url!.split('?')[0]!;
    this.asked.push(host + request.url);
    if (host === this.login) {
      return this.#forward(request, response, SEVERED[this.#cut]?.test(path) ?? false);
    }
    const opener = Object.values(this.openers).find(({ origin }) => origin === host);
    if (path === '/') await this.beforeReturn();
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (this.#cut === 'opener page') response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.end(openerPage(this.login, opener!.chatBoxId));
  }

  #forward(request: IncomingMessage, response: ServerResponse, severs: boolean): void {
    const { method, url, headers } = request;
    const onward = http.request({ host: '127.0.0.1', port: this.#server, method, path: url, headers }, (reply) => {
      const policy = severs ? { 'cross-origin-opener-policy': 'same-origin' } : {};
      const { 'set-cookie': cookies = [], ...others } = reply.headers;
      response.writeHead(reply.statusCode!, { ...others, 'set-cookie': this.losesCookies ? [] : cookies, ...policy });
      reply.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }
}
