import Pusher from "pusher";

const pusher = (settings) => new Pusher({ appId: "1", key: settings.KEY, secret: settings.SECRET });

export default [
  {
    by: "pusher",
    notes: "hex HMAC-SHA256 of socket_id:channel:channel_data.",
    make: ({ user, settings, params }) =>
      pusher(settings).authorizeChannel(params.socket_id, params.channel_name, {
        user_id: user.id,
        user_info: { name: user.display_name },
      }),
  },
  {
    name: "pusher-channel.private",
    by: "pusher",
    params: { channel_name: "private-lobby" },
    notes: "A private channel: hex HMAC-SHA256 of socket_id:channel, and no channel_data.",
    make: ({ settings, params }) => pusher(settings).authorizeChannel(params.socket_id, "private-lobby"),
  },
];
