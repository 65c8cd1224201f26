import { cert, deleteApp, initializeApp } from "firebase-admin/app";
import { getAuth } from "firebase-admin/auth";

async function token({ user, settings, key }, claims) {
  const app = initializeApp({
    credential: cert({ projectId: "test-project", clientEmail: settings.CLIENT_EMAIL, privateKey: key("PRIVATE_KEY_FILE") }),
  });
  const token = await getAuth(app).createCustomToken(user.id, claims);
  await deleteApp(app);
  return { token };
}

export default [
  {
    by: "firebase-admin",
    notes: "createCustomToken(uid): no kid; claims is absent when not given.",
    make: (given) => token(given),
  },
  {
    name: "firebase.claims",
    by: "firebase-admin",
    notes: "createCustomToken(uid, { plan: \"pro\", seats: 3 }).",
    make: (given) => token(given, { plan: "pro", seats: 3 }),
  },
];
