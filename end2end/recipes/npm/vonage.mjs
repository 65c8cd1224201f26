import { tokenGenerate } from "@vonage/jwt";

export default [
  {
    by: "@vonage/jwt",
    random: ["jti"],
    notes: "sub and the SDK's option subject are both signed when subject is given; here sub is given as a claim.",
    make: ({ user, settings, key }) => ({
      token: tokenGenerate(settings.APPLICATION_ID, key("PRIVATE_KEY_FILE"), { sub: user.id, acl: { paths: { "/*/users/**": {}, "/*/conversations/**": {} } } }),
    }),
  },
];
