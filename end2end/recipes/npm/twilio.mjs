import twilio from "twilio";

const { AccessToken } = twilio.jwt;

export default [
  {
    by: "twilio",
    notes: "Chat grant; jti is the key's SID and the moment, sub the account.",
    make: ({ user, settings }) => {
      const { ACCOUNT_SID, API_KEY_SID, API_KEY_SECRET, SERVICE_SID } = settings;
      const token = new AccessToken(ACCOUNT_SID, API_KEY_SID, API_KEY_SECRET, { identity: user.id });
      token.addGrant(new AccessToken.ChatGrant({ serviceSid: SERVICE_SID }));
      return { token: token.toJwt() };
    },
  },
];
