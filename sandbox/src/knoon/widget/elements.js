// The chat box's icons, and its user's picture.

const ICONS = {
  chat: ["M4 5.5h16v10.5h-9l-4.5 3.5v-3.5H4z", "M8 9.5h8", "M8 12.5h5"],
  send: ["M5 12h13", "M12.5 6 18.5 12l-6 6"],
  clock: ["M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z", "M12 8v4.5l3 1.8"],
  warning: ["M12 4.5 3.5 19h17z", "M12 10v4", "M12 16.6v.1"],
  lock: ["M6.5 11h11v8.5h-11z", "M9 11V8a3 3 0 0 1 6 0v3"],
};

/** The user's photo, or the initials without one. */
function avatar(user) {
  const circle = element("span", { class: "avatar", "aria-hidden": "true" }, initials(user.displayName) || "?");
  if (!/^https?:/.test(user.photoURL ?? "")) return circle;
  const photo = element("img", { alt: "", referrerpolicy: "no-referrer" });
  photo.addEventListener("load", () => circle.replaceChildren(photo));
  photo.src = user.photoURL;
  return circle;
}
