import { AccessToken } from "livekit-server-sdk";

const make = async ({ user, settings, params }) => {
  const token = new AccessToken(settings.API_KEY, settings.API_SECRET, { identity: user.id, name: user.display_name });
  token.addGrant({ roomJoin: true, room: params.room });
  return { token: await token.toJwt() };
};

export default [
  { by: "livekit-server-sdk", notes: "Header without typ; nbf is now, exp six hours later; no iat.", make },
  { name: "livekit.awkward", by: "livekit-server-sdk", isAwkward: true, notes: "A name that is hard to encode.", make },
];
