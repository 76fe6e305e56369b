/*
 * A list and a case beside each other: the row that has the focus is shown, Enter gives its case
 * the whole page. Where there is no room for both, a row leads to the case's own page.
 *
 *   <section id="pane">  <a data-row data-own-page="/alone" href="/list?case=…">
 */
const ROWS = "a[data-own-page]";
const SOON_MS = 150;
const wide = matchMedia("(min-width: 69rem)");
let timer;
let asking;

const pane = () => document.getElementById("pane");

async function show(row) {
  clearTimeout(timer);
  if (row.hasAttribute("aria-current")) return;
  mark(row);
  asking?.abort();
  asking = new AbortController();
  history.replaceState(null, "", row.href);
  const headers = { "HX-Request": "true", "HX-Target": "pane", "HX-Current-URL": row.href };
  try {
    const answer = await fetch(row.dataset.ownPage, { headers, signal: asking.signal });
    if (!answer.ok) return location.assign(row.href);
    const content = await answer.text();
    window.htmx.swap(pane(), content, { swapStyle: "innerHTML" });
    pane().scrollTop = 0;
  } catch (problem) {
    if (problem.name !== "AbortError") location.assign(row.href);
  }
}

function mark(row) {
  document.querySelectorAll(`${ROWS}[aria-current]`).forEach((one) => {
    one.removeAttribute("aria-current");
    one.closest("tr").removeAttribute("data-chosen");
  });
  row.setAttribute("aria-current", "true");
  row.closest("tr").setAttribute("data-chosen", "");
}

document.addEventListener("focusin", ({ target }) => {
  if (!target.matches(ROWS) || !wide.matches || !pane()) return;
  clearTimeout(timer);
  timer = setTimeout(show, SOON_MS, target);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches(ROWS)) return;
  event.preventDefault();
  location.assign(event.target.dataset.ownPage);
});

document.addEventListener("click", (event) => {
  const row = event.target.closest(ROWS);
  if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (wide.matches && pane()) show(row);
  else location.assign(row.dataset.ownPage);
});

/* The list asks again about the row that is shown now, not the one it was opened with. */
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const shown = document.querySelector(`${ROWS}[aria-current]`);
  if (detail.elt.id === "cases" && shown) detail.parameters.case = shown.id.replace("row-", "");
});
