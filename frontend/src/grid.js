// <form data-grid="rows.json">: the paged form gives way to one table of all rows, worked by keyboard.
// Every change is sent at once: rows added, taken out and moved ("acts"), then changed cells. What could not be sent
// stays in the page, is tried again, and leaving asks first; nothing is kept in the browser's storage, because the
// machine may be shared. A phone keeps the paged form: it has no keys to work a grid with.
import { parse, quoted } from "./grid-clipboard.js";
import { build, refill } from "./grid-page.js";

const RETRY = [2000, 5000, 10000, 20000];
const MOST_UNDO = 500;
const TITLE = "title";

const form = document.querySelector("form[data-grid]");
if (form && !matchMedia("(max-width: 700px), (pointer: coarse)").matches) start();

async function start() {
  const answer = await fetch(form.dataset.grid, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer || !answer.ok || form.querySelector("[aria-invalid=true]")) return; // the paged form serves as well
  new Grid(form, await answer.json());
}

// a row of the table: what its cells show, what of it is kept, what of it was refused
const made = ([key, level, leaf, ...cells]) => ({ key, level, leaf, cells, saved: [...cells], wrong: {} });

class Grid {
  constructor(form, data) {
    this.form = form;
    this.columns = data.columns.map(([name, label, kind, width, options, groups]) => ({ name, label, kind, width, options, groups }));
    this.rows = data.rows.map(made);
    this.title = this.columns.findIndex((column) => column.name === TITLE);
    this.at = [Math.max(0, this.rows.findIndex((row) => row.leaf)), this.title];
    this.from = [...this.at];
    this.undo = [];
    this.acts = []; // of rows, in order, not yet kept
    this.waiting = new Map(); // row → Map of columns changed and not yet kept
    this.refused = []; // [row, column] of what was refused, the last one last
    this.word = ""; // what was said of the last act, until the next
    this.sending = false;
    this.failed = 0;
    build(this);
    this.listen();
    this.draw();
    this.field.focus({ preventScroll: true });
  }

  get row() {
    return this.rows[this.at[0]];
  }

  has(r, c) {
    return Boolean(this.rows[r] && (this.rows[r].leaf || this.columns[c].groups));
  }

  isWaiting(row, c) {
    return Boolean(this.waiting.get(row)?.has(c));
  }

  wait(row, c, how) {
    if (!this.waiting.has(row)) this.waiting.set(row, new Map());
    this.waiting.get(row).set(c, how);
  }

  kept(row, c) {
    const cells = this.waiting.get(row);
    cells?.delete(c);
    if (cells && !cells.size) this.waiting.delete(row);
  }

  // changed cells of rows that are in the table; those of a row taken out wait until it is put back
  unsent() {
    return [...this.waiting].flatMap(([row, cells]) => (row.gone ? [] : [...cells].map(([c, how]) => [row, c, how])));
  }

  show(row, c) {
    const td = row.tds[c];
    if (row.leaf || this.columns[c].groups) td.textContent = row.cells[c];
    const wrong = row.wrong[c];
    td.classList.toggle("bad", Boolean(wrong));
    td.classList.toggle("todo", !wrong && this.isWaiting(row, c));
    if (wrong) td.setAttribute("aria-invalid", "true");
    else td.removeAttribute("aria-invalid");
    td.title = wrong || (row.cells[c].length > 12 ? row.cells[c] : "");
  }

  // ---- where we are

  area() {
    const [r, c] = this.at;
    const [r2, c2] = this.from;
    return [Math.min(r, r2), Math.min(c, c2), Math.max(r, r2), Math.max(c, c2)];
  }

