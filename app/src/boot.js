const { script, wasm } = document.querySelector("script[data-script]").dataset;
const places = document.querySelectorAll("leptos-island");

// What extensions add to the islands, such as a password manager's icon beside the field.
const added = [];
const note = (records) => records.forEach(({ addedNodes }) => added.push(...addedNodes));
const watcher = new MutationObserver(note);
for (const place of places) watcher.observe(place, { childList: true, subtree: true });

/** Hydrates an island as the server has rendered it. What was added is out of the way meanwhile. */
function hydrate(place, island) {
  const aside = added.filter((node) => place.contains(node));
  const positions = aside.map((node) => {
    const position = [node.parentNode, node.nextSibling];
    node.remove();
    return position;
  });
  try {
    island(place);
  } catch {
    // It stays plain HTML, and the others go on.
  }
  for (const node of aside.reverse()) {
    const [parent, next] = positions.pop();
    parent.insertBefore(node, next);
  }
}

async function boot() {
  try {
    const islands = await import(`/pkg/${script}`);
    await islands.default({ module_or_path: `/pkg/${wasm}` });
    islands.hydrate();
    note(watcher.takeRecords());
    watcher.disconnect();
    for (const place of places) hydrate(place, islands[place.dataset.component]);
  } catch {
    // The page is complete without its islands.
  }
}

addEventListener("load", () => (window.requestIdleCallback ?? setTimeout)(boot));
