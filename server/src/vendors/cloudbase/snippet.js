import cloudbase from "@cloudbase/js-sdk";

const auth = cloudbase.init({ env: "__ENV_ID__" }).auth({ persistence: "local" });

// Call this when your user has signed in. Getting the ticket first matters: without one, the SDK sends a sign-in all the
// same. If the login can't be reached, nothing has changed.
export async function signIn() {
  const response = await fetch("__LOGIN_ORIGIN__/api/cloudbase/ticket", { credentials: "include" });
  const { ticket } = response.ok ? await response.json() : {};
  if (!ticket && response.status < 500) await signOut();
  if (!ticket) throw new Error(`The login responded with ${response.status}`);

  const { data, error } = await auth.signInWithCustomTicket(() => ticket);
  // It doesn't throw, and after a failure the previous user is still signed in.
  if (error) await signOut();
  if (error) throw error;
  return data.user;
}

// Call this when your user signs out, or the platform's session continues. Without the braces, the SDK keeps the session
// if the platform can't be reached.
export const signOut = () => auth.signOut({});
