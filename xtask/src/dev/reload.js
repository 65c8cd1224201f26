// Part of every page while `cargo xtask dev` runs: applies new styles in place, and reloads for other changes.
const INTERVAL = 250;
let build;

async function look() {
  try {
    const response = await fetch("/pkg/reload.json", { cache: "no-store" });
    const latest = await response.json();
    if (build && latest.build !== build) location.reload();
    build = latest.build;
    for (const [index, sheet] of document.querySelectorAll('link[rel="stylesheet"]').entries()) {
      const href = `/pkg/${latest.css[index]}`;
      if (sheet.getAttribute("href") !== href) sheet.setAttribute("href", href);
    }
  } catch {
    // The server is restarting.
  }
  setTimeout(look, INTERVAL);
}

look();
