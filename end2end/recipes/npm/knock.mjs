import { signUserToken } from "@knocklabs/node";

export default [
  {
    by: "@knocklabs/node",
    notes: "RS256, an hour.",
    make: async ({ user, key }) => ({ token: await signUserToken(user.id, { signingKey: key("SIGNING_KEY_FILE") }) }),
  },
];
