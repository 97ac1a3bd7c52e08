// The grid on the page: its table, the fields that are typed into, the buttons above it.
const HELP =
  "方向键移动，直接打字就改，回车到下一行，Tab 到下一格，Esc 不改；要求、原文里用 Alt+回车换行。可以选一片复制；从表格软件粘贴几行，超出这一组末尾的就新增成项。";
// label, the keys as they are printed on the keyboard, what it does
const BUTTONS = [
  ["加一项", "Ctrl+回车", (grid) => grid.add("item")],
  ["加同级组", "Ctrl+Shift+回车", (grid) => grid.add("beside")],
  ["加下级组", "Alt+G", (grid) => grid.add("within")],
  ["复制这一项", "Alt+C", (grid) => grid.twice()],
  ["上移", "Alt+↑", (grid) => grid.row && grid.shift(grid.row, -1)],
  ["下移", "Alt+↓", (grid) => grid.row && grid.shift(grid.row, 1)],
  ["删除行", "Ctrl+Delete", (grid) => grid.remove()],
  ["撤销", "Ctrl+Z", (grid) => grid.back()],
];

const numeric = (column) => column.kind === "number" || column.kind === "whole";

export function build(grid) {
  const { form, columns } = grid;
  const help = form.querySelector("[data-grid-help]");
  help.replaceChildren(...HELP.split(/(Tab|Esc|Alt\+)/).map((part, n) => (n % 2 ? Object.assign(document.createElement("code"), { textContent: part }) : part)));
  for (const part of form.querySelectorAll("[data-grid-paged]")) part.remove();
  const bar = Object.assign(document.createElement("div"), { className: "gridbar" });
  for (const [label, keys, act] of BUTTONS) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-s", textContent: label });
    button.append(Object.assign(document.createElement("code"), { textContent: keys }));
    button.addEventListener("click", () => {
      act(grid);
      grid.field.focus({ preventScroll: true });
    });
    bar.append(button);
  }
  grid.said = Object.assign(document.createElement("p"), { className: "gridsaid" });
  // read out each by itself: a refusal is not said again, nor passed over, because another cell was kept
  grid.parts = ["alert", "status", "status"].map((role) => {
    const part = document.createElement("span");
    part.setAttribute("role", role);
    return part;
  });
  grid.said.append(...grid.parts);
  grid.box = form.querySelector(".gridx");
  grid.box.classList.add("live");
  grid.box.before(bar, grid.said);
  const table = (grid.table = document.createElement("table"));
  table.className = "tb tight snug cells live";
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", "全部指标");
  const head = table.createTHead().insertRow();
  for (const column of columns) {
    const th = document.createElement("th");
    th.scope = "col";
    th.textContent = column.label;
    th.style.width = `${column.width}em`;
    if (numeric(column)) th.className = "n";
    head.append(th);
  }
  table.createTBody();
  table.style.width = `${columns.reduce((sum, column) => sum + column.width, 0)}em`;
  // one of them always has the focus: an input method types only into a field, so it is there before the first key
  grid.fields = ["input", "textarea"].map((tag) => Object.assign(document.createElement(tag), { className: "gridfield", autocomplete: "off", spellcheck: false, tabIndex: -1 }));
  grid.field = grid.fields[0];
  for (const field of grid.fields) field.setAttribute("aria-label", "单元格");
  grid.fields[0].tabIndex = 0;
  grid.box.replaceChildren(table, ...grid.fields);
  refill(grid, grid.rows);
}

// the table's lines in the order of the rows; NEW are those that have no line yet or whose line was taken out
export function refill(grid, fresh) {
  const body = grid.table.tBodies[0];
  for (const row of fresh) if (!row.tr) draw(grid, row);
  grid.rows.forEach((row, r) => {
    if (body.rows[r] !== row.tr) body.insertBefore(row.tr, body.rows[r] || null);
    if (row.r === r) return;
    row.r = r;
    row.tds.forEach((td, c) => {
      td.dataset.r = r;
      td.id = `g-${r}-${c}`;
    });
  });
  grid.table.setAttribute("aria-rowcount", grid.rows.length + 1);
}

function draw(grid, row) {
  row.tr = document.createElement("tr");
  if (!row.leaf) row.tr.className = row.level === 1 ? "grp one" : "grp";
  row.tds = grid.columns.map((column, c) => {
    const td = row.tr.insertCell();
    td.dataset.c = c;
    td.setAttribute("role", "gridcell");
    if (numeric(column)) td.className = "n";
    if (!row.leaf && !column.groups) td.classList.add("no");
    return td;
  });
  grid.columns.forEach((column, c) => grid.show(row, c));
}
