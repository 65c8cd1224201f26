// Tells the opener that the user has left: by the cancel link, by closing the window, or by going back or reloading. The
// opener takes it for a cancellation if the window has closed.
(() => {
  "use strict";
  const place = document.querySelector("[data-origins]");
  if (!place || !window.opener) return;
  const { chatBoxId, challenge = null, origins } = place.dataset;
  let leaving = false;

  addEventListener("submit", () => (leaving = true));
  // The page may be restored from the back/forward cache.
  addEventListener("pageshow", () => (leaving = false));
  addEventListener("click", ({ target, button, ctrlKey, metaKey, shiftKey, altKey }) => {
    // Such a click opens the link in another tab or window, and this page stays.
    if (button !== 0 || ctrlKey || metaKey || shiftKey || altKey) return;
    const link = target.closest("a[href]");
    if (!link || link.getAttribute("href").startsWith("#")) return;
    // If the window doesn't close, it follows the link to a page that tells the opener in another way.
    if (link === place) window.close();
    else leaving = true;
  });
  addEventListener("pagehide", () => {
    if (leaving || place.dataset.handoff === "delivered") return;
    const news = { latchkey: "cancelled", chatBoxId, challenge };
    for (const origin of JSON.parse(origins)) window.opener?.postMessage(news, origin);
  });
})();
