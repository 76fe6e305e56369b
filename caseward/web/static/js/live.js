/*
 * News from the server, as it happens.
 *
 * Each event's data is the name of an htmx trigger, such as `case:CW-7F3K-9QX` or `queue`; elements
 * listen with hx-trigger="queue from:body". The address carries a token that says when the page was
 * drawn, so the server first tells what happened since. After an interruption `caught-up` is
 * triggered, because nobody knows what was missed. The token expires: a page that cannot get through
 * asks for itself again and takes the new address from there.
 */
const LONGEST_WAIT_MS = 30_000;
const META = "meta[name=live-url]";
const sign = document.getElementById("live");
let url = document.querySelector(META)?.content;
let failures = 0;
let wasOpen = false; // a new address tells of a page drawn later than this one
let source;

function show(state) {
  if (!sign) return;
  sign.dataset.state = state;
  sign.querySelector("span").textContent = sign.dataset[state === "live" ? "wordsLive" : "wordsStale"];
}

const trigger = (name) => document.body.dispatchEvent(new CustomEvent(name));

function open() {
  source?.close();
  source = new EventSource(url);
  source.onopen = () => {
    if (failures || wasOpen) trigger("caught-up");
    failures = 0;
    wasOpen = true;
    show("live");
  };
  source.onmessage = (event) => trigger(event.data);
  source.onerror = retry;
}

function retry() {
  source.close();
  failures += 1;
  if (failures > 1) show("stale");
  const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** (failures - 1));
  setTimeout(again, wait * (0.75 + Math.random() / 2));
}

async function again() {
  if (document.hidden && failures > 3) return;
  await renew();
  open();
}

async function renew() {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    url = page.querySelector(META)?.content ?? url;
  } catch {
    /* no way through yet: the next attempt asks again */
  }
}

if (url) {
  open();
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && again());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && source.readyState === EventSource.CLOSED) again();
  });
}
