import cloudbase from "@cloudbase/js-sdk";

const auth = cloudbase.init({ env: "__ENV_ID__" }).auth({ persistence: "local" });

export async function signIn() {
  const { data, error } = await auth.signInWithCustomTicket(async () => {
    const response = await fetch("__LOGIN_ORIGIN__/api/cloudbase/ticket", { credentials: "include" });
    if (!response.ok) throw new Error(`The login responded with ${response.status}`);
    return (await response.json()).ticket;
  });
  if (error) throw error;
  return data.user;
}

// Call this when your user signs out, or the platform's session continues. Without the braces, the SDK keeps the session
// if the platform can't be reached.
export const signOut = () => auth.signOut({});
