// https://better-auth.com before 1.7, with its former provider plugin, in memory.
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { getAuthTables } from 'better-auth/db';
import { toNodeHandler } from 'better-auth/node';
import { jwt, oidcProvider } from 'better-auth/plugins';

// It warns that the plugin is deprecated.
console.warn = () => {};
const { CLIENT_ID, CLIENT_SECRET, PORT, REDIRECT_URI, SETTINGS, USER_EMAIL, USER_NAME, USER_PASSWORD } = process.env;
const settings = JSON.parse(SETTINGS);

const client = {
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  type: 'web',
  name: 'Latchkey',
  redirectUrls: [REDIRECT_URI],
  disabled: false,
  metadata: {},
  skipConsent: true,
};
const options = {
  baseURL: `http://127.0.0.1:${PORT}`,
  secret: randomUUID(),
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  plugins: [
    ...(settings.useJWTPlugin ? [jwt()] : []),
    oidcProvider({ loginPage: '/sign-in', trustedClients: [client], ...settings }),
  ],
};
const tables = Object.fromEntries(Object.keys(getAuthTables(options)).map((name) => [name, []]));
const auth = betterAuth({ ...options, database: memoryAdapter(tables) });
const { user } = await auth.api.signUpEmail({ body: { email: USER_EMAIL, name: USER_NAME, password: USER_PASSWORD } });
await (await auth.$context).internalAdapter.updateUser(user.id, { emailVerified: true });

// The form is sent by script, as the plugin expects.
const SIGN_IN = `<!doctype html><html lang="en"><title>Better Auth</title>
  <form><label>Email <input name="email"></label> <label>Password <input name="password" type="password"></label>
    <button>Sign in</button></form>
  <script>
    const form = document.querySelector('form');
    form.onsubmit = async (event) => {
      event.preventDefault();
      const answer = await fetch('/api/auth/sign-in/email', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(Object.fromEntries(new FormData(form))),
      });
      location.href = (await answer.json()).url;
    };
  </script></html>`;

const answer = toNodeHandler(auth);
http
  .createServer((request, response) => {
    if (request.url.split('?')[0] !== '/sign-in') return answer(request, response);
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(SIGN_IN);
  })
  .listen(Number(PORT), '127.0.0.1');
