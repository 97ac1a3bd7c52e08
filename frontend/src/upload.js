// Many files, one after another, each with its own bar. Without this script the form posts them all at once.
// The server's word counts: a file is "已存好" only when its answer says so, never because sending went well.
const uuid = () => (crypto.randomUUID ? crypto.randomUUID() : ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16)));
const size = (n) => (n < 1e6 ? `${Math.max(1, Math.round(n / 1e3))} KB` : `${(n / 1e6).toFixed(n < 1e7 ? 1 : 0)} MB`);

export function upload(form) {
  const drop = form.querySelector("[data-drop]");
  const list = form.querySelector("[data-files]");
  if (!drop || !list || drop.classList.contains("live")) return;
  drop.classList.add("live"); // from here on the bare file boxes are hidden behind their buttons
  const pickers = [...drop.querySelectorAll('input[type="file"]')];
  const limit = Number(drop.dataset.limit) || Infinity;
  const tooBig = (file) => (file.size === 0 ? "文件是空的，没有上传" : file.size > limit ? `有 ${size(file.size)}，超过上限 ${size(limit)}，没有上传。请压缩或拆开再传` : "");
  const take = form.dataset.upload === undefined ? withForm() : oneByOne();

  for (const input of pickers) input.addEventListener("change", () => take(input.files, input));
  for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (event) => (event.preventDefault(), drop.classList.add("over")));
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  form.addEventListener("paste", (event) => event.clipboardData.files.length && take(event.clipboardData.files));

  // no data-upload: the files travel with the form; only show what was chosen and let it be taken back
  function withForm() {
    const held = new Map(); // input → files; choosing again adds instead of replacing
    const main = pickers.find((input) => input.multiple) || pickers[0];
    const put = (input, files) => {
      const box = new DataTransfer();
      for (const file of files) box.items.add(file);
      input.files = box.files;
      held.set(input, files);
    };
    return (files, input = main) => {
      const kept = input.multiple ? [...(held.get(input) || [])] : [];
      if (!input.multiple) for (const { element, from } of list.lines || []) from === input && element.remove();
      for (const file of files) {
        const line = row(file, "随表单一起提交");
        list.append(line.element);
        (list.lines ||= []).push({ element: line.element, from: input });
        const fault = tooBig(file);
        if (fault) line.refuse(fault);
        else {
          kept.push(file);
          line.onRemove = () => put(input, held.get(input).filter((other) => other !== file));
        }
      }
      put(input, kept);
    };
  }

  function oneByOne() {
    const name = pickers[0].name;
    const waiting = [];
    let busy = false;
    let stored = 0;
    let failed = 0;
    let refused = 0; // before sending: too big, empty
    for (const input of pickers) input.required = false;

    // data-upload="ask": files wait until the form's own button is pressed
    form.addEventListener("submit", (event) => {
      if (!waiting.some((task) => !task.line.dropped) && !stored) return; // nothing of ours: the server says what lacks
      event.preventDefault();
      send();
    });

    async function send() {
      if (busy) return;
      busy = true;
      form.setAttribute("aria-busy", "true");
      failed = 0;
      while (waiting.length) {
        const task = waiting.shift();
        if (task.line.dropped) continue;
        if (await post(task, name, again)) stored += 1;
        else failed += 1;
      }
      busy = false;
      form.removeAttribute("aria-busy");
      if (failed || refused || !stored) return; // stay: the person must see which one failed and why
      form.dispatchEvent(new CustomEvent("uploaded", { bubbles: true }));
      if (form.dataset.then !== undefined) location.assign(form.dataset.then || location.href);
    }

    function again(task) {
      waiting.push(task); // the same once-key: if the first one did arrive, its receipt comes back
      send();
    }

    return (files, input) => {
      for (const file of files) {
        const line = row(file, "等着上传");
        list.append(line.element);
        const fault = tooBig(file);
        if (fault) (line.refuse(fault), (refused += 1));
        else waiting.push({ file, line, once: uuid() });
      }
      if (input) input.value = "";
      if (form.dataset.upload !== "ask") send();
    };
  }

  function post(task, name, again) {
    const { file, line, once } = task;
    const body = new FormData(form);
    body.delete(name);
    body.set("once", once);
    body.append(name, file, file.name);
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const began = Date.now();
      const fail = (words) => (line.refuse(words, () => again(task)), done(false));
      request.open("POST", form.action);
      request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        const left = Math.round(((Date.now() - began) / 1000) * (total / loaded - 1));
        line.progress(loaded / total, loaded < total ? `正在上传 ${Math.round((100 * loaded) / total)}%${left > 2 ? `，约 ${left} 秒` : ""}` : "正在保存");
      });
      request.addEventListener("load", () => {
        const { ok, words } = verdict(request, form.action);
        if (!ok) return fail(words || "没有存好，请再传一次");
        line.stored(words);
        done(true);
      });
      request.addEventListener("error", () => fail("网络断了，没有存好"));
      request.addEventListener("timeout", () => fail("等得太久，没有存好"));
      request.addEventListener("abort", () => (line.refuse("已取消", () => again(task)), done(true)));
      line.begin(() => request.abort());
      request.send(body);
    });
  }
}

