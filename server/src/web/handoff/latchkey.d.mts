/** The opener's side of the login, imported from `/latchkey.mjs` of the login's origin. Types: /latchkey.d.ts */
/// <reference path="./latchkey.d.ts" />
export const signIn: typeof Latchkey.signIn;
export const signOut: typeof Latchkey.signOut;
export const on: typeof Latchkey.on;
export const widget: typeof Latchkey.widget;
export default Latchkey;
