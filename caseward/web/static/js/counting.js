/*
 * How many characters still fit into a long text.
 *
 *   <textarea id="why" maxlength="2000"> <output for="why" data-counts data-words="Left: %s">
 */
import { whenPresent } from "./page.js";

whenPresent("output[data-counts]", (output) => {
  const text = document.getElementById(output.getAttribute("for"));
  if (!text || text.maxLength < 0) return;
  const say = () => {
    const left = text.maxLength - text.value.length;
    output.textContent = text.value ? output.dataset.words.replace("%s", left) : "";
  };
  text.addEventListener("input", say);
  say();
});
