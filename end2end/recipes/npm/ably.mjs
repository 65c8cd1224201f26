import Ably from "ably";

const request = async ({ user, settings }, more) =>
  ({ ...(await new Ably.Rest({ key: settings.API_KEY }).auth.createTokenRequest({ clientId: user.id, ...more })) });

export default [
  {
    by: "ably",
    random: ["nonce"],
    notes: "mac is base64 HMAC-SHA256 over keyName, ttl, capability, clientId, timestamp (ms) and nonce, each ended by a line feed, empty when not given.",
    make: (given) => request(given),
  },
  {
    name: "ably.capability",
    by: "ably",
    random: ["nonce"],
    notes: "With ttl (ms) and capability; the SDK sorts the capability's channels and operations.",
    make: (given) => request(given, { ttl: 3600000, capability: { "rooms:lobby": ["subscribe", "publish"], "notices:*": ["subscribe"] } }),
  },
];