  draw() {
    for (const old of this.table.querySelectorAll(".sel,.now")) old.classList.remove("sel", "now");
    if (!this.rows.length) return this.tell();
    const [top, left, bottom, right] = this.area();
    if (top !== bottom || left !== right) for (let r = top; r <= bottom; r++) for (let c = left; c <= right; c++) this.rows[r].tds[c].classList.add("sel");
    const td = this.row.tds[this.at[1]];
    td.classList.add("now");
    this.scroll(td);
    const field = this.columns[this.at[1]].kind === "long" ? this.fields[1] : this.fields[0];
    if (field !== this.field && !this.editing) {
      const had = document.activeElement === this.field;
      this.field = field;
      if (had) field.focus({ preventScroll: true });
    }
    this.place(td);
    this.field.setAttribute("aria-label", `${this.row.cells[0]} ${this.columns[this.at[1]].label} ${this.row.cells[this.at[1]] || "空"}`);
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
    const { kind, width } = this.columns[this.at[1]];
    const [wide, high] = !this.editing ? [0, 0] : kind === "long" ? [420, 148] : kind === "words" ? [340, 0] : width < 9 ? [120, 0] : [0, 0];
    // what opens wider than its cell stays within the box
    const room = this.box.scrollLeft + this.box.clientWidth - 4;
    const [w, h] = [Math.max(td.offsetWidth, wide), Math.max(td.offsetHeight, high)];
    const left = Math.max(0, Math.min(td.offsetLeft, room - w));
    const top = high ? Math.max(0, Math.min(td.offsetTop, this.box.scrollTop + this.box.clientHeight - h - 4)) : td.offsetTop;
    Object.assign(this.field.style, { left: `${left}px`, top: `${top}px`, width: `${w}px`, height: `${h}px` });
  }

  go(dr, dc, keep = false) {
    const r = Math.min(Math.max(this.at[0] + dr, 0), Math.max(0, this.rows.length - 1));
    const c = Math.min(Math.max(this.at[1] + dc, 0), this.columns.length - 1);
    this.at = [r, c];
    if (!keep) this.from = [r, c];
    this.draw();
  }

