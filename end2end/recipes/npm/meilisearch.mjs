import { generateTenantToken } from "meilisearch/token";

const searchRules = (user) => ({ documents: { filter: `owner = "${user.id}"` } });

export default [
  {
    by: "meilisearch",
    notes: "With expiresAt, an hour.",
    make: async ({ user, settings, now }) => ({
      token: await generateTenantToken({
        apiKey: settings.API_KEY, apiKeyUid: settings.API_KEY_UID, searchRules: searchRules(user), expiresAt: now + 3600,
      }),
    }),
  },
  {
    name: "meilisearch.eternal",
    by: "meilisearch",
    notes: "Without expiresAt: no exp.",
    make: async ({ user, settings }) => ({
      token: await generateTenantToken({ apiKey: settings.API_KEY, apiKeyUid: settings.API_KEY_UID, searchRules: searchRules(user) }),
    }),
  },
];
