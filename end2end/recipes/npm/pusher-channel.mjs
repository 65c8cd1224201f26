import Pusher from "pusher";

const pusher = (settings) => new Pusher({ appId: "1", key: settings.KEY, secret: settings.SECRET });

export default [
  {
    name: "pusher-channel",
    recipe: "pusher-presence",
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
    recipe: "pusher-private",
    by: "pusher",
    notes: "A private channel: hex HMAC-SHA256 of socket_id:channel, and no channel_data.",
    make: ({ settings, params }) => pusher(settings).authorizeChannel(params.socket_id, params.channel_name),
  },
];
