/*
 * Keeps times true while a page stays open.
 *
 *   <time datetime data-deadline data-starts data-warns>  time left, inside a [data-state] clock
 *   <time datetime data-ago>                              how long ago
 *
 * The server wrote both already; this only keeps them from growing old.
 */
import { language, locale } from "./page.js";

const EVERY_MS = 15_000;
const ago = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "long" });

const unit = (name, minimumIntegerDigits = 1) => {
  const style = { style: "unit", unit: name, unitDisplay: "narrow", minimumIntegerDigits };
  const format = new Intl.NumberFormat(language, style);
  return (number) => format.format(number);
};
const days = unit("day");
const hours = unit("hour");
const minutes = unit("minute");
const minutesOfHour = unit("minute", 2);

/** Two units at most: 3d 4h, 2h 05m, 12m; a minus sign when it is over. */
export function brief(milliseconds) {
  const total = Math.floor(Math.abs(milliseconds) / 60_000);
  const sign = milliseconds < 0 ? "−" : "";
  const [d, h, m] = [Math.floor(total / 1440), Math.floor(total / 60) % 24, total % 60];
  if (d) return `${sign}${days(d)} ${hours(h)}`;
  if (h) return `${sign}${hours(h)} ${minutesOfHour(m)}`;
  return `${sign}${minutes(m)}`;
}

function since(milliseconds) {
  const total = Math.round(milliseconds / 60_000);
  if (total < 60) return ago.format(-total, "minute");
  if (total < 48 * 60) return ago.format(-Math.round(total / 60), "hour");
  return ago.format(-Math.round(total / 1440), "day");
}

function burn(time, now) {
  const deadline = Date.parse(time.dateTime);
  time.textContent = brief(deadline - now);
  const clock = time.closest("[data-state]");
  if (!clock || !["RUNNING", "AT_RISK"].includes(clock.dataset.state)) return;
  if (now >= deadline) clock.dataset.state = "MISSED";
  else if (now >= Date.parse(time.dataset.warns)) clock.dataset.state = "AT_RISK";
  const starts = Date.parse(time.dataset.starts);
  const fuse = clock.querySelector("progress");
  if (fuse && starts) fuse.value = Math.max(0, (deadline - now) / (deadline - starts));
}

export function refresh(root = document, now = Date.now()) {
  root.querySelectorAll("time[data-deadline]").forEach((time) => burn(time, now));
  root.querySelectorAll("time[data-ago]").forEach((time) => {
    time.textContent = since(now - Date.parse(time.dateTime));
  });
  root.querySelectorAll("time[datetime]:not([title])").forEach((time) => {
    time.title = exact.format(Date.parse(time.dateTime));
  });
}

refresh();
setInterval(refresh, EVERY_MS);
document.addEventListener("htmx:load", (event) => refresh(event.detail.elt));
document.addEventListener("visibilitychange", () => document.hidden || refresh());
