// <form data-grid="rows.json">: the paged form gives way to one table of all rows, worked by keyboard.
// Every changed cell is sent at once. What could not be sent stays in the page, is tried again, and leaving asks first;
// nothing is kept in the browser's storage, because the machine may be shared.
const RETRY = [2000, 5000, 10000, 20000];
const MOST_UNDO = 500;

const form = document.querySelector("form[data-grid]");
if (form) start();

async function start() {
  const answer = await fetch(form.dataset.grid, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer || !answer.ok || form.querySelector("[aria-invalid=true]")) return; // the paged form serves as well
  new Grid(form, await answer.json());
}

class Grid {
  constructor(form, data) {
    this.form = form;
    this.columns = data.columns.map(([name, label, kind, width, options, groups]) => ({ name, label, kind, width, options, groups }));
    this.rows = data.rows.map(([key, level, leaf, rule, ...cells]) => ({ key, level, leaf, rule, cells, saved: [...cells], wrong: {} }));
    this.units = data.units;
    this.at = [Math.max(0, this.rows.findIndex((row) => row.leaf)), 1];
    this.from = [...this.at];
    this.undo = [];
    this.waiting = new Map(); // "row column" of cells changed and not yet kept
    this.sending = false;
    this.failed = 0;
    this.build(data);
    this.listen();
    this.draw();
  }

  build() {
    const help = this.form.querySelector("[data-grid-help]");
    help.textContent = "方向键移动，直接打字就改，回车或制表键到下一格，退出键不改；可以选一片复制、从表格软件粘贴，也可以向下填充和撤销。";
    this.form.querySelector("[data-grid-paged]").remove();
    this.said = Object.assign(document.createElement("p"), { className: "gridsaid" });
    this.said.setAttribute("role", "status");
    this.box = this.form.querySelector(".gridx");
    this.box.classList.add("live");
    this.box.before(this.said);
    this.table = document.createElement("table");
    this.table.className = "tb tight snug cells live";
    this.table.setAttribute("role", "grid");
    this.table.setAttribute("aria-label", "全部指标");
    this.table.setAttribute("aria-rowcount", this.rows.length + 1);
    const head = this.table.createTHead().insertRow();
    for (const column of this.columns) {
      const th = document.createElement("th");
      th.scope = "col";
      th.textContent = column.label;
      th.style.width = `${column.width}em`;
      if (column.kind === "number" || column.kind === "whole") th.className = "n";
      head.append(th);
    }
    const body = this.table.createTBody();
    this.tds = this.rows.map((row, r) => {
      const tr = body.insertRow();
      if (!row.leaf) tr.className = row.level === 1 ? "grp one" : "grp";
      return this.columns.map((column, c) => {
        const td = tr.insertCell();
        td.dataset.r = r;
        td.dataset.c = c;
        td.id = `g-${r}-${c}`;
        td.setAttribute("role", "gridcell");
        if (column.kind === "number" || column.kind === "whole") td.className = "n";
        if (!this.has(r, c)) td.classList.add("no");
        return td;
      });
    });
    this.table.style.width = `${this.columns.reduce((sum, column) => sum + column.width, 0)}em`;
    // always has the focus: an input method types only into a field, so the field is there before the first key
    this.field = Object.assign(document.createElement("input"), { className: "gridfield", autocomplete: "off", spellcheck: false });
    this.box.replaceChildren(this.table, this.field);
    this.rows.forEach((row, r) => this.columns.forEach((column, c) => this.show(r, c)));
    this.field.focus({ preventScroll: true });
  }

  has(r, c) {
    return Boolean(this.rows[r].leaf || this.columns[c].groups);
  }

  show(r, c) {
    const row = this.rows[r];
    const td = this.tds[r][c];
    const name = this.columns[c].name;
    if (this.has(r, c)) td.textContent = row.cells[c];
    const wrong = row.wrong[c];
    td.classList.toggle("bad", Boolean(wrong));
    td.classList.toggle("todo", !wrong && this.waiting.has(`${r} ${c}`));
    if (wrong) td.setAttribute("aria-invalid", "true");
    else td.removeAttribute("aria-invalid");
    td.title = wrong || (name === "rule" && row.rule) || (row.cells[c].length > 12 ? row.cells[c] : "");
  }

