/* A conversation opens at its end and stays there while new messages arrive. */
import { whenPresent } from "./page.js";

const NEAR_PX = 120;
let wasAtEnd = true;

const atEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
const box = () => document.querySelector("[data-at-end]");

whenPresent("[data-at-end]", (found) => {
  found.scrollTop = found.scrollHeight;
});

document.addEventListener("htmx:beforeSwap", () => {
  if (box()) wasAtEnd = atEnd(box());
});

document.addEventListener("htmx:afterSettle", () => {
  if (box() && wasAtEnd) box().scrollTop = box().scrollHeight;
});
