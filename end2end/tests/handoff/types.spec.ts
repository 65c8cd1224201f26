// The script's type declarations: a site's correct TypeScript compiles with them in strict mode, and mistakes
// do not.
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';

const SOURCE = new URL('../../../server/src/web/handoff/', import.meta.url);

/** A site's code. Each mistake is marked, so the compiler fails if it finds no error there. */
const USE = `
const controller = new AbortController();
const end: () => void = on('error', ({ chatBoxId, code }) => console.log(chatBoxId, code === 'blocked'));
on('signedin', ({ expiresAt }) => console.log(expiresAt.getTime()));
on('renewed', ({ chatBoxId }) => console.log(chatBoxId.length));
on('step', ({ step }) => console.log(step === 'popup' || step === 'message'));
signIn({ chatBoxId: 'cb_demo', mode: 'page', signal: controller.signal }).then(({ chatBoxId }) => chatBoxId.length);
const help = widget<{ token: string; expiresIn: number }>({
  recipe: 'helpdesk',
  ready: 'Helpdesk',
  takeUp: ({ token }, { displayName }) => console.log(token, displayName),
  forget: (next) => next === null,
  lapse: ({ status }) => console.log(status === 429),
});
help.credential().then((credential) => credential?.token);
widget({ recipe: 'pull', from: '/api/pull', renew: false, takeUp: async () => 600 });
widget({ recipe: 'own', from: () => fetch('/own'), takeUp: () => {} });
help.stop();
signOut();
end();
// @ts-expect-error: nothing takes the credential up
widget({ recipe: 'helpdesk' });
// @ts-expect-error: a lifetime is a number
widget({ recipe: 'helpdesk', takeUp: () => 'soon' });
// @ts-expect-error: no chat box
signIn({});
// @ts-expect-error: no such mode
signIn({ chatBoxId: 'cb_demo', mode: 'window' });
// @ts-expect-error: no such event
on('signed-in', () => {});
// @ts-expect-error: no such code
on('error', ({ code }) => code === 'oops');
`;

const FILES = {
  'script.ts': `/// <reference path="./latchkey.d.ts" />
(() => { const { signIn, signOut, on, widget } = Latchkey; ${USE} })();`,
  'module.mts': `import Latchkey_, { signIn, signOut, on, widget } from './latchkey.mjs';\n${USE}\nLatchkey_.signOut();`,
};

test('the types compile under --strict, for a script and for a module', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-types-'));
  for (const name of ['latchkey.d.ts', 'latchkey.d.mts']) await copyFile(new URL(name, SOURCE), join(folder, name));
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom'];
  const files = Object.keys(FILES).map((name) => join(folder, name));
  const compiled = promisify(execFile)('node', ['node_modules/typescript/bin/tsc', ...options, ...files]);
  expect(await compiled.then(() => '', ({ stdout }: { stdout: string }) => stdout)).toBe('');
  await rm(folder, { recursive: true });
});