  // ---- where we are

  area() {
    const [r, c] = this.at;
    const [r2, c2] = this.from;
    return [Math.min(r, r2), Math.min(c, c2), Math.max(r, r2), Math.max(c, c2)];
  }

  draw() {
    for (const old of this.table.querySelectorAll(".sel,.now")) old.classList.remove("sel", "now");
    const [top, left, bottom, right] = this.area();
    if (top !== bottom || left !== right) for (let r = top; r <= bottom; r++) for (let c = left; c <= right; c++) this.tds[r][c].classList.add("sel");
    const td = this.tds[this.at[0]][this.at[1]];
    td.classList.add("now");
    this.scroll(td);
    this.place(td);
    this.field.setAttribute("aria-label", `${this.rows[this.at[0]].cells[0]} ${this.columns[this.at[1]].label} ${this.rows[this.at[0]].cells[this.at[1]] || "空"}`);
    this.tell();
  }

  scroll(td) {
    const box = this.box;
    const head = this.table.tHead.offsetHeight;
    if (td.offsetTop < box.scrollTop + head) box.scrollTop = td.offsetTop - head;
    else if (td.offsetTop + td.offsetHeight > box.scrollTop + box.clientHeight) box.scrollTop = td.offsetTop + td.offsetHeight - box.clientHeight + 12;
    if (td.offsetLeft < box.scrollLeft) box.scrollLeft = td.offsetLeft;
    else if (td.offsetLeft + td.offsetWidth > box.scrollLeft + box.clientWidth) box.scrollLeft = td.offsetLeft + td.offsetWidth - box.clientWidth + 12;
  }

  place(td) {
    const wide = this.columns[this.at[1]].width < 9 && this.editing ? 120 : 0;
    Object.assign(this.field.style, { left: `${td.offsetLeft}px`, top: `${td.offsetTop}px`, width: `${Math.max(td.offsetWidth, wide)}px`, height: `${td.offsetHeight}px` });
  }

  go(dr, dc, keep = false) {
    const r = Math.min(Math.max(this.at[0] + dr, 0), this.rows.length - 1);
    const c = Math.min(Math.max(this.at[1] + dc, 0), this.columns.length - 1);
    this.at = [r, c];
    if (!keep) this.from = [r, c];
    this.draw();
  }

  next(back) {
    let [r, c] = this.at;
    do {
      c += back ? -1 : 1;
      if (c < 0 || c >= this.columns.length) {
        r += back ? -1 : 1;
        c = back ? this.columns.length - 1 : 0;
      }
    } while (r >= 0 && r < this.rows.length && !this.has(r, c));
    if (r < 0 || r >= this.rows.length) return false;
    this.at = [r, c];
    this.from = [r, c];
    this.draw();
    return true;
  }

  // ---- one cell

  open(first) {
    const [r, c] = this.at;
    if (this.input || this.editing || !this.has(r, c)) return;
    const column = this.columns[c];
    const value = this.rows[r].cells[c];
    if (column.kind !== "choice") {
      this.edit();
      this.field.value = first === undefined ? value : first;
      if (first === undefined) this.field.select();
      return;
    }
    const td = this.tds[r][c];
    const field = document.createElement("select");
    for (const label of column.options) field.append(new Option(label, label, false, label === value));
    if (!column.options.includes(value)) field.prepend(new Option(value, value, true, true));
    field.setAttribute("aria-label", `${this.rows[r].cells[0]} ${column.label}`);
    td.classList.add("open");
    td.replaceChildren(field);
    this.input = field;
    this.field.value = "";
    field.focus();
    field.addEventListener("blur", () => this.close(true));
    if (first) this.choose(field, first);
  }

  // the field is being typed into, by a key, by an input method or opened on the cell's text
  edit() {
    const column = this.columns[this.at[1]];
    this.editing = [...this.at];
    this.field.classList.add("on");
    if (column.name === "lead") this.field.setAttribute("list", "units");
    else this.field.removeAttribute("list");
    this.place(this.tds[this.at[0]][this.at[1]]);
  }

