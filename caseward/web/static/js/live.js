/*
 * News from the server, as it happens.
 *
 * Each event's data is the name of an htmx trigger, such as `case:CW-7F3K-9QX` or `queue`; elements
 * listen with hx-trigger="queue from:body". After an interruption `caught-up` is triggered, because
 * nobody knows what was missed.
 */
const LONGEST_WAIT_MS = 30_000;
const url = document.querySelector("meta[name=live-url]")?.content;
const sign = document.getElementById("live");
let failures = 0;
let source;

function show(state) {
  if (!sign) return;
  sign.dataset.state = state;
  sign.querySelector("span").textContent = sign.dataset[state === "live" ? "wordsLive" : "wordsStale"];
}

function open() {
  source = new EventSource(url, { withCredentials: true });
  source.onopen = () => {
    if (failures) document.body.dispatchEvent(new CustomEvent("caught-up"));
    failures = 0;
    show("live");
  };
  source.onmessage = (event) => document.body.dispatchEvent(new CustomEvent(event.data));
  source.onerror = retry;
}

function retry() {
  source.close();
  failures += 1;
  show("stale");
  const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** failures);
  setTimeout(open, wait * (0.75 + Math.random() / 2));
}

if (url) {
  open();
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && open());
}
