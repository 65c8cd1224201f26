// The archive's server in production, behind the archive's sample of a proxy: TLS by an authority of the test's own, and
// the sandbox as the vendors, at https://localhost.
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const FOLDER = process.env.DEPLOY_FOLDER!;

/** The parent domain of all sites. */
export const DOMAIN = 'example.test';

/** The sites that embed a chat box, and their chat boxes. */
export const SITES = { www: 'cb_demo', app: 'cb_partner' } as const;

/** Debian's proxies, by the paths of their programs. */
export const PROXIES = { Caddy: '/usr/bin/caddy', nginx: '/usr/sbin/nginx' } as const;
export type ProxyName = keyof typeof PROXIES;

export function isInstalled(name: ProxyName): boolean {
  return existsSync(PROXIES[name]);
}

interface Ports {
  tls: number;
  server: number;
  sandbox: number;
  smtp: number;
}

/** A text with `from` replaced, which must be in it. */
function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`the sample has no ${JSON.stringify(from)}`);
  return text.replaceAll(from, to);
}

async function freePorts(): Promise<Ports> {
  const servers = await Promise.all(
    ['tls', 'server', 'sandbox', 'smtp'].map(async (name) => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return [name, server] as const;
    }),
  );
  const ports = servers.map(([name, server]) => [name, (server.address() as AddressInfo).port]);
  for (const [, server] of servers) server.close();
  return Object.fromEntries(ports);
}

/** A page of the customer's, as the documentation says to write it. */
function embeddingPage(login: string, chatBoxId: string): string {
  return `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,">
    <script src="${login}/latchkey.js"></script><h1>Shop</h1><button id="sign-in">Sign in</button><p role="status"></p>
    <script>
      const say = (text) => (document.querySelector('[role=status]').textContent = text);
      Latchkey.on('signedin', () => say('Signed in'));
      document.querySelector('#sign-in').addEventListener('click', () => {
        Latchkey.signIn({ chatBoxId: '${chatBoxId}' }).catch((error) => say(error.code));
      });
    </script></html>`;
}

export class Deployment {
  readonly folder: string;
  readonly login: string;
  readonly vendors: string;
  readonly authority: string;
  readonly #ports: Ports;
  readonly #programs: ChildProcess[] = [];
  #variables: NodeJS.ProcessEnv = {};

  private constructor(folder: string, ports: Ports) {
    this.folder = folder;
    this.#ports = ports;
    this.login = this.site('login');
    this.vendors = `https://localhost:${ports.tls}`;
    this.authority = join(folder, 'ca.pem');
  }

  static async start(proxy: ProxyName): Promise<Deployment> {
    const deployment = new Deployment(await mkdtemp(join(tmpdir(), 'latchkey-deploy-')), await freePorts());
    try {
      await deployment.#start(proxy);
    } catch (error) {
      await deployment.stop();
      throw error;
    }
    return deployment;
  }

  /** The origin of a host of the parent domain. */
  site(name: string): string {
    return `https://${name}.${DOMAIN}:${this.#ports.tls}`;
  }

  /** What a command of the server prints. */
  async command(...words: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(join(FOLDER, 'latchkey'), words, { env: { ...process.env, ...this.#variables } });
    return stdout.trim();
  }

  /** The response to a request that comes through the proxy, whose body is not read. */
  async ask(url: string, options: RequestOptions = {}): Promise<IncomingMessage> {
    const ca = await readFile(this.authority);
    const { host, hostname, port, pathname } = new URL(url);
    const headers = { host, ...options.headers };
    const asked = request({ ...options, headers, host: '127.0.0.1', servername: hostname, port, path: pathname, ca, agent: false });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    return response;
  }

  async stop(): Promise<void> {
    for (const program of this.#programs.reverse()) {
      if (program.exitCode !== null || program.signalCode !== null) continue;
      program.kill('SIGTERM');
      await once(program, 'exit');
    }
    await rm(this.folder, { recursive: true });
  }

  async #start(proxy: ProxyName): Promise<void> {
    this.#makeCertificates();
    for (const [name, chatBoxId] of Object.entries(SITES)) {
      await mkdir(join(this.folder, name));
      await writeFile(join(this.folder, name, 'index.html'), embeddingPage(this.login, chatBoxId));
    }
    const { own, vendors } = this.#settings();
    this.#variables = own;
    await this.#run(PROXIES[proxy], proxy === 'Caddy' ? await this.#caddy() : await this.#nginx(), {
      HOME: this.folder,
      LATCHKEY_UPSTREAM: `127.0.0.1:${this.#ports.server}`,
    });
    await this.#run(join(FOLDER, 'latchkey-sandbox'), [], vendors);
    await this.#until(this.vendors + '/health');
    for (const [name, chatBoxId] of Object.entries(SITES)) {
      const site = this.site(name);
      await this.command('chat-box', 'add', chatBoxId, '--name', name, '--origin', site, '--return-url', `${site}/`);
    }
    await this.#run(join(FOLDER, 'latchkey'), ['serve'], own);
    await this.#until(this.login + '/health/ready');
    await this.command('health');
  }

