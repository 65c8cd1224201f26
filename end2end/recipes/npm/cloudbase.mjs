import cloudbase from "@cloudbase/node-sdk";

export default [
  {
    by: "@cloudbase/node-sdk",
    notes: "createTicket: key id, /@@/ and an RS256 JWT whose times are in milliseconds.",
    make: ({ user, settings, key }) => {
      const credentials = { env_id: settings.ENV_ID, private_key_id: settings.PRIVATE_KEY_ID, private_key: key("PRIVATE_KEY_FILE") };
      return { token: cloudbase.init({ env: settings.ENV_ID, credentials }).auth().createTicket(user.id) };
    },
  },
];
