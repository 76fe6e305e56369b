/*
 * Ten seconds to take something back, counted down where it can be seen.
 *
 *   <div data-undo-until="2026-11-22T10:42:10Z" data-undo-seconds="10"> <progress> <b data-left>
 */
import { whenPresent } from "./page.js";

const TICK_MS = 200;

whenPresent("[data-undo-until]", (bar) => {
  document.activeElement.blur(); // it was sent from a field: the next key, z or n, is a shortcut
  const until = Date.now() + remaining(bar) * 1000;
  const fuse = bar.querySelector("progress");
  const left = bar.querySelector("[data-left]");
  const timer = setInterval(() => {
    const seconds = (until - Date.now()) / 1000;
    if (fuse) fuse.value = Math.max(0, seconds) / Number(bar.dataset.undoSeconds);
    if (left) left.textContent = String(Math.max(0, Math.ceil(seconds)));
    if (seconds > 0 && bar.isConnected) return;
    clearInterval(timer);
    bar.remove();
  }, TICK_MS);
});

/* A wrong clock on this computer must not give more time than there is. */
function remaining(bar) {
  const seconds = (Date.parse(bar.dataset.undoUntil) - Date.now()) / 1000;
  return Math.min(seconds, Number(bar.dataset.undoSeconds));
}
