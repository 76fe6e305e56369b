/*
 * Lists of cases: j and k walk through the rows, o opens one, a changed filter applies at once.
 *
 *   <div data-refreshes data-words-new="New:">  asks again when the server says that lists changed
 */
import { announce, whenPresent } from "./page.js";

const ROWS = "[data-row]";
const LONGEST_WAIT_MS = 3_000;

function step(by) {
  const rows = [...document.querySelectorAll(ROWS)];
  const focused = rows.indexOf(document.activeElement);
  const at = focused < 0 ? rows.findIndex((row) => row.hasAttribute("aria-current")) : focused;
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

whenPresent("[data-open-row]", (button) => {
  button.addEventListener("click", () => {
    const focused = document.activeElement.matches(ROWS) ? document.activeElement : null;
    const row = focused ?? document.querySelector(`${ROWS}[aria-current]`) ?? document.querySelector(ROWS);
    if (row?.dataset.ownPage) location.assign(row.dataset.ownPage);
    else row?.click();
  });
});

whenPresent("[data-step]", (button) => {
  button.addEventListener("click", () => step(Number(button.dataset.step)));
});

/* One's own order: the row with the focus moves, and has the focus again where it went. */
whenPresent("[data-move-row]", (button) => {
  button.addEventListener("click", () => {
    const row = document.activeElement.closest("tr") ?? document.querySelector("tr[data-chosen]");
    row?.querySelector(`button[name=move][value=${button.dataset.moveRow}]`)?.click();
  });
});

whenPresent("[data-refreshes]", () => {
  if (location.hash.startsWith("#row-")) document.getElementById(location.hash.slice(1))?.focus();
});

whenPresent("form[data-submit-on-change]", (form) => {
  form.addEventListener("change", () => form.requestSubmit());
});

/* Many changes in a row make one request, and not every open desk asks at the same moment. */
whenPresent("[data-refreshes]", (list) => {
  let timer = null;
  const ask = () => {
    timer = null;
    if (document.hidden) document.addEventListener("visibilitychange", ask, { once: true });
    else list.dispatchEvent(new CustomEvent("refresh"));
  };
  document.body.addEventListener("queue", () => {
    timer ??= setTimeout(ask, Math.random() * LONGEST_WAIT_MS);
  });
  whatIsNew(list);
});

function whatIsNew(list) {
  const ids = () => new Set([...list.querySelectorAll(ROWS)].map((row) => row.id));
  let known = ids();
  list.addEventListener("htmx:afterSwap", () => {
    const fresh = [...ids()].filter((id) => !known.has(id));
    fresh.forEach((id) => document.getElementById(id).closest("tr").toggleAttribute("data-fresh", true));
    if (fresh.length) announce(`${list.dataset.wordsNew} ${fresh.length}`);
    known = new Set([...known, ...fresh]);
  });
}
