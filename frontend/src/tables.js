// Row height and shown columns: a matter of this person's eyes, so they stay in this browser.
const ROWS = "taizhang.rows";
const store = {
  get: (key) => {
    try {
      return localStorage.getItem(key) || "";
    } catch {
      return ""; // storage may be switched off by policy
    }
  },
  set: (key, value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      /* the choice lasts for this page only */
    }
  },
};

export function tables() {
  const names = { "": "标准", compact: "紧凑", loose: "宽松" };
  const apply = (rows) => {
    if (names[rows] === undefined) rows = "";
    if (rows) document.documentElement.dataset.rows = rows;
    else delete document.documentElement.dataset.rows;
    for (const now of document.querySelectorAll("[data-rowsize] [data-now]")) now.textContent = names[rows];
    for (const button of document.querySelectorAll("button[data-rows]")) button.setAttribute("aria-pressed", String(button.dataset.rows === rows));
  };
  apply(store.get(ROWS));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-rows]");
    if (!button) return;
    store.set(ROWS, button.dataset.rows);
    apply(button.dataset.rows);
    button.closest("details").open = false;
  });
  for (const chooser of document.querySelectorAll("[data-columns]")) columns(chooser);
}

function columns(chooser) {
  const table = chooser.dataset.columns;
  const key = `taizhang.columns.${table}`;
  const hidden = new Set(store.get(key).split(",").filter(Boolean));
  const sheet = document.head.appendChild(document.createElement("style"));
  const apply = () => {
    // no width rather than display:none: group rows span all columns and would leave empty ones behind
    const name = `table[data-cols="${CSS.escape(table)}"]`;
    sheet.textContent = [...hidden]
      .map(Number)
      .map((n) => `${name} col:nth-child(${n}){width:0!important}${name} tr:not(.grp):not(.more)>:nth-child(${n}){visibility:hidden;padding:0!important;font-size:0!important;overflow:hidden}`)
      .join("\n");
  };
  for (const box of chooser.querySelectorAll("input")) box.checked = !hidden.has(box.value);
  chooser.addEventListener("change", (event) => {
    if (event.target.checked) hidden.delete(event.target.value);
    else hidden.add(event.target.value);
    store.set(key, [...hidden].join(","));
    apply();
  });
  apply();
}
