// Loaded on every page. Each island looks for its own attribute and leaves the page alone when it is not there.
import { again } from "./again.js";
import { bulk } from "./bulk.js";
import { drafts } from "./drafts.js";
import { menus } from "./menus.js";
import { passages } from "./passages.js";
import { savePicture } from "./save-picture.js";
import { sendOnce } from "./send-once.js";
import { tables } from "./tables.js";
import { upload } from "./upload.js";

again();
tables();
menus();
drafts();
sendOnce();
for (const form of document.querySelectorAll("form.picks")) bulk(form);
for (const page of document.querySelectorAll("[data-passages]")) passages(page);
for (const drop of document.querySelectorAll("form [data-drop]")) upload(drop.closest("form"));

for (const link of document.querySelectorAll("a[data-picture]")) savePicture(link);

// what is wrong, or what changed, gets the focus: seen at once and read out
document.querySelector("[data-focus]:not([data-still] *)")?.focus();

for (const link of document.querySelectorAll("a[data-back]")) {
  link.addEventListener("click", (event) => {
    if (history.length < 2) return;
    event.preventDefault();
    history.back();
  });
}

// parts that htmx puts in later
document.addEventListener("htmx:load", (event) => {
  const part = event.detail.elt;
  if (!part.querySelectorAll || part === document.body) return;
  if (part.matches("form.picks")) bulk(part);
  for (const form of part.querySelectorAll("form.picks")) bulk(form);
  for (const drop of part.querySelectorAll("[data-drop]")) if (drop.closest("form")) upload(drop.closest("form"));
});