  async #run(program: string, words: string[], variables: NodeJS.ProcessEnv): Promise<void> {
    const env = { ...process.env, ...variables };
    this.#programs.push(spawn(program, words, { env, cwd: this.folder, stdio: ['ignore', 'ignore', 'inherit'] }));
  }

  async #until(url: string): Promise<void> {
    for (;;) {
      const ended = this.#programs.find((program) => program.exitCode !== null);
      if (ended) throw new Error(`${ended.spawnfile} ended with ${ended.exitCode}`);
      const response = await this.ask(url).catch(() => null);
      if (response?.statusCode === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #makeCertificates(): void {
    const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: this.folder, stdio: 'pipe' });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test authority',
      '-addext', 'basicConstraints=critical,CA:TRUE');
    const names = ['login', ...Object.keys(SITES)].map((name) => `DNS:${name}.${DOMAIN}`);
    openssl('req', '-x509', ...key, '-keyout', 'site.key', '-out', 'site.pem', '-subj', '/CN=login',
      '-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', `subjectAltName=${[...names, 'DNS:localhost'].join(',')}`,
      '-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'extendedKeyUsage=serverAuth');
    // Where Chromium looks for authorities, below its HOME.
    const database = join(this.folder, '.pki/nssdb');
    execFileSync('mkdir', ['-p', database]);
    execFileSync('certutil', ['-d', `sql:${database}`, '-N', '--empty-password']);
    execFileSync('certutil', ['-d', `sql:${database}`, '-A', '-t', 'C,,', '-n', 'test', '-i', this.authority]);
  }

  #settings(): { own: NodeJS.ProcessEnv; vendors: NodeJS.ProcessEnv } {
    const { server, sandbox, smtp } = this.#ports;
    const secret = () => randomBytes(32).toString('hex');
    const [knoon, ferndesk, zendesk, sso] = [secret(), secret(), secret(), secret()];
    const keys = join(this.folder, 'tcb_custom_login.json');
    const own = {
      LATCHKEY_ENV: 'production',
      LATCHKEY_ADDR: `127.0.0.1:${server}`,
      LATCHKEY_LOGIN_ORIGIN: this.login,
      LATCHKEY_SITE_ORIGIN: this.site('www'),
      LATCHKEY_COOKIE_DOMAIN: DOMAIN,
      LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
      LATCHKEY_LIMIT_OAUTH_BURST: '5',
      DATABASE_URL: `sqlite://${this.folder}/data/latchkey.db`,
      SSL_CERT_FILE: this.authority,
      SMTP_URL: `smtp://127.0.0.1:${smtp}`,
      MAIL_FROM: `Shop <no-reply@${DOMAIN}>`,
      KNOON_ORG_ID: 'org_shop',
      KNOON_API_KEY: knoon,
      KNOON_API_URL: `${this.vendors}/knoon`,
      FERNDESK_JWT_SECRET: ferndesk,
      CLOUDBASE_KEY_FILE: keys,
      ZENDESK_CHAT_SECRET: zendesk,
      OAUTH_SSO_ISSUER: `${this.vendors}/sso`,
      OAUTH_SSO_NAME: 'Example SSO',
      OAUTH_SSO_CLIENT_ID: 'latchkey',
      OAUTH_SSO_CLIENT_SECRET: sso,
      RUST_LOG: 'warn,tower_sessions=error',
    };
    const vendors = {
      SANDBOX_ADDR: `127.0.0.1:${sandbox}`,
      SANDBOX_SMTP_ADDR: `127.0.0.1:${smtp}`,
      SANDBOX_URL: this.vendors,
      SANDBOX_LOGIN_ORIGIN: this.login,
      SANDBOX_SITE_ORIGIN: this.site('www'),
      SANDBOX_KNOON_ORG_ID: 'org_shop',
      SANDBOX_KNOON_API_KEY: knoon,
      SANDBOX_FERNDESK_JWT_SECRET: ferndesk,
      SANDBOX_CLOUDBASE_KEY_FILE: keys,
      SANDBOX_ZENDESK_CHAT_SECRET: zendesk,
      SANDBOX_SSO_CLIENT_ID: 'latchkey',
      SANDBOX_SSO_CLIENT_SECRET: sso,
      RUST_LOG: 'warn',
    };
    return { own, vendors };
  }

  /** The sample for the login as it is, except for names and certificates; and the other sites. */
  async #caddy(): Promise<string[]> {
    const { tls, sandbox } = this.#ports;
    const certificate = `bind 127.0.0.1\n\ttls ${this.folder}/site.pem ${this.folder}/site.key`;
    let text = await readFile(join(FOLDER, 'proxies/Caddyfile'), 'utf8');
    text = replaced(text, '\n{\n', '\n{\n\tadmin off\n\tauto_https off\n\tlog {\n\t\tlevel ERROR\n\t}\n');
    text = replaced(text, '\nlogin.example.com {\n', `\n${new URL(this.login).host} {\n\t${certificate}\n`);
    for (const name of Object.keys(SITES)) {
      text += `\n${name}.${DOMAIN}:${tls} {\n\t${certificate}\n\troot * ${this.folder}/${name}\n\tfile_server\n}\n`;
    }
    text += `\nlocalhost:${tls} {\n\t${certificate}\n\treverse_proxy 127.0.0.1:${sandbox}\n}\n`;
    await writeFile(join(this.folder, 'Caddyfile'), text);
    return ['run', '--config', join(this.folder, 'Caddyfile'), '--adapter', 'caddyfile'];
  }

  async #nginx(): Promise<string[]> {
    const { tls, server, sandbox } = this.#ports;
    let text = await readFile(join(FOLDER, 'proxies/nginx.conf'), 'utf8');
    text = replaced(text, '127.0.0.1:3000', `127.0.0.1:${server}`);
    text = replaced(text, '    listen 80;\n    listen [::]:80;\n', `    listen unix:${this.folder}/http;\n`);
    text = replaced(text, 'listen 443 ssl http2;\n    listen [::]:443 ssl http2;', `listen 127.0.0.1:${tls} ssl http2;`);
    text = replaced(text, 'login.example.com;', `login.${DOMAIN};`);
    text = replaced(text, '/etc/letsencrypt/live/login.example.com/fullchain.pem', `${this.folder}/site.pem`);
    text = replaced(text, '/etc/letsencrypt/live/login.example.com/privkey.pem', `${this.folder}/site.key`);
    const other = (name: string, rest: string) => `server {
      listen 127.0.0.1:${tls} ssl http2; server_name ${name}; default_type text/html;
      ssl_certificate ${this.folder}/site.pem; ssl_certificate_key ${this.folder}/site.key;
      ${rest}
    }\n`;
    for (const name of Object.keys(SITES)) text += other(`${name}.${DOMAIN}`, `root ${this.folder}/${name};`);
    text += other('localhost', `location / { proxy_pass http://127.0.0.1:${sandbox}; proxy_set_header Host $http_host; }`);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${this.folder}/${name};`);
    const whole = `daemon off; pid ${this.folder}/nginx.pid; error_log stderr crit; ${process.getuid?.() === 0 ? 'user root;' : ''}
      events {} http { access_log off; ${temporary.join(' ')}\n${text}}`;
    await writeFile(join(this.folder, 'nginx.conf'), whole);
    return ['-p', this.folder, '-c', join(this.folder, 'nginx.conf'), '-e', 'stderr'];
  }
}