// What the answer says. JSON {"message"} with 2xx, or a page with [data-receipt], is a receipt. A page reached by a
// redirect is one too, unless it asks to log in or carries an error; the same form shown again is not.
function verdict(request, action) {
  const kind = request.getResponseHeader("Content-Type") || "";
  const text = request.responseText;
  const good = request.status >= 200 && request.status < 300;
  if (kind.includes("json")) {
    try {
      return { ok: good, words: JSON.parse(text).message || "" };
    } catch {
      return { ok: false, words: "" };
    }
  }
  if (!kind.includes("html")) return { ok: good, words: text.slice(0, 200) };
  const page = new DOMParser().parseFromString(text, "text/html");
  const say = (note) => (note ? note.textContent.trim().replace(/\s+/g, " ").slice(0, 200) : "");
  if (page.querySelector('input[type="password"]')) return { ok: false, words: "登录已过期，没有存好。请在另一个窗口登录后点“再传”" };
  const receipt = page.querySelector("[data-receipt]");
  if (good && receipt) return { ok: true, words: say(receipt) };
  const fault = page.querySelector(".says .note.bad,[data-focus].bad,.err");
  const moved = request.responseURL && new URL(request.responseURL).pathname !== new URL(action, location.href).pathname;
  if (good && moved && !fault) return { ok: true, words: say(page.querySelector(".says .note.ok")) };
  return { ok: false, words: say(fault || page.querySelector(".note.bad,h1")) };
}

function row(file, state) {
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
  const word = Object.assign(document.createElement("div"), { className: "sub", textContent: `${size(file.size)}，${state}` });
  const bar = Object.assign(document.createElement("div"), { className: "prog s mt", hidden: true });
  const fill = bar.appendChild(document.createElement("i"));
  middle.append(title, word, bar);
  const act = Object.assign(document.createElement("button"), { type: "button", className: "a", textContent: "移除" });
  element.append(picture, middle, act);
  const line = {
    element,
    dropped: false,
    onRemove: null,
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
      const rest = text.replace(/^已存好[\s，。]*/, "");
      if (rest) word.append(`　${rest}`);
      act.hidden = true;
    },
    refuse(text, retry) {
      bar.hidden = true;
      word.innerHTML = '<span class="lt r"></span>';
      word.firstChild.textContent = text;
      act.hidden = false;
      act.textContent = retry ? "再传" : "移除";
      act.onclick = retry || (() => element.remove());
      line.onRemove = null;
    },
  };
  act.onclick = () => {
    line.dropped = true;
    line.onRemove?.();
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
