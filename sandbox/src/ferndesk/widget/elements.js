// The widget's icons, and its icon buttons.

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

/** A button with an icon and `text` as its accessible name. */
function iconButton(name, text, onclick) {
  return element("button", { type: "button", class: "quiet", "aria-label": text, onclick }, icon(name));
}
