import cloudbase from "@cloudbase/js-sdk";

const auth = cloudbase.init({ env: "__ENV_ID__" }).auth({ persistence: "local" });

export async function signIn() {
  const { data, error } = await auth.signInWithCustomTicket(async () => {
    const answer = await fetch("__LOGIN_ORIGIN__/api/cloudbase/ticket", { credentials: "include" });
    if (!answer.ok) throw new Error(`The login answered ${answer.status}`);
    return (await answer.json()).ticket;
  });
  if (error) throw error;
  return data.user;
}

// When your user signs out: the platform's login would go on by itself. Without the braces it stays in this browser if the
// platform cannot be reached.
export const signOut = () => auth.signOut({});
