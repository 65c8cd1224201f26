// Ferndesk's loader: queues calls until the widget's script is loaded.
(() => {
  if (window.Ferndesk) return;
  window.Ferndesk = function () {
    Ferndesk.q.push(arguments);
  };
  Ferndesk.q = [];
  const script = document.createElement("script");
  script.id = "ferndesk-sdk";
  script.async = true;
  script.src = window.FERNDESK_SDK_SRC || "https://static.ferndesk.com/dist/sdk.js";
  script.nonce = document.currentScript?.nonce ?? "";
  const load = () => document.head.append(script);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", load);
  else load();
})();
