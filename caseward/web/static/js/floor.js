/*
 * The floor while it stays open.
 *
 *   <div id="floor" data-floor="address" data-content="letters" data-at="moment">  the picture
 *   <div id="floor-stale" hidden> <b data-as-of>                                   says it is old
 *
 * The address is asked without a cookie: what it may show is in its token, and 500 pages cost what
 * one costs. A token that has expired is replaced by the page itself, which asks who reads it.
 * An answer older than the news it was asked for is shown, and asked for again when there can be a
 * newer one: else the last change of all would stay unseen.
 */
import { refresh } from "./clocks.js";

const ASK_ANYWAY_MS = 15_000; // nothing heard may mean that nothing comes through
const STALE_MS = 40_000;
const SPREAD_MS = 300; // not every page at the same moment
const floor = document.getElementById("floor");
const stale = document.getElementById("floor-stale");
let heardAt = Date.now();
let newsAt = 0;
let timer = null;

function soon(wait = 0) {
  timer ??= setTimeout(ask, wait + Math.random() * SPREAD_MS);
}

function hear() {
  newsAt = performance.now();
  soon();
}

async function ask() {
  timer = null;
  if (document.hidden && !document.body.classList.contains("wall")) return;
  const askedAt = performance.now();
  try {
    const answer = await fetch(`${floor.dataset.floor}?have=${floor.dataset.content}`, { credentials: "omit" });
    if (answer.status === 403) await renew();
    else if (answer.ok) {
      await show(answer);
      if (askedAt - answer.headers.get("X-Data-Age-Ms") < newsAt) soon(Number(answer.headers.get("X-Newer-In-Ms")));
    }
  } catch {
    /* no way through: the sign of old data says so in time */
  }
  tellAge();
}

async function show(answer) {
  const html = answer.status === 200 ? await answer.text() : null;
  heardAt = Date.now();
  floor.dataset.at = answer.headers.get("X-Data-At");
  floor.dataset.content = answer.headers.get("X-Content");
  tell("#floor-as-of", answer.headers.get("X-As-Of"));
  tell("#floor-stale [data-as-of]", answer.headers.get("X-As-Of"));
  if (html !== null) replace(html);
}

function tell(selector, words) {
  document.querySelector(selector).textContent = words;
}

/* What has the focus keeps it; where one has scrolled to in a table stays. */
function replace(html) {
  const focused = floor.contains(document.activeElement) ? document.activeElement.id : "";
  const aside = [...floor.querySelectorAll(".table-scroll")].map((each) => each.scrollLeft);
  floor.innerHTML = html;
  floor.querySelectorAll(".table-scroll").forEach((each, n) => (each.scrollLeft = aside[n] ?? 0));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  refresh(floor);
  floor.dispatchEvent(new CustomEvent("floor-drawn"));
}

async function renew() {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("floor");
  if (!answer.ok || !fresh) return;
  floor.dataset.floor = fresh.dataset.floor;
  soon();
}

function tellAge() {
  stale.hidden = Date.now() - heardAt < STALE_MS;
  floor.toggleAttribute("data-stale", !stale.hidden);
}

for (const name of ["floor", "caught-up"]) document.body.addEventListener(name, hear);
document.addEventListener("visibilitychange", () => document.hidden || soon());
setInterval(() => soon(), ASK_ANYWAY_MS);
setInterval(tellAge, 2_000);
