import { JWTUserToken } from "stream-chat";
import { StreamClient } from "@stream-io/node-sdk";

export default [
  {
    by: "stream-chat",
    notes: "The token of createToken(user_id): no iat and no exp. Stream accepts it forever.",
    make: ({ user, settings }) => ({ token: JWTUserToken(settings.API_SECRET, user.id) }),
  },
  {
    name: "stream.exp",
    by: "stream-chat",
    notes: "createToken(user_id, exp, iat): both in seconds, as given.",
    make: ({ user, settings, now }) => ({ token: JWTUserToken(settings.API_SECRET, user.id, { exp: now + 3600, iat: now }) }),
  },
  {
    name: "stream.node-sdk",
    by: "@stream-io/node-sdk",
    notes: "generateUserToken({ user_id }): iat is one second back, exp an hour after that.",
    make: ({ user, settings }) => ({
      token: new StreamClient(settings.API_KEY, settings.API_SECRET).generateUserToken({ user_id: user.id }),
    }),
  },
];
