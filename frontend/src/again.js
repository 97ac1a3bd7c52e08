// Pages are drawn when they are asked for, and the server turns away who comes while too many wait. Their pictures ask
// again by themselves, each at a moment of its own.
const WAITS = [300, 600, 1000, 2000, 3000, 5000, 5000, 5000, 10000, 10000, 10000, 10000];

export function again() {
  const tried = new WeakMap();
  const once = (picture) => {
    const n = tried.get(picture) || 0;
    if (n === WAITS.length) return; // there is no such page
    tried.set(picture, n + 1);
    setTimeout(() => (picture.src = picture.getAttribute("src")), WAITS[n] * (0.5 + Math.random()));
  };
  document.addEventListener("error", (event) => event.target.matches?.("img[data-again]") && once(event.target), true);
  for (const picture of document.querySelectorAll("img[data-again]")) if (picture.complete && !picture.naturalWidth) once(picture);
}
