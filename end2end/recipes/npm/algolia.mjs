import { algoliasearch } from "algoliasearch";

const restrictions = (user, now) => ({ filters: `owner:${user.id}`, userToken: user.id, validUntil: now + 3600 });

export default [
  {
    by: "algoliasearch",
    notes: "base64(hex HMAC-SHA256 of the query + query); parameters sorted by name, each value by encodeURIComponent.",
    make: ({ user, settings, now }) => ({
      token: algoliasearch("TESTAPP", settings.SEARCH_KEY).generateSecuredApiKey({
        parentApiKey: settings.SEARCH_KEY,
        restrictions: restrictions(user, now),
      }),
    }),
  },
];
