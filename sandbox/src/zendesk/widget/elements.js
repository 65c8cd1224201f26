// The icons and elements that both widgets share.

const ICONS = {
  chat: ["M4.5 5h15v11h-8l-4 3.5V16h-3z"],
  check: ["m5.5 12.5 4.5 4.5 8.5-10"],
  clock: ["M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z", "M12 8v4.5l3 1.8"],
  close: ["M6 6l12 12", "M18 6 6 18"],
  person: ["M12 4.5a3.75 3.75 0 1 0 0 7.5 3.75 3.75 0 0 0 0-7.5z", "M4.75 19.5c.8-3.3 3.6-5 7.25-5s6.45 1.7 7.25 5"],
  send: ["M5 12h13", "M12.5 6 18.5 12l-6 6"],
  warning: ["M12 4.5 3.5 19h17z", "M12 10v4", "M12 16.6v.1"],
};

function notice(name, kind, title, text) {
  return element("div", { class: `notice ${kind}` },
    element("span", { class: "notice-icon" }, icon(name)),
    element("div", {}, element("strong", {}, title), text ? element("p", {}, text) : null));
}

/** The user as the vendor identified them. */
function identityCard(name, line, verified) {
  return element("div", { class: "identity" },
    element("span", { class: "avatar", "aria-hidden": "true" }, verified ? initials(name) : icon("person")),
    element("div", { class: "who" }, element("strong", {}, name), element("span", {}, line)),
    verified ? element("span", { class: "verified" }, icon("check"), "verified") : null);
}
