/*
 * Tells colleagues that this case is open here, and shows who else has it open.
 *
 *   <div data-presence="/url">  filled with the server's answer
 */
import { whenPresent } from "./page.js";

const EVERY_MS = 20_000;

whenPresent("[data-presence]", (element) => {
  const url = element.dataset.presence;
  const beat = () => {
    if (document.hidden || !element.isConnected) return;
    const typing = document.activeElement?.matches("[data-draft-text]") ? "1" : "";
    window.htmx.ajax("POST", url, { target: element, swap: "innerHTML", values: { typing } });
  };
  beat();
  const timer = setInterval(() => (element.isConnected ? beat() : clearInterval(timer)), EVERY_MS);
  document.addEventListener("visibilitychange", beat);
});
