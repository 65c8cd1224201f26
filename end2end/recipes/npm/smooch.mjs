import jwt from "smooch-core/lib/utils/jwt.js";

export default [
  {
    by: "smooch-core",
    notes: "Header typ, alg, kid; no exp.",
    make: ({ user, settings }) => ({ token: jwt.generate({ scope: "appUser", userId: user.id }, settings.SECRET, settings.KEY_ID) }),
  },
];
