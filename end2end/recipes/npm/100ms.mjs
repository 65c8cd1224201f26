import { SDK } from "@100mslive/server-sdk";

export default [
  {
    by: "@100mslive/server-sdk",
    random: ["jti"],
    notes: "iat and nbf are ten seconds back, exp a day after them.",
    make: async ({ user, settings, params }) => {
      const { token } = await new SDK(settings.ACCESS_KEY, settings.SECRET).auth.getAuthToken({ roomId: params.room_id, role: "guest", userId: user.id });
      return { token };
    },
  },
];
