import Pusher from "pusher";

const make = ({ user, settings, params }) =>
  new Pusher({ appId: "1", key: settings.KEY, secret: settings.SECRET }).authenticateUser(params.socket_id, {
    id: user.id,
    user_info: { name: user.display_name },
  });

export default [
  {
    by: "pusher",
    notes: "hex HMAC-SHA256 of socket_id::user::user_data; user_data is the JSON text that the browser hands on.",
    make,
  },
  { name: "pusher-user.awkward", by: "pusher", isAwkward: true, notes: "A name that is hard to encode.", make },
];
