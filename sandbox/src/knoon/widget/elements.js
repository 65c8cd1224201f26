// Building elements without HTML strings: nothing that a user or a server wrote can become markup.

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

function icon(...paths) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

const ICONS = {
  chat: ["M4 5.5h16v10.5h-9l-4.5 3.5v-3.5H4z", "M8 9.5h8", "M8 12.5h5"],
  send: ["M5 12h13", "M12.5 6 18.5 12l-6 6"],
  clock: ["M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z", "M12 8v4.5l3 1.8"],
  warning: ["M12 4.5 3.5 19h17z", "M12 10v4", "M12 16.6v.1"],
  lock: ["M6.5 11h11v8.5h-11z", "M9 11V8a3 3 0 0 1 6 0v3"],
};

function button(text, kind, onclick) {
  return element("button", { type: "button", class: kind, onclick }, text);
}

/** The user's photo, or the initials while there is none. */
function avatar(user) {
  const words = user.displayName.trim().split(/\s+/).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  const initials = ends.map((word) => [...word][0].toUpperCase()).join("") || "?";
  const circle = element("span", { class: "avatar", "aria-hidden": "true" }, initials);
  if (!/^https?:/.test(user.photoURL ?? "")) return circle;
  const photo = element("img", { alt: "", referrerpolicy: "no-referrer" });
  photo.addEventListener("load", () => circle.replaceChildren(photo));
  photo.src = user.photoURL;
  return circle;
}