  choose(field, letters) {
    const found = [...field.options].find((option) => option.value.startsWith(letters)) || [...field.options].find((option) => option.value.includes(letters));
    if (found) field.value = found.value;
  }

  close(keep) {
    if (this.editing) {
      const [r, c] = this.editing;
      this.editing = null;
      this.field.classList.remove("on");
      const text = this.field.value;
      this.field.value = "";
      if (keep) this.set([[r, c, text.trim()]]);
      this.show(r, c);
    }
    const field = this.input;
    if (!field) return;
    this.input = null;
    const td = field.closest("td");
    const [r, c] = [Number(td.dataset.r), Number(td.dataset.c)];
    td.classList.remove("open");
    if (keep) this.set([[r, c, field.value]]);
    this.show(r, c);
    this.field.focus({ preventScroll: true });
  }

  // ---- changes: [row, column, text]

  set(changes, remember = true) {
    const done = [];
    for (const [r, c, text] of changes) {
      if (!this.rows[r] || !this.columns[c] || !this.has(r, c)) continue;
      const row = this.rows[r];
      const again = row.wrong[c] && text === row.cells[c];
      if (text === row.cells[c] && !again) continue;
      done.push([r, c, row.cells[c]]);
      row.cells[c] = text;
      delete row.wrong[c];
      if (text === row.saved[c] && !this.sending) this.waiting.delete(`${r} ${c}`);
      else this.waiting.set(`${r} ${c}`, again ? "anyway" : "");
      this.show(r, c);
    }
    if (!done.length) return;
    if (remember) this.undo = [...this.undo, done].slice(-MOST_UNDO);
    this.send();
  }

  back() {
    const last = this.undo.pop();
    if (!last) return this.tell("没有可以撤销的了");
    this.at = [last[0][0], last[0][1]];
    this.from = [...this.at];
    this.set(last, false);
    this.draw();
  }

