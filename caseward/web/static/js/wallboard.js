/*
 * A screen on a wall: the floor, and its queues in turns where not all fit.
 *
 *   <section data-turns="6"> <div data-turn>  six of them at a time
 */
import "./live.js";
import "./floor.js";

const TURN_MS = 12_000;
const floor = document.getElementById("floor");
let turn = 0;

function show() {
  const section = floor.querySelector("[data-turns]");
  const rows = [...section.querySelectorAll("[data-turn]")];
  const many = Number(section.dataset.turns);
  const turns = Math.max(1, Math.ceil(rows.length / many));
  turn %= turns;
  rows.forEach((row, n) => (row.hidden = Math.floor(n / many) !== turn));
}

show();
floor.addEventListener("floor-drawn", show);
setInterval(() => {
  turn += 1;
  show();
}, TURN_MS);
