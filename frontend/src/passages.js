// Sentences on a page: a click on the words is a click on their tick box, and the two light up together.
export function passages(root) {
  const drawn = new Map([...root.querySelectorAll("svg g[data-s]")].map((one) => [one.dataset.s, one]));
  const said = new Map([...root.querySelectorAll("label[data-s]")].map((one) => [one.dataset.s, one]));
  const count = root.querySelector("[data-count]");
  if (!said.size) return;

  const box = (key) => said.get(key).querySelector("input");
  const show = () => {
    let on = 0;
    for (const key of said.keys()) {
      drawn.get(key)?.classList.toggle("on", box(key).checked);
      on += box(key).checked;
    }
    if (count) count.textContent = `${on} 句`;
  };
  for (const [key, group] of drawn) {
    if (!said.has(key)) continue;
    group.addEventListener("click", () => {
      box(key).checked = !box(key).checked;
      show();
      // only the list moves, never the page
      const list = said.get(key).closest("ul");
      list.scrollTop += said.get(key).getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 3;
    });
    for (const one of [group, said.get(key)]) {
      one.addEventListener("mouseenter", () => [group, said.get(key)].forEach((each) => each.classList.add("lit")));
      one.addEventListener("mouseleave", () => [group, said.get(key)].forEach((each) => each.classList.remove("lit")));
    }
  }
  root.addEventListener("change", show);
  show();
}