  to(row, c = this.title) {
    this.at = [this.rows.indexOf(row), c];
    this.from = [...this.at];
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

  open() {
    const [r, c] = this.at;
    if (this.input || this.editing || !this.has(r, c)) return;
    const column = this.columns[c];
    const row = this.rows[r];
    const value = row.cells[c];
    if (column.kind !== "choice") {
      this.edit();
      this.field.value = value;
      column.kind === "long" ? this.field.setSelectionRange(value.length, value.length) : this.field.select();
      return;
    }
    const td = row.tds[c];
    const field = document.createElement("select");
    for (const label of column.options) field.append(new Option(label, label, false, label === value));
    if (!column.options.includes(value)) field.prepend(new Option(value, value, true, true));
    field.setAttribute("aria-label", `${row.cells[0]} ${column.label}`);
    td.classList.add("open");
    td.replaceChildren(field);
    this.input = field;
    this.field.value = "";
    field.focus();
    field.addEventListener("blur", () => this.close(true));
  }

  // the field is being typed into, by a key, by an input method or opened on the cell's text
  edit() {
    const { name, kind } = this.columns[this.at[1]];
    this.editing = [this.row, this.at[1]];
    this.field.classList.add("on");
    const list = name === "lead" ? "units" : kind === "words" ? "rules" : kind === "choice" ? this.offered(this.columns[this.at[1]]) : "";
    if (list) this.field.setAttribute("list", list);
    else this.field.removeAttribute("list");
    this.place(this.row.tds[this.at[1]]);
  }

  // the options of a column that is typed into, as a list to pick from
  offered({ name, options }) {
    const id = `options-${name}`;
    if (!document.getElementById(id)) {
      const list = document.createElement("datalist");
      list.id = id;
      for (const label of options) list.append(new Option(label, label));
      this.box.append(list);
    }
    return id;
  }

  // typed letters stand for an option only if no other could be meant; else the server says what is wrong with them
  meant({ kind, options }, text) {
    if (kind !== "choice" || options.includes(text)) return text;
    const begins = options.filter((option) => text && option.startsWith(text));
    const holds = options.filter((option) => text && option.includes(text));
    return begins.length === 1 ? begins[0] : begins.length === 0 && holds.length === 1 ? holds[0] : text;
  }

  close(keep) {
    if (this.editing) {
      const [row, c] = this.editing;
      this.editing = null;
      this.field.classList.remove("on");
      const text = this.field.value;
      this.field.value = "";
      if (keep) this.set([[row, c, this.meant(this.columns[c], text.trim())]]);
      this.show(row, c);
      if (!row.gone) this.place(row.tds[c]);
    }
    const field = this.input;
    if (!field) return;
    this.input = null;
    const td = field.closest("td");
    const [row, c] = [this.rows[Number(td.dataset.r)], Number(td.dataset.c)];
    td.classList.remove("open");
    if (keep) this.set([[row, c, field.value]]);
    this.show(row, c);
    this.field.focus({ preventScroll: true });
  }

  // ---- cells: [row, column, text]

  set(changes, remember = true) {
    const done = [];
    for (const [row, c, text] of changes) {
      if (!row || row.gone || !this.columns[c] || !(row.leaf || this.columns[c].groups)) continue;
      const again = row.wrong[c] && text === row.cells[c];
      if (text === row.cells[c] && !again) continue;
      done.push([row, c, row.cells[c]]);
      row.cells[c] = text;
      delete row.wrong[c];
      if (text === row.saved[c] && !this.sending) this.kept(row, c);
      else this.wait(row, c, again ? "anyway" : "");
      this.show(row, c);
    }
    if (done.length && remember) this.remember({ cells: done });
    if (done.length) this.send();
    return done;
  }

  remember(step) {
    this.undo = [...this.undo, step].slice(-MOST_UNDO);
  }

  back() {
    const last = this.undo.pop();
    if (!last) return this.tell("没有可以撤销的了");
    if (last.cells?.length) {
      const [row, c] = last.cells[0];
      this.set(last.cells, false);
      if (!row.gone) this.to(row, c);
    }
    if (last.added) this.takeOut(last.added);
    if (last.removed) this.putBack(last.removed);
    if (last.moved) this.shift(last.moved, -last.by, false);
    this.send();
    this.draw();
  }

  copied() {
    if (!this.rows.length) return "";
    const [top, left, bottom, right] = this.area();
    return this.rows.slice(top, bottom + 1).map((row) => row.cells.slice(left, right + 1).map(quoted).join("\t")).join("\n");
  }

  paste(text) {
    const block = parse(text);
    while (block.length > 1 && block.at(-1).every((cell) => !cell.trim())) block.pop();
    if (!this.rows.length) return this.tell("先加一个方面，再粘贴");
    const [top, left, bottom, right] = this.area();
    if (block.length === 1 && block[0].length === 1) {
      const changes = [];
      for (let r = top; r <= bottom; r++) for (let c = left; c <= right; c++) changes.push([this.rows[r], c, block[0][0].trim()]);
      this.set(changes);
      return this.draw();
    }
    const [fits, more] = this.fitting(block, top, left);
    const changes = block.slice(0, fits).flatMap((line, dr) => line.map((cell, dc) => [this.rows[top + dr], left + dc, cell.trim()]));
    const lost = changes.filter(([row, c]) => !row || !this.columns[c] || !(row.leaf || this.columns[c].groups)).length;
    if (more) {
      const last = this.rows[top + fits - 1];
      const rows = block.slice(fits).map((line) => this.fresh(true, Object.fromEntries(line.map((cell, dc) => [left + dc, cell.trim()]))));
      const cells = this.set(changes, false);
      const [under, after, level] = fits ? [this.parent(top)?.key || "", last.key, last.level] : [this.rows[top].key, "?", this.rows[top].level + 1];
      this.insert(rows, fits ? top + fits : this.end(top), { under, after, leaf: true, level });
      this.remember({ cells, added: rows });
      this.send();
      this.to(rows.at(-1), left);
      return this.tell(`${fits ? `填了 ${fits} 行，` : ""}在这一组末尾新增 ${rows.length} 项`);
    }
    this.at = [top, left];
    this.from = [Math.min(top + block.length, this.rows.length) - 1, Math.min(left + block[0].length, this.columns.length) - 1];
    this.set(changes);
    this.draw();
    if (lost) this.tell(`粘贴的内容有 ${lost} 格落在表外或分组行上，没有填`);
  }

  // how many lines of BLOCK go into rows that are there, and whether the others become new items of the group. They do
  // when the lines have names and would run over the end of the group; a block that was copied with its group rows
  // is laid over them as it is.
  fitting(block, top, left) {
    const all = [block.length, false];
    if (block.length < 2 || left > this.title || left + block[0].length <= this.title) return all;
    const named = (dr) => (block[dr][this.title - left] || "").trim();
    if (!this.rows[top].leaf) {
      const empty = this.end(top) === top + 1 || this.rows[top + 1].leaf;
      return named(0) === this.rows[top].cells[this.title] || !empty ? all : [0, true];
    }
    let fits = 1;
    while (fits < block.length && this.rows[top + fits]?.leaf && this.rows[top + fits].level === this.rows[top].level) fits++;
    const beyond = this.rows[top + fits];
    return fits === block.length || (beyond && named(fits) === beyond.cells[this.title]) ? all : [fits, true];
  }

  down() {
    const [top, left, bottom, right] = this.area();
    const changes = [];
    for (let c = left; c <= right; c++) {
      if (top === bottom) {
        if (top > 0) changes.push([this.rows[top], c, this.rows[top - 1].cells[c]]);
      } else for (let r = top + 1; r <= bottom; r++) changes.push([this.rows[r], c, this.rows[top].cells[c]]);
    }
    this.set(changes);
  }

  clear() {
    const [top, left, bottom, right] = this.area();
    const changes = [];
    for (let r = top; r <= bottom; r++) for (let c = left; c <= right; c++) if (this.columns[c].kind !== "choice" || this.columns[c].options[0] === "没有写") changes.push([this.rows[r], c, this.columns[c].kind === "choice" ? "没有写" : ""]);
    this.set(changes);
  }

  // ---- rows

  // the group of row R
  parent(r) {
    for (let n = r - 1; n >= 0; n--) if (!this.rows[n].leaf && this.rows[n].level < this.rows[r].level) return this.rows[n];
    return null;
  }

  // behind all that lies beneath row R
  end(r) {
    let n = r + 1;
    while (n < this.rows.length && this.rows[n].level > this.rows[r].level) n++;
    return n;
  }

  // the row before or behind R in its group
  beside(r, by) {
    const level = this.rows[r].level;
    let n = by > 0 ? this.end(r) : r - 1;
    while (by < 0 && n >= 0 && this.rows[n].level > level) n--;
    return this.rows[n]?.level === level ? n : -1;
  }

  // a new row; the server gives it its code
  fresh(leaf, texts = {}, like = null) {
    const blank = this.columns.map((column) => (column.name === "times" ? "1" : column.kind === "choice" ? column.options[0] : ""));
    const cells = blank.map((text, c) => (c === 0 || (!leaf && !this.columns[c].groups) ? "" : (like ? like.cells[c] : text)));
    for (const c of Object.keys(texts)) if (this.columns[c] && (leaf || this.columns[c].groups)) cells[c] = texts[c] || cells[c];
    const saved = like ? [...cells] : leaf ? blank : blank.map(() => "");
    const key = `+${Array.from(crypto.getRandomValues(new Uint32Array(2)), (n) => n.toString(36)).join("")}`.slice(0, 15);
    return { key, level: 0, leaf: leaf ? 1 : 0, cells, saved, wrong: {}, like: like?.key };
  }

  // ROWS into the table at AT, and to be kept: in the group UNDER behind its row AFTER
  insert(rows, at, { under, after, leaf, level }) {
    this.acts.push({ do: "add", under, after, leaf, rows: rows.map((row) => ({ key: row.key, ...(row.like ? { like: row.like } : {}), cells: Object.fromEntries(row.cells.flatMap((text, c) => (text !== row.saved[c] || (c === 0 && text) ? [[this.columns[c].name, text]] : []))) })) });
    for (const row of rows) {
      row.level = level;
      row.saved = [...row.cells];
      row.unborn = true; // until the server has answered: its code is not known yet
    }
    this.rows.splice(at, 0, ...rows);
    refill(this, rows);
  }

  add(kind) {
    this.close(true);
    const [r] = this.at;
    const here = this.row;
    if (!here && kind === "item") return this.tell("先加一个方面，再在它下面加指标");
    const row = this.fresh(kind === "item");
    if (!here) this.insert([row], 0, { under: "", after: "", leaf: false, level: 1 });
    else if (kind === "item") {
      if (!here.leaf && this.rows[r + 1] && !this.rows[r + 1].leaf && this.rows[r + 1].level > here.level) return this.tell("这一组下面还分组，请到其中一组里加");
      const above = here.leaf ? this.parent(r) : here;
      this.insert([row], r + 1, { under: above?.key || "", after: here.leaf ? here.key : "", leaf: true, level: above ? above.level + 1 : 1 });
    } else {
      const group = here.leaf ? this.parent(r) : here;
      if (!group) return this.tell("这一项上面没有分组，不能在旁边加组");
      const g = this.rows.indexOf(group);
      if (kind === "within" && this.rows[g + 1]?.leaf && this.rows[g + 1].level > group.level) return this.tell("这一组下面已经是指标，不能再分组。请加同级组");
      const end = this.end(g);
      if (kind === "within") this.insert([row], end, { under: group.key, after: "?", leaf: false, level: group.level + 1 });
      else this.insert([row], end, { under: this.parent(g)?.key || "", after: group.key, leaf: false, level: group.level });
    }
    this.remember({ added: [row] });
    this.to(row);
    this.send();
  }

  twice() {
    this.close(true);
    const [r] = this.at;
    const here = this.row;
    if (!here?.leaf) return this.tell("只能复制指标；分组请加同级组");
    if (this.acts.length || this.sending || this.unsent().length) return this.tell("刚才的改动还在保存，请稍等再复制");
    const row = this.fresh(true, {}, here);
    const above = this.parent(r);
    this.insert([row], r + 1, { under: above?.key || "", after: here.key, leaf: true, level: here.level });
    this.remember({ added: [row] });
    this.to(row);
    this.send();
  }

  remove() {
    this.close(true);
    if (!this.rows.length) return;
    const [top, , bottom] = this.area();
    const heads = [];
    for (let r = top; r <= bottom; r = this.end(r)) heads.push(this.rows[r]);
    const removed = this.takeOut(heads);
    this.remember({ removed });
    const count = removed.reduce((sum, [, rows]) => sum + rows.length, 0);
    this.send();
    this.tell(`已删除 ${count} 行，可以撤销`);
  }

  // HEADS and all beneath them out of the table: [place, rows] of each, the last first
  takeOut(heads) {
    const removed = [];
    this.acts.push({ do: "delete", keys: heads.map((row) => row.key) });
    for (const head of [...heads].reverse()) {
      const r = this.rows.indexOf(head);
      if (r < 0) continue;
      const rows = this.rows.splice(r, this.end(r) - r);
      for (const row of rows) {
        row.gone = true;
        row.tr.remove();
      }
      removed.push([r, rows]);
    }
    refill(this, []);
    this.at = [Math.max(0, Math.min(removed.at(-1)?.[0] ?? 0, this.rows.length - 1)), this.at[1]];
    this.from = [...this.at];
    this.draw();
    return removed;
  }

  putBack(removed) {
    const heads = [];
    for (const [r, rows] of [...removed].reverse()) {
      this.rows.splice(r, 0, ...rows);
      heads.push(rows[0]);
      for (const row of rows) row.gone = false;
    }
    refill(this, removed.flatMap(([, rows]) => rows));
    this.acts.push({ do: "restore", keys: heads.map((row) => row.key) });
    if (heads[0]) this.to(heads[0], this.at[1]);
  }

  // ROW with all beneath it one place up (-1) or down (1) in its group
  shift(row, by, remember = true) {
    this.close(true);
    const r = this.rows.indexOf(row);
    const n = r < 0 ? -1 : this.beside(r, by);
    if (n < 0) return this.tell(by < 0 ? "已经在这一组的最前面了" : "已经在这一组的最后面了");
    const above = by < 0 ? this.beside(n, -1) : n;
    this.acts.push({ do: "move", key: row.key, after: above < 0 ? "" : this.rows[above].key });
    const size = this.end(r) - r;
    const to = by < 0 ? n : this.end(n) - size;
    this.rows.splice(to, 0, ...this.rows.splice(r, size));
    refill(this, []);
    if (remember) this.remember({ moved: row, by });
    this.to(row, this.at[1]);
    this.send();
  }

  // ---- keeping

  async send() {
    const unsent = this.unsent();
    if (this.sending || (!unsent.length && !this.acts.length)) return this.tell();
    clearTimeout(this.timer);
    this.sending = true;
    this.tell();
    const acts = [...this.acts];
    const sent = unsent.map(([row, c, how]) => ({ row, c, text: row.cells[c], was: how === "anyway" || row.unborn ? null : row.saved[c] }));
    const cells = sent.map(({ row, c, text, was }) => [row.key, this.columns[c].name, text, was]);
    const body = new URLSearchParams({ csrfmiddlewaretoken: this.form.elements.csrfmiddlewaretoken.value, cells: JSON.stringify(cells), acts: JSON.stringify(acts) });
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
    this.acts.splice(0, acts.length);
    this.answered(answer, sent);
    for (const name of ["total", "leaves"]) for (const at of document.querySelectorAll(`[data-sum=${name}]`)) at.textContent = answer[name];
    this.keptAt = new Date().toTimeString().slice(0, 5);
    this.tell();
    if (this.unsent().length || this.acts.length) this.send();
    else if (answer.order && answer.order.join() !== this.rows.map((row) => row.key).join()) this.again();
  }

  answered(answer, sent) {
    const bySent = new Map(sent.map((one) => [`${one.row.key}|${this.columns[one.c].name}`, one]));
    const open = (row, c) => row.tds[c].classList.contains("open") || (this.editing && this.editing[0] === row && this.editing[1] === c);
    for (const row of this.rows) {
      const fresh = answer.fresh?.[row.key];
      if (!fresh) continue;
      row.unborn = false;
      this.columns.forEach((column, c) => {
        if (!(row.leaf || column.groups) || this.isWaiting(row, c)) return;
        const refused = answer.refused.some(([key, name]) => key === row.key && name === column.name);
        row.saved[c] = fresh[column.name];
        if (!refused) row.cells[c] = fresh[column.name];
        if (!open(row, c)) this.show(row, c);
      });
    }
    for (const [key, name, text] of answer.saved) {
      const { row, c, text: was } = bySent.get(`${key}|${name}`);
      const untouched = row.cells[c] === was;
      if (untouched) this.kept(row, c);
      row.saved[c] = text;
      if (untouched && name === "rule" && text && text !== was) this.read = `计分读成：${text}`;
      if (untouched && !open(row, c)) row.cells[c] = text;
      if (!open(row, c)) this.show(row, c);
    }
    for (const [key, name, words] of answer.refused) {
      const one = bySent.get(`${key}|${name}`);
      const row = one?.row || this.rows.find((row) => row.key === key);
      const c = this.columns.findIndex((column) => column.name === name);
      if (!row || c < 0) continue;
      if (!one || row.cells[c] === one.text) {
        this.kept(row, c);
        row.wrong[c] = words;
        this.refused = [...this.refused.filter(([other, o]) => other !== row || o !== c), [row, c]];
      }
      if (!open(row, c)) this.show(row, c);
    }
  }

  // another window added, moved or took out rows: take over its order, keep what is typed here
  async again() {
    const answer = await fetch(this.form.dataset.grid, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok || this.sending || this.acts.length || this.unsent().length || this.editing || this.input) return;
    const known = new Map(this.rows.map((row) => [row.key, row]));
    const here = this.row;
    this.rows = (await answer.json()).rows.map((one) => {
      const row = made(one);
      const old = known.get(row.key);
      known.delete(row.key);
      if (old) for (const c of Object.keys(old.wrong)) [row.cells[c], row.wrong[c]] = [old.cells[c], old.wrong[c]];
      return row;
    });
    this.refused = this.rows.flatMap((row) => Object.keys(row.wrong).map((c) => [row, Number(c)]));
    this.table.tBodies[0].replaceChildren();
    refill(this, this.rows);
    this.undo = [];
    const there = this.rows.findIndex((row) => row.key === here?.key);
    this.at = [Math.max(0, there), this.at[1]];
    this.from = [...this.at];
    this.draw();
    this.tell("别的窗口也改了行，已照最新的排列");
  }

  bad() {
    return this.rows.reduce((sum, row) => sum + Object.keys(row.wrong).length, 0);
  }

  // why what was typed is not kept: in the cell we are in, else in the one that was refused last. It is said until
  // something else stands in that cell, whatever becomes of others.
  refusal() {
    const here = this.row?.wrong[this.at[1]];
    if (here) return here;
    this.refused = this.refused.filter(([row, c]) => !row.gone && row.wrong[c]);
    if (!this.refused.length) return "";
    const [row, c] = this.refused.at(-1);
    return `${row.cells[0]} ${this.columns[c].label}：${row.wrong[c]}`;
  }

  tell(words) {
    if (words) this.word = words;
    const bad = this.bad();
    const refusal = [bad ? `有 ${bad} 格不能保存，已标红` : "", this.refusal()].filter(Boolean).join("　");
    const parts = [];
    const open = this.unsent().length + this.acts.length;
    if (this.failed) parts.push(`还有 ${open} 处没有存上：${this.why}，正在重试，请不要关闭页面`);
    else if (this.sending || open) parts.push("正在保存……");
    else if (this.keptAt) parts.push(`${this.keptAt} 已保存`);
    if (this.read && !this.sending) {
      this.word = this.read;
      this.read = "";
    }
    if (!this.rows.length) parts.push("还没有内容，先加一个方面");
    const state = parts.join("　") || (refusal || this.word ? "" : "还没有改动");
    for (const [n, text] of [refusal, this.word, state].entries()) if (this.parts[n].textContent !== text) this.parts[n].textContent = text;
    this.said.className = `gridsaid${this.failed || refusal ? " bad" : ""}`;
  }

  // ---- keyboard, mouse, clipboard

  listen() {
    for (const kind of ["keydown", "mousedown", "paste"])
      this.form.addEventListener(kind, (event) => ["Control", "Shift", "Alt", "Meta"].includes(event.key) || (this.word = ""), true);
    const key = (event) => (this.input || this.editing ? this.typing(event) : this.moving(event));
    this.table.addEventListener("keydown", key);
    for (const field of this.fields) {
      field.addEventListener("keydown", key);
      field.addEventListener("compositionstart", () => this.started());
      field.addEventListener("input", (event) => event.isComposing || this.started());
      field.addEventListener("compositionend", () => this.started());
      field.addEventListener("blur", () => this.editing && this.close(true));
      field.addEventListener("copy", (event) => this.clip(event));
      field.addEventListener("cut", (event) => this.clip(event) && this.clear());
      field.addEventListener("paste", (event) => {
        if (this.editing) return;
        event.preventDefault();
        this.paste(event.clipboardData.getData("text/plain"));
      });
    }
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
    this.form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("beforeunload", (event) => {
      if (this.unsent().length || this.acts.length || this.bad() || this.input || this.editing) event.preventDefault();
    });
    addEventListener("online", () => this.send());
  }

  clip(event) {
    if (this.editing) return false;
    event.preventDefault();
    event.clipboardData.setData("text/plain", this.copied());
    return true;
  }

  // something came into the idle field
  started() {
    if (this.editing) return;
    const [r, c] = this.at;
    if (!this.has(r, c)) this.field.value = "";
    else this.edit();
  }

  typing(event) {
    if (event.isComposing) return;
    const select = Boolean(this.input);
    const long = this.editing && this.columns[this.editing[1]].kind === "long";
    const ctrl = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && event.altKey && long) {
      event.preventDefault();
      this.field.setRangeText("\n", this.field.selectionStart, this.field.selectionEnd, "end");
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      this.close(true);
      if (event.key === "Tab") this.next(event.shiftKey);
      else if (ctrl) this.add(event.shiftKey ? "beside" : "item");
      else this.go(event.shiftKey ? -1 : 1, 0);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close(false);
    } else if (!select && !long && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      if (this.field.getAttribute("list")) return; // chooses among what is offered
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
    if (event.altKey && (key === "ArrowUp" || key === "ArrowDown") && this.row) this.shift(this.row, key === "ArrowUp" ? -1 : 1);
    else if (moves[key]) {
      const [dr, dc] = moves[key];
      const far = ctrl ? Math.max(this.rows.length, this.columns.length) : 1;
      this.go(dr * far, dc * far, event.shiftKey);
    } else if (key === "Home") this.go(ctrl ? -this.rows.length : 0, -this.columns.length, event.shiftKey);
    else if (key === "End") this.go(ctrl ? this.rows.length : 0, this.columns.length, event.shiftKey);
    else if (key === "Enter" && ctrl) this.add(event.shiftKey ? "beside" : "item");
    else if (key === "Enter" || key === "F2") this.open();
    else if (key === "Tab") {
      if (!this.next(event.shiftKey)) return; // past the last cell: out of the table
    } else if (ctrl && (key === "Delete" || key === "-")) this.remove();
    else if (key === "Delete" || key === "Backspace") this.clear();
    else if (key === "Escape") {
      this.from = [...this.at];
      this.draw();
    } else if (ctrl && key.toLowerCase() === "z") this.back();
    else if (ctrl && key.toLowerCase() === "d") this.down();
    else if (event.altKey && key.toLowerCase() === "c") this.twice();
    else if (event.altKey && key.toLowerCase() === "g") this.add("within");
    else if (ctrl && key.toLowerCase() === "a" && this.rows.length) {
      this.from = [0, 0];
      this.at = [this.rows.length - 1, this.columns.length - 1];
      this.draw();
    } else return; // into the field, by itself or through an input method
    event.preventDefault();
  }
}
