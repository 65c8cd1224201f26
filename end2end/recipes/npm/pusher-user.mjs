import Pusher from "pusher";

export default [
  {
    by: "pusher",
    notes: "hex HMAC-SHA256 of socket_id::user::user_data; user_data is the JSON text that the browser hands on.",
    make: ({ user, settings, params }) =>
      new Pusher({ appId: "1", key: settings.KEY, secret: settings.SECRET }).authenticateUser(params.socket_id, {
        id: user.id,
        user_info: { name: user.display_name },
      }),
  },
];
