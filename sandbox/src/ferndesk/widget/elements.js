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

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const d of ICONS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

const ICONS = {
  leaf: ["M19.5 4.5C11 4.5 5 8.5 5 14.2c0 3 2.2 5.3 5.2 5.3 6 0 9.3-6.5 9.3-15z", "M4 21c2.2-5 5.2-8.4 9.5-10.8"],
  close: ["M6.5 6.5l11 11", "M17.5 6.5l-11 11"],
  back: ["M14.5 6 8.5 12l6 6"],
  next: ["M9.5 6l6 6-6 6"],
  person: ["M12 12.2a3.9 3.9 0 1 0 0-7.8 3.9 3.9 0 0 0 0 7.8z", "M4.8 20c.8-3.4 3.6-5.2 7.2-5.2s6.4 1.8 7.2 5.2"],
  warning: ["M12 4.5 3.5 19h17z", "M12 10v4", "M12 16.6v.1"],
  clock: ["M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z", "M12 8v4.5l3 1.8"],
  done: ["M5.5 12.5l4.5 4.5 8.5-9.5"],
};

/** A button with a text, or with an icon and the text as its name. */
function button(text, kind, onclick, iconName) {
  const attributes = { type: "button", class: kind, onclick };
  if (!iconName) return element("button", attributes, text);
  return element("button", { ...attributes, "aria-label": text }, icon(iconName));
}

/** The user's initials in a circle. */
function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  const letters = ends.map((word) => [...word][0].toUpperCase()).join("");
  return element("span", { class: "circle initials", "aria-hidden": "true" }, letters);
}
