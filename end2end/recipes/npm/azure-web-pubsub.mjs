import { AzureKeyCredential, WebPubSubServiceClient } from "@azure/web-pubsub";

export default [
  {
    by: "@azure/web-pubsub",
    notes: "aud is the client URL; the key is used as text, though it looks like base64.",
    make: ({ user, settings }) =>
      new WebPubSubServiceClient(`https://${settings.HOST}`, new AzureKeyCredential(settings.ACCESS_KEY), settings.HUB)
        .getClientAccessToken({ userId: user.id }),
  },
];
