import Mux from "@mux/mux-node";

export default [
  {
    by: "@mux/mux-node",
    notes: "kid is in the claims, not in the header; no iat; sub is the video, and the user is in viewer_id.",
    make: async ({ user, settings, params, key }) => ({
      token: await new Mux({ tokenId: "test", tokenSecret: "test" }).jwt.signPlaybackId(params.playback_id, {
        keyId: settings.SIGNING_KEY_ID,
        keySecret: Buffer.from(key("SIGNING_KEY_FILE")).toString("base64"),
        expiration: "3600s",
        params: { viewer_id: user.id },
      }),
    }),
  },
];
