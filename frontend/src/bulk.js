// Ticked rows: how many, all of a group, all of the page, all that the filter finds.
// The bar itself comes and goes by CSS (:has); browsers without :has always show it.
export function bulk(form) {
  if (form.dataset.live) return;
  form.dataset.live = "1";
  const said = form.querySelector("[data-count]");
  const every = form.querySelector("[data-all]");
  const flag = form.querySelector('input[name="all"]');
  const rows = () => [...form.querySelectorAll('.ck input[name="pk"]')];

  function groupOf(head) {
    const found = [];
    for (let row = head.closest("tr").nextElementSibling; row && !row.classList.contains("grp"); row = row.nextElementSibling) {
      const box = row.querySelector('.ck input[name="pk"]');
      if (box) found.push(box);
    }
    return found;
  }

  function setAll(on) {
    if (flag) {
      flag.disabled = !on;
      flag.value = on ? "1" : "";
    }
    form.classList.toggle("all", on);
  }

  function count() {
    const boxes = rows();
    const picked = boxes.filter((box) => box.checked);
    if (said) said.textContent = form.classList.contains("all") ? `已选筛选结果全部 ${every.dataset.all} 项` : `已选 ${picked.length} 项`;
    for (const head of form.querySelectorAll("[data-pick]")) {
      const set = head.dataset.pick === "all" ? boxes : groupOf(head);
      const on = set.filter((box) => box.checked).length;
      head.checked = set.length > 0 && on === set.length;
      head.indeterminate = on > 0 && on < set.length;
    }
    if (every) every.hidden = form.classList.contains("all") || picked.length === 0 || picked.length >= Number(every.dataset.all);
  }

  let last = null; // Shift picks a run, as in a spreadsheet
  form.addEventListener("click", (event) => {
    const box = event.target.closest('.ck input[name="pk"]');
    if (!box) return;
    if (event.shiftKey && last) {
      const boxes = rows();
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
  });
  form.addEventListener("change", (event) => {
    const head = event.target.closest("[data-pick]");
    if (head) for (const box of head.dataset.pick === "all" ? rows() : groupOf(head)) box.checked = head.checked;
    if (event.target.closest(".ck")) setAll(false);
    count();
  });
  form.addEventListener("reset", () => {
    setAll(false);
    setTimeout(() => {
      for (const box of form.querySelectorAll(".ck input")) box.checked = false;
      count();
    });
  });
  every?.addEventListener("click", () => {
    setAll(true);
    count();
  });
  count();
}
