/*
 * Ticking cases of a list: the ticks outlive a refresh of its rows, Shift ticks a range.
 *
 *   <form id="bulk" data-bulk data-words-none="…" data-words-some="…"> <span data-bulk-count>
 *   <input type="checkbox" form="bulk" name="case" data-tick> … <input type="checkbox" data-tick-all>
 */
import { announce, whenPresent } from "./page.js";

const TICKS = "input[data-tick]";
const ticked = new Set();
let last = null;

const boxes = () => [...document.querySelectorAll(TICKS)];

function show(form) {
  const shown = boxes().filter((box) => box.checked).length;
  const words = shown ? `${form.dataset.wordsSome} ${shown}` : form.dataset.wordsNone;
  form.querySelector("[data-bulk-count]").textContent = words;
  form.querySelector("[data-bulk-some]").disabled = shown === 0;
  const all = document.querySelector("[data-tick-all]");
  if (all) {
    all.checked = shown > 0 && shown === boxes().length;
    all.indeterminate = shown > 0 && shown < boxes().length;
  }
  return words;
}

function keep(box) {
  if (box.checked) ticked.add(box.value);
  else ticked.delete(box.value);
}

function tick(box, isRange) {
  const every = boxes();
  const [from, to] = [every.indexOf(last), every.indexOf(box)].sort((a, b) => a - b);
  if (isRange && from >= 0) {
    every.slice(from, to + 1).forEach((one) => (one.checked = box.checked));
  }
  every.forEach(keep);
  last = box;
}

whenPresent("form[data-bulk]", (form) => {
  let isRange = false;
  document.addEventListener("click", (event) => (isRange = event.shiftKey), true);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-tick-all]")) {
      boxes().forEach((box) => (box.checked = event.target.checked));
      boxes().forEach(keep);
    } else if (event.target.matches(TICKS)) tick(event.target, isRange);
    else return;
    announce(show(form));
  });
  show(form);
});

/* Rows that came again are ticked as they were. */
whenPresent("[data-tick-all]", () => {
  boxes().forEach((box) => (box.checked = ticked.has(box.value)));
  const form = document.querySelector("form[data-bulk]");
  if (form) show(form);
});
