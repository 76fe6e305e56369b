/*
 * Says now and then that this page is open, and counts down an offer.
 *
 *   <div data-here="/url">            told every 25 seconds: a case is offered to who is there
 *   <section data-expires-in="45"> <b data-left>
 */
import { announce, post, whenPresent } from "./page.js";

const EVERY_MS = 25_000;
let timer = null;

whenPresent("[data-here]", (element) => {
  if (timer !== null) return;
  const beat = () => post(element.dataset.here, {}).catch(() => {}); // the next one may get through
  beat();
  timer = setInterval(beat, EVERY_MS);
});

whenPresent("[data-expires-in]", (offer) => {
  const until = Date.now() + Number(offer.dataset.expiresIn) * 1000;
  const left = offer.querySelector("[data-left]");
  announce(offer.querySelector("strong").textContent);
  const ticking = setInterval(() => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    left.textContent = String(Math.max(0, seconds));
    if (seconds > 0 && offer.isConnected) return;
    clearInterval(ticking);
    offer.remove();
  }, 250);
});
