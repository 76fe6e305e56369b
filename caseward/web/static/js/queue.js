/* Lists of cases: j and k walk through the rows, a changed filter applies at once. */
import { whenPresent } from "./page.js";

const ROWS = "[data-row]";

function step(by) {
  const rows = [...document.querySelectorAll(ROWS)];
  const at = rows.indexOf(document.activeElement);
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

whenPresent("[data-step]", (button) => {
  button.addEventListener("click", () => step(Number(button.dataset.step)));
});

whenPresent("form[data-submit-on-change]", (form) => {
  form.addEventListener("change", () => form.requestSubmit());
});
