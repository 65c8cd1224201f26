// Tells the opener that the user does not go on: by the link, or by closing the window.
(() => {
  "use strict";
  const place = document.querySelector("[data-origins]");
  if (!place || !window.opener) return;
  const { chatBoxId, challenge = null, origins } = place.dataset;
  let leaving = false;

  addEventListener("submit", () => (leaving = true));
  // A page that comes back as it was has not been left after all.
  addEventListener("pageshow", () => (leaving = false));
  addEventListener("click", ({ target, button, ctrlKey, metaKey, shiftKey, altKey }) => {
    // Such a click opens the link elsewhere, and this page stays.
    if (button !== 0 || ctrlKey || metaKey || shiftKey || altKey) return;
    const link = target.closest("a[href]");
    if (!link || link.getAttribute("href").startsWith("#")) return;
    // A window that does not close follows the link, to the page that tells the opener in another way.
    if (link === place) window.close();
    else leaving = true;
  });
  addEventListener("pagehide", () => {
    if (leaving || place.dataset.handoff === "delivered") return;
    const news = { latchkey: "cancelled", chatBoxId, challenge };
    for (const origin of JSON.parse(origins)) window.opener?.postMessage(news, origin);
  });
})();
