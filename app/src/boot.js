const { script, wasm } = document.querySelector("script[data-script]").dataset;

async function boot() {
  try {
    const islands = await import(`/pkg/${script}`);
    await islands.default({ module_or_path: `/pkg/${wasm}` });
    islands.hydrate();
    for (const island of document.querySelectorAll("leptos-island")) {
      islands[island.dataset.component]?.(island);
    }
  } catch {
    // The page is complete without its islands.
  }
}

addEventListener("load", () => (window.requestIdleCallback ?? setTimeout)(boot));
