import Typesense from "typesense";

export default [
  {
    by: "typesense",
    notes: "base64(base64 HMAC-SHA256 of the JSON + the key's first four characters + the JSON).",
    make: ({ user, settings, now }) => {
      const client = new Typesense.Client({ nodes: [{ host: "localhost", port: 8108, protocol: "http" }], apiKey: settings.SEARCH_KEY });
      const parameters = { filter_by: `owner:=${user.id}`, expires_at: now + 3600 };
      return { token: client.keys().generateScopedSearchKey(settings.SEARCH_KEY, parameters) };
    },
  },
];
