// https://better-auth.com with its OAuth provider, in memory.
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { oauthProvider } from '@better-auth/oauth-provider';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import { jwt } from 'better-auth/plugins';
import { getAuthTables } from 'better-auth/db';

const { CLIENT_ID, CLIENT_SECRET, PORT, REDIRECT_URI, SETTINGS, USER_EMAIL, USER_NAME, USER_PASSWORD } = process.env;

const options = {
  baseURL: `http://127.0.0.1:${PORT}`,
  secret: randomUUID(),
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  plugins: [
    jwt(),
    oauthProvider({
      loginPage: '/sign-in',
      consentPage: '/consent',
      generateClientId: () => CLIENT_ID,
      generateClientSecret: () => CLIENT_SECRET,
      ...JSON.parse(SETTINGS),
    }),
  ],
};
const tables = Object.fromEntries(Object.keys(getAuthTables(options)).map((name) => [name, []]));
const auth = betterAuth({ ...options, database: memoryAdapter(tables) });

const { headers, response } = await auth.api.signUpEmail({
  body: { email: USER_EMAIL, name: USER_NAME, password: USER_PASSWORD },
  returnHeaders: true,
});
await (await auth.$context).internalAdapter.updateUser(response.user.id, { emailVerified: true });
// Clients are registered by a signed-in user, and with https.
const cookie = headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
await auth.api.adminCreateOAuthClient({
  headers: new Headers({ cookie }),
  body: { client_name: 'Latchkey', redirect_uris: [REDIRECT_URI.replace('http:', 'https:')] },
});
tables.oauthClient[0].redirectUris = [REDIRECT_URI];

/** A page whose form is sent by script, as the provider expects. */
function page(form, path, body) {
  return `<!doctype html><html lang="en"><title>Better Auth</title><form>${form}</form>
    <script>
      document.querySelector('form').onsubmit = async (event) => {
        event.preventDefault();
        const value = (name) => document.querySelector('[name=' + name + ']').value;
        const answer = await fetch('/api/auth/${path}', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ ...${body}, oauth_query: location.search.slice(1) }),
        });
        location.href = (await answer.json()).url;
      };
    </script></html>`;
}

const SIGN_IN = page(
  `<label>Email <input name="email"></label> <label>Password <input name="password" type="password"></label>
    <button>Sign in</button>`,
  'sign-in/email',
  `{ email: value('email'), password: value('password') }`,
);
const CONSENT = page('<button>Allow</button>', 'oauth2/consent', '{ accept: true }');

const answer = toNodeHandler(auth);
http
  .createServer((request, response) => {
    const own = { '/sign-in': SIGN_IN, '/consent': CONSENT }[request.url.split('?')[0]];
    if (!own) return answer(request, response);
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(own);
  })
  .listen(Number(PORT), '127.0.0.1');
