// Requests to Ferndesk's API, on the host that served this script.

const API = new URL("api/", document.currentScript.src);
const TIMEOUT = 10_000;

/** Sends a GET, or a POST with `call` as its body, and returns the JSON. Throws displayable messages. */
async function ask(path, call) {
  const json = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(call) };
  const signal = AbortSignal.timeout(TIMEOUT);
  const response = await fetch(new URL(path, API), { ...(call && json), signal }).catch(({ name }) => {
    throw new Error(name === "TimeoutError" ? "no answer in time" : "Ferndesk cannot be reached");
  });
  const body = await response.json().catch(() => {
    throw new Error("the answer cannot be read");
  });
  if (!response.ok) throw new Error(body.error ?? "Ferndesk answered with an error");
  return body;
}
