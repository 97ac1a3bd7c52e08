// Many files, one after another, each with its own bar. Without this script the form posts them all at once.
// The server's word counts: a file is "已存好" only when its answer says so.
const uuid = () => (crypto.randomUUID ? crypto.randomUUID() : ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16)));
const size = (n) => (n < 1e6 ? `${Math.max(1, Math.round(n / 1e3))} kB` : `${(n / 1e6).toFixed(n < 1e7 ? 1 : 0)} MB`);

export function upload(form) {
  if (form.dataset.live) return;
  form.dataset.live = "1";
  const drop = form.querySelector("[data-drop]");
  const list = form.querySelector("[data-files]");
  if (!drop || !list) return;
  const pickers = [...drop.querySelectorAll('input[type="file"]')];
  const name = pickers[0].name;
  const limit = Number(drop.dataset.limit) || Infinity;
  const waiting = [];
  let busy = false;
  let failed = 0;

  for (const input of pickers) {
    input.required = false;
    input.addEventListener("change", () => {
      add(input.files);
      input.value = "";
    });
  }
  for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (event) => (event.preventDefault(), drop.classList.add("over")));
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    add(event.dataTransfer.files);
  });
  form.addEventListener("paste", (event) => event.clipboardData.files.length && add(event.clipboardData.files));

  function add(files) {
    for (const file of files) {
      const line = row(file);
      list.append(line.element);
      if (file.size === 0) line.refuse("文件是空的，没有上传");
      else if (file.size > limit) line.refuse(`有 ${size(file.size)}，超过上限 ${size(limit)}，没有上传。请压缩或拆开再传`);
      else waiting.push({ file, line, once: uuid() });
    }
    if (form.dataset.upload !== "ask") send();
  }

  // data-upload="ask": files wait until the form's own button is pressed
  form.addEventListener("submit", (event) => {
    if (!waiting.length) return;
    event.preventDefault();
    send();
  });

  async function send() {
    if (busy) return;
    busy = true;
    form.setAttribute("aria-busy", "true");
    while (waiting.length) {
      const task = waiting.shift();
      if (task.line.dropped) continue;
      const ok = await post(task);
      if (!ok) failed += 1;
    }
    busy = false;
    form.removeAttribute("aria-busy");
    if (failed) return (failed = 0); // stay: the person must see which one failed and why
    form.dispatchEvent(new CustomEvent("uploaded", { bubbles: true }));
    if (form.dataset.then !== undefined) location.assign(form.dataset.then || location.href);
  }

  function post({ file, line, once }) {
    const body = new FormData(form);
    body.delete(name);
    body.set("once", once);
    body.append(name, file, file.name);
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const began = Date.now();
      request.open("POST", form.action);
      request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        const left = Math.round(((Date.now() - began) / 1000) * (total / loaded - 1));
        line.progress(loaded / total, loaded < total ? `正在上传 ${Math.round((100 * loaded) / total)}%${left > 2 ? `，约 ${left} 秒` : ""}` : "正在保存");
      });
      request.addEventListener("load", () => {
        const ok = request.status >= 200 && request.status < 300;
        const words = said(request);
        if (ok) line.stored(words);
        else line.refuse(words || "没有存好，请再传一次", () => again({ file, line, once }));
        done(ok);
      });
      const broken = () => (line.refuse("网络断了，没有存好", () => again({ file, line, once })), done(false));
      request.addEventListener("error", broken);
      request.addEventListener("timeout", broken);
      request.addEventListener("abort", () => (line.refuse("已取消"), done(true)));
      line.begin(() => request.abort());
      request.send(body);
    });
  }

  function again(task) {
    waiting.push(task); // the same once-key: if the first one did arrive, its receipt comes back
    send();
  }
}

// JSON {"message": …} or a page: its own words to the person
function said(request) {
  const kind = request.getResponseHeader("Content-Type") || "";
  const text = request.responseText;
  if (kind.includes("json")) {
    try {
      return JSON.parse(text).message || "";
    } catch {
      return "";
    }
  }
  if (!kind.includes("html")) return text.slice(0, 200);
  const page = new DOMParser().parseFromString(text, "text/html");
  const note = request.status < 300 ? page.querySelector("[data-receipt],.says .note") : page.querySelector(".note.bad,.err,h1");
  return note ? note.textContent.trim().replace(/\s+/g, " ").slice(0, 200) : "";
}

function row(file) {
  const element = document.createElement("li");
  const picture = document.createElement(file.type.startsWith("image/") && file.size < 3e7 ? "img" : "span");
  picture.className = "thumb";
  if (picture.tagName === "IMG") {
    picture.alt = "";
    picture.src = URL.createObjectURL(file);
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
    picture.addEventListener("error", () => picture.replaceWith(paper(file)), { once: true });
  } else picture.append(paper(file).firstChild);
  const middle = document.createElement("div");
  const title = Object.assign(document.createElement("b"), { textContent: file.name });
  const word = Object.assign(document.createElement("div"), { className: "sub", textContent: `${size(file.size)}，等着上传` });
  const bar = Object.assign(document.createElement("div"), { className: "prog s mt", hidden: true });
  const fill = bar.appendChild(document.createElement("i"));
  middle.append(title, word, bar);
  const act = Object.assign(document.createElement("button"), { type: "button", className: "a", textContent: "移除" });
  element.append(picture, middle, act);
  const line = {
    element,
    dropped: false,
    begin(stop) {
      bar.hidden = false;
      act.textContent = "取消";
      act.onclick = stop;
    },
    progress(share, text) {
      fill.style.width = `${100 * share}%`;
      word.textContent = text;
    },
    stored(text) {
      bar.hidden = true;
      word.innerHTML = '<span class="lt g">已存好</span>';
      if (text) word.append(`　${text}`);
      act.hidden = true;
    },
    refuse(text, retry) {
      bar.hidden = true;
      word.innerHTML = '<span class="lt r"></span>';
      word.firstChild.textContent = text;
      act.hidden = false;
      act.textContent = retry ? "再传" : "移除";
      act.onclick = retry || (() => element.remove());
    },
  };
  act.onclick = () => {
    line.dropped = true;
    element.remove();
  };
  return line;
}

function paper(file) {
  const sheet = Object.assign(document.createElement("span"), { className: "thumb" });
  const kind = file.name.includes(".") ? file.name.split(".").pop().slice(0, 4).toUpperCase() : "文件";
  sheet.append(Object.assign(document.createElement("i"), { className: "doc", textContent: kind }));
  return sheet;
}
