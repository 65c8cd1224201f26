// How the help center uses the widget: it fetches the visitor's token from the host and passes it on.

const { widgetId, tokenUrl, leadsOn } = document.currentScript.dataset;

function loadWidget() {
  window.Ferndesk = function () {
    (window.Ferndesk.q ||= []).push(arguments);
  };
  const script = document.createElement("script");
  script.id = "ferndesk-sdk";
  script.src = "/ferndesk/sdk.js";
  document.head.append(script);
}

/** Visitors who are not signed in at the host, or whose requests it rejects, stay anonymous. */
async function askHost() {
  try {
    const response = await fetch(tokenUrl, { credentials: "include" });
    if (response.status === 401) return await leave();
    if (!response.ok) return;
    const token = await response.text();
    Ferndesk("identify", { token, jwt: token });
  } catch {
    console.info("The host does not say who you are.");
  }
}

/** A user who signs out at the host is signed out here, too. */
async function leave() {
  const form = document.querySelector("form.visitor");
  if (!form) return;
  await fetch(form.action, { method: "POST", redirect: "manual" });
  location.reload();
}

document.addEventListener("ferndesk:state", ({ detail }) => {
  // Without cookies, the articles would redirect the visitor straight back here.
  if (leadsOn != null && detail.state === "identified" && navigator.cookieEnabled) location.replace("/");
});

loadWidget();
Ferndesk("init", { widgetId });
askHost();
