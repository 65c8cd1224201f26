(() => {
  "use strict";
  const main = document.querySelector("[data-handoff]");
  const { credentialPath, chatBoxId, viewer, receipt, failed } = main.dataset;
  const origins = JSON.parse(main.dataset.origins);
  const form = document.getElementById("code");

  const show = (state, failure) => {
    main.dataset.handoff = state;
    for (const section of main.querySelectorAll("[data-state]")) section.hidden = section.dataset.state !== state;
    for (const text of main.querySelectorAll("[data-failure]")) text.hidden = text.dataset.failure !== failure;
    main.querySelector(`[data-state="${state}"] h1`)?.focus();
  };

  /** The message can't arrive: returns to the chat box's page with a code, if that page can redeem one. */
  const goBack = (state) => (form ? form.requestSubmit() : show(state));

  /** The reason on the page for a response without a credential. */
  const failureOf = (status) =>
    ({ 400: "rejected", 401: "signed-out", 403: "forbidden", 429: "limited", 502: "too-long" })[status] ?? "unavailable";

  /** Whether the opener acknowledges the credential. Assumed of an opener that sends no receipts. */
  const confirmed = () =>
    new Promise((resolve) => {
      if (receipt !== "1") return setTimeout(resolve, 100, true);
      setTimeout(resolve, 2000, false);
      addEventListener("message", ({ origin, source, data }) => {
        if (source === opener && origins.includes(origin) && data?.latchkey === "received") resolve(true);
      });
    });

  const handOver = async () => {
    show("working");
    if (!window.opener || opener.closed) return goBack("no-opener");
    let data;
    try {
      const response = await fetch(credentialPath, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ chatBoxId, viewer }),
        signal: AbortSignal.timeout?.(15_000),
      });
      if (!response.ok) return show("failed", failureOf(response.status));
      ({ data } = await response.json());
    } catch {
      return show("failed", "network");
    }
    if (!data?.jwt) return show("failed", "rejected");
    if (!window.opener || opener.closed) return goBack("no-opener");
    const received = confirmed();
    // The exact origins of this chat box, never "*": a page of any other origin gets nothing.
    for (const origin of origins) opener.postMessage(data, origin);
    if (!(await received)) return goBack("unconfirmed");
    show("delivered");
    window.close();
  };

  main.addEventListener("click", (event) => {
    const action = event.target.closest("[data-action]")?.dataset.action;
    if (action === "close") window.close();
    if (action !== "retry") return;
    event.preventDefault();
    handOver();
  });
  if (failed) show("failed", failed);
  else handOver();
})();
