import token from "@tryghost/admin-api/lib/token.js";

export default [
  {
    by: "@tryghost/admin-api",
    notes: "The SDK's admin token: kid, and the secret after the colon decoded from hex. It names no user.",
    make: ({ settings }) => ({ token: token(settings.ADMIN_KEY, "/admin/") }),
  },
];
