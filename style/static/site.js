// The demo site's first page: lights up the steps of a sign-in.
"use strict";

(() => {
  document.querySelectorAll("script[data-mount]").forEach((script) => {
    const line = (kind) => document.querySelector(`[data-chat-${kind}="${script.dataset.chatBoxId}"]`);
    script.addEventListener("load", () => (line("wait").hidden = true));
    script.addEventListener("error", () => {
      line("wait").hidden = true;
      line("failed").hidden = false;
    });
  });

  // The login's script may be missing where the vendor's is not.
  if (!window.Latchkey) return;

  const stage = document.querySelector("[data-stage]");
  const steps = stage ? [...stage.querySelectorAll("[data-step]")] : [];
  let reached = 0;

  /** Marks the first `done` steps as done and the next one as current. `code` is that of an error. */
  function show(status, done, code) {
    reached = done;
    steps.forEach((step, index) => {
      step.classList.toggle("done", index < done);
      const current = index === done && status !== "idle" && status !== "signedout" && status !== "expired";
      step.classList.toggle("failed", current && status === "error");
      if (current) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    });
    stage?.querySelectorAll("[data-status]").forEach((sentence) => {
      sentence.hidden = sentence.dataset.status !== status;
    });
    stage?.querySelectorAll("[data-reason]").forEach((sentence) => {
      sentence.hidden = sentence.dataset.reason !== code;
    });
  }

  /** Whether an event of the login is about the chat box whose steps are shown. */
  const isOurs = (event) => !event?.chatBoxId || event.chatBoxId === stage?.dataset.stage;

  Latchkey.on("step", (event) => {
    if (!isOurs(event)) return;
    if (event.step === "popup") show("popup", 1);
    // The message proves the three steps that this page cannot see.
    else show("working", 4);
  });
  Latchkey.on("signedin", (event) => isOurs(event) && show("signedin", steps.length));
  Latchkey.on("signedout", () => show("signedout", 0));
  Latchkey.on("expired", () => show("expired", 0));
  Latchkey.on("error", (event) => isOurs(event) && reached < steps.length && show("error", reached, event.code));
})();
