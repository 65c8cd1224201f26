// The addresses of the running server and sandbox, from the variables that `cargo xtask test` sets.

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the browser tests with \`cargo xtask test\`.`);
  return value;
}

export const SITE = variable('SITE_ORIGIN');
export const LOGIN = variable('LOGIN_ORIGIN');
export const SANDBOX = variable('SANDBOX_URL');
export const COOKIE_DOMAIN = `.${variable('LATCHKEY_COOKIE_DOMAIN')}`;
export const SERVER_PROGRAM = variable('SERVER_PROGRAM');
export const SANDBOX_PROGRAM = variable('SANDBOX_PROGRAM');

/** The only origin whose pages may sign in to the chat box `cb_partner`. */
export const PARTNER = `http://www.partner.localhost:${variable('SITE_PORT')}`;