  copied() {
    const [top, left, bottom, right] = this.area();
    const lines = [];
    for (let r = top; r <= bottom; r++) lines.push(this.rows[r].cells.slice(left, right + 1).map((text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join("\t"));
    return lines.join("\n");
  }

  paste(text) {
    const block = parse(text);
    const [top, left, bottom, right] = this.area();
    const changes = [];
    if (block.length === 1 && block[0].length === 1) {
      for (let r = top; r <= bottom; r++) for (let c = left; c <= right; c++) changes.push([r, c, block[0][0].trim()]);
    } else {
      block.forEach((line, dr) => line.forEach((cell, dc) => changes.push([top + dr, left + dc, cell.trim()])));
      this.at = [top, left];
      this.from = [Math.min(top + block.length, this.rows.length) - 1, Math.min(left + block[0].length, this.columns.length) - 1];
    }
    const lost = changes.filter(([r, c]) => !this.rows[r] || !this.columns[c] || !this.has(r, c)).length;
    this.set(changes);
    this.draw();
    if (lost) this.tell(`粘贴的内容有 ${lost} 格落在表外或分组行上，没有填`);
  }

  down() {
    const [top, left, bottom, right] = this.area();
    const changes = [];
    for (let c = left; c <= right; c++) {
      if (top === bottom) {
        if (top > 0) changes.push([top, c, this.rows[top - 1].cells[c]]);
      } else for (let r = top + 1; r <= bottom; r++) changes.push([r, c, this.rows[top].cells[c]]);
    }
    this.set(changes);
  }

  clear() {
    const [top, left, bottom, right] = this.area();
    const changes = [];
    for (let r = top; r <= bottom; r++) for (let c = left; c <= right; c++) if (this.columns[c].kind !== "choice" || this.columns[c].options[0] === "没有写") changes.push([r, c, this.columns[c].kind === "choice" ? "没有写" : ""]);
    this.set(changes);
  }

  // ---- keeping

  async send() {
    if (this.sending || !this.waiting.size) return this.tell();
    clearTimeout(this.timer);
    this.sending = true;
    this.tell();
    const batch = new Map(this.waiting);
    const cells = [...batch].map(([place, how]) => {
      const [r, c] = place.split(" ").map(Number);
      const row = this.rows[r];
      return [row.key, this.columns[c].name, row.cells[c], how === "anyway" ? null : row.saved[c]];
    });
    const sent = new Map([...batch].map(([place], n) => [place, cells[n][2]]));
    const body = new URLSearchParams({ csrfmiddlewaretoken: this.form.elements.csrfmiddlewaretoken.value, cells: JSON.stringify(cells) });
    let answer = null;
    try {
      const got = await fetch(this.form.action, { method: "POST", body, headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" } });
      if (got.ok && !got.redirected && (got.headers.get("content-type") || "").includes("json")) answer = await got.json();
      else this.why = got.status === 409 ? "这份草稿刚被别的窗口改过、保存或放弃" : got.status === 403 || got.redirected ? "登录已过期，请在另一个窗口重新登录" : got.status === 404 ? "这份草稿已经不在了" : "系统正忙";
    } catch {
      this.why = "网络不通";
    }
    this.sending = false;
    if (!answer) {
      this.failed++;
      this.timer = setTimeout(() => this.send(), RETRY[Math.min(this.failed, RETRY.length) - 1]);
      return this.tell();
    }
    this.failed = 0;
    const places = new Map(cells.map(([key, name], n) => [`${key}|${name}`, [...batch.keys()][n]]));
    const drop = (place) => {
      const [r, c] = place.split(" ").map(Number);
      if (this.rows[r].cells[c] === sent.get(place)) this.waiting.delete(place);
      return [r, c];
    };
    for (const [key, name, text] of answer.saved) {
      const place = places.get(`${key}|${name}`);
      const untouched = this.rows[Number(place.split(" ")[0])].cells[Number(place.split(" ")[1])] === sent.get(place);
      const [r, c] = drop(place);
      this.rows[r].saved[c] = text;
      if (untouched && !(this.editing && this.editing[0] === r && this.editing[1] === c)) this.rows[r].cells[c] = text;
      if (!this.tds[r][c].classList.contains("open")) this.show(r, c);
    }
    for (const [key, name, words] of answer.refused) {
      const place = places.get(`${key}|${name}`);
      const [r, c] = drop(place);
      if (this.rows[r].cells[c] === sent.get(place)) this.rows[r].wrong[c] = words;
      if (!this.tds[r][c].classList.contains("open")) this.show(r, c);
    }
    for (const name of ["total", "leaves"]) for (const at of document.querySelectorAll(`[data-sum=${name}]`)) at.textContent = answer[name];
    this.kept = new Date().toTimeString().slice(0, 5);
    this.tell();
    if (this.waiting.size) this.send();
  }

  bad() {
    return this.rows.reduce((sum, row) => sum + Object.keys(row.wrong).length, 0);
  }

  tell(words) {
    const [r, c] = this.at;
    const here = this.rows[r].wrong[c];
    const bad = this.bad();
    const parts = [];
    if (words) parts.push(words);
    if (this.failed) parts.push(`还有 ${this.waiting.size} 格没有存上：${this.why}，正在重试，请不要关闭页面`);
    else if (this.sending || this.waiting.size) parts.push("正在保存……");
    else if (this.kept) parts.push(`${this.kept} 已保存`);
    if (bad) parts.push(`有 ${bad} 格不能保存，已标红`);
    if (here) parts.push(here);
    this.said.textContent = parts.join("　") || "还没有改动";
    this.said.className = `gridsaid${this.failed || bad || here ? " bad" : ""}`;
  }

  // ---- keyboard, mouse, clipboard

  listen() {
    const key = (event) => (this.input || this.editing ? this.typing(event) : this.moving(event));
    this.field.addEventListener("keydown", key);
    this.table.addEventListener("keydown", key);
    this.field.addEventListener("compositionstart", () => this.started());
    this.field.addEventListener("input", (event) => event.isComposing || this.started(true));
    this.field.addEventListener("compositionend", () => this.started(true));
    this.field.addEventListener("blur", () => this.editing && this.close(true));
    this.table.addEventListener("mousedown", (event) => {
      const td = event.target.closest("td[data-r]");
      if (!td || td.classList.contains("open")) return;
      event.preventDefault();
      this.close(true);
      this.at = [Number(td.dataset.r), Number(td.dataset.c)];
      if (!event.shiftKey) this.from = [...this.at];
      this.pulling = true;
      this.field.focus({ preventScroll: true });
      this.draw();
    });
    this.table.addEventListener("mouseover", (event) => {
      const td = this.pulling && event.buttons === 1 && event.target.closest("td[data-r]");
      if (!td) return;
      this.at = [Number(td.dataset.r), Number(td.dataset.c)];
      this.draw();
    });
    addEventListener("mouseup", () => (this.pulling = false));
    this.box.addEventListener("dblclick", () => this.open());
    this.field.addEventListener("copy", (event) => {
      if (this.editing) return;
      event.preventDefault();
      event.clipboardData.setData("text/plain", this.copied());
    });
    this.field.addEventListener("cut", (event) => {
      if (this.editing) return;
      event.preventDefault();
      event.clipboardData.setData("text/plain", this.copied());
      this.clear();
    });
    this.field.addEventListener("paste", (event) => {
      if (this.editing) return;
      event.preventDefault();
      this.paste(event.clipboardData.getData("text/plain"));
    });
    this.form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("beforeunload", (event) => {
      if (this.waiting.size || this.bad() || this.input || this.editing) event.preventDefault();
    });
    addEventListener("online", () => this.send());
  }

  // something came into the idle field
  started(whole) {
    if (this.editing) return;
    const [r, c] = this.at;
    if (!this.has(r, c)) this.field.value = "";
    else if (this.columns[c].kind !== "choice") this.edit();
    else if (whole) this.open(this.field.value);
  }

  typing(event) {
    if (event.isComposing) return;
    const select = Boolean(this.input);
    if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      this.close(true);
      if (event.key === "Tab") this.next(event.shiftKey);
      else this.go(event.shiftKey ? -1 : 1, 0);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close(false);
    } else if (!select && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      if (this.field.getAttribute("list")) return; // chooses among the offered names
      event.preventDefault();
      this.close(true);
      this.go(event.key === "ArrowUp" ? -1 : 1, 0);
    }
    event.stopPropagation();
  }

  moving(event) {
    const ctrl = event.ctrlKey || event.metaKey;
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-15, 0], PageDown: [15, 0] };
    const key = event.key;
    if (moves[key]) {
      const [dr, dc] = moves[key];
      const far = ctrl ? Math.max(this.rows.length, this.columns.length) : 1;
      this.go(dr * far, dc * far, event.shiftKey);
    } else if (key === "Home") this.go(ctrl ? -this.rows.length : 0, -this.columns.length, event.shiftKey);
    else if (key === "End") this.go(ctrl ? this.rows.length : 0, this.columns.length, event.shiftKey);
    else if (key === "Enter" && !ctrl) this.open();
    else if (key === "F2") this.open();
    else if (key === "Tab") {
      if (!this.next(event.shiftKey)) return; // past the last cell: out of the table
    } else if (key === "Delete" || key === "Backspace") this.clear();
    else if (key === "Escape") {
      this.from = [...this.at];
      this.draw();
    } else if (ctrl && key.toLowerCase() === "z") this.back();
    else if (ctrl && key.toLowerCase() === "d") this.down();
    else if (ctrl && key.toLowerCase() === "a") {
      this.from = [0, 0];
      this.at = [this.rows.length - 1, this.columns.length - 1];
      this.draw();
    } else if (!ctrl && !event.altKey && [...key].length === 1 && !event.isComposing && this.columns[this.at[1]].kind === "choice") this.open(key.trim());
    else return; // into the field, by itself or through an input method
    event.preventDefault();
  }
}

// lines and tabs as a spreadsheet copies them; a cell in quotation marks may hold both
function parse(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let n = 0; n < source.length; n++) {
    const sign = source[n];
    if (quoted && sign === '"' && source[n + 1] === '"') cell += source[++n];
    else if (quoted && sign === '"') quoted = false;
    else if (!quoted && sign === '"' && cell === "") quoted = true;
    else if (!quoted && (sign === "\t" || sign === "\n")) {
      rows.at(-1).push(cell);
      cell = "";
      if (sign === "\n") rows.push([]);
    } else cell += sign;
  }
  rows.at(-1).push(cell);
  return rows;
}
