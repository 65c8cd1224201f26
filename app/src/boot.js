const { script, wasm } = document.querySelector("script[data-script]").dataset;

/**
 * Hydrates an island as the server has rendered it. What extensions have added, such as a password manager's icon beside
 * the field, is out of the way meanwhile. Returns whether it worked; otherwise the island stays plain HTML.
 */
function hydrate(place, island) {
  const added = [...place.querySelectorAll(":not([data-ours])")];
  // An extension has wrapped a part of it.
  if (added.some((node) => node.querySelector("[data-ours]"))) return true;
  const plain = place.cloneNode(true);
  const positions = added.map((node) => {
    const position = [node.parentNode, node.nextSibling];
    node.remove();
    return position;
  });
  try {
    island(place);
  } catch {
    // Without listeners that may have been attached already.
    place.replaceWith(plain);
    return false;
  }
  for (const node of added.reverse()) {
    const [parent, next] = positions.pop();
    parent.insertBefore(node, next?.parentNode === parent ? next : null);
  }
  return true;
}

/** Starts the wasm; again after a failure, since it cannot go on then. The browser has it in its cache. */
async function start(attempt) {
  const islands = await import(`/pkg/${script}${attempt ? `?${attempt}` : ""}`);
  await islands.default({ module_or_path: `/pkg/${wasm}` });
  islands.hydrate();
  return islands;
}

async function boot() {
  let islands;
  for (const [index, place] of document.querySelectorAll("leptos-island").entries()) {
    try {
      islands ??= await start(index);
    } catch {
      // The page is complete without its islands.
      return;
    }
    if (!hydrate(place, islands[place.dataset.component])) islands = undefined;
  }
}

addEventListener("load", () => (window.requestIdleCallback ?? setTimeout)(boot));
