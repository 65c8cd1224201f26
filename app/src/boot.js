const { frontend } = document.querySelector("script[data-frontend]").dataset;

async function boot() {
  try {
    const islands = await import(`/pkg/${frontend}.js`);
    await islands.default({ module_or_path: `/pkg/${frontend}_bg.wasm` });
    islands.hydrate();
    for (const island of document.querySelectorAll("leptos-island")) {
      islands[island.dataset.component]?.(island);
    }
  } catch {
    // The page is complete without its islands.
  }
}

addEventListener("load", () => (window.requestIdleCallback ?? setTimeout)(boot));
