// <form data-draft="key">: what is typed is kept in this tab until the form is sent, and leaving asks first.
// sessionStorage on purpose: on a shared office machine a draft must not outlive the session.
const PREFIX = "taizhang.draft.";
const KEPT_OUT = new Set(["csrfmiddlewaretoken", "once", "seen", "password", "old_password", "new_password1", "new_password2"]);

export function drafts() {
  for (const form of document.querySelectorAll("form[data-draft]")) draft(form);
}

function typed(form) {
  const values = {};
  for (const field of form.elements) {
    if (!field.name || KEPT_OUT.has(field.name) || ["hidden", "file", "password", "submit", "button"].includes(field.type)) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) (values[field.name] ||= []).push(field.value);
      else values[field.name] ||= [];
    } else if (field.multiple) values[field.name] = [...field.selectedOptions].map((option) => option.value);
    else (values[field.name] ||= []).push(field.value);
  }
  return JSON.stringify(values);
}

function fill(form, text) {
  const values = JSON.parse(text);
  for (const field of form.elements) {
    const saved = values[field.name];
    if (!saved) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = saved.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = saved.includes(option.value);
    else if (field.type !== "hidden" && field.type !== "file") field.value = saved.shift() ?? field.value;
  }
}

function draft(form) {
  const key = PREFIX + form.dataset.draft;
  const said = form.querySelector("[data-draft-said]");
  const say = (text) => said && (said.textContent = text);
  const atFirst = typed(form);
  let sent = false;
  let timer = 0;

  const saved = sessionStorage.getItem(key);
  // a form that came back with faults already holds what was typed
  if (saved && saved !== atFirst && !form.querySelector("[aria-invalid=true]")) offer();

  function offer() {
    const note = document.createElement("div");
    note.className = "note";
    note.setAttribute("role", "status");
    const words = document.createElement("div");
    words.append("上次填到一半，没有提交。");
    const take = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-s", textContent: "接着填" });
    const drop = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-s", textContent: "不要了" });
    const buttons = document.createElement("div");
    buttons.className = "btns";
    buttons.append(take, drop);
    words.append(buttons);
    note.append(words);
    form.prepend(note);
    take.addEventListener("click", () => {
      fill(form, saved);
      note.remove();
      say("已接着上次的填");
    });
    drop.addEventListener("click", () => {
      sessionStorage.removeItem(key);
      note.remove();
    });
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      try {
        sessionStorage.setItem(key, typed(form));
        say(`${new Date().toTimeString().slice(0, 5)} 草稿已存在这个窗口里`);
      } catch {
        say("草稿存不下，请尽快提交");
      }
    }, 600);
  });
  form.addEventListener("submit", () => {
    sent = true;
    sessionStorage.setItem(key, typed(form)); // until the next page shows that it was taken
    sessionStorage.setItem(`${PREFIX}sent`, key);
  });
  addEventListener("beforeunload", (event) => {
    if (!sent && typed(form) !== atFirst) event.preventDefault();
  });
  addEventListener("pageshow", () => (sent = false));
}

// a page without the form that was just sent means: it was taken
const lastSent = sessionStorage.getItem(`${PREFIX}sent`);
if (lastSent) {
  const refused = document.querySelector(".note.bad,[aria-invalid=true]");
  if (!refused) sessionStorage.removeItem(lastSent);
  sessionStorage.removeItem(`${PREFIX}sent`);
}
