/*
 * Keys for everything, declared where the thing is:
 *
 *   data-key="r"            one key, or a sequence: "g q"; "mod+enter" also works inside a field
 *   data-key-label="Reply"  what the list under `?` calls it; otherwise its label or text
 *   data-key-focus="#id"    where the focus goes afterwards
 *
 * Links, buttons and radio buttons are clicked, fields are focused.
 */
import { memory, whenPresent } from "./page.js";

const SEQUENCE_MS = 1200;
const OFF = "shortcuts-off";
let typed = [];
let typedAt = 0;

const isOn = () => memory.get(OFF) === null;

function isField(element) {
  if (element.isContentEditable || element.matches("textarea, select")) return true;
  return element.matches("input:not([type=radio], [type=checkbox], [type=button], [type=submit], [type=file])");
}

/* What is in a closed menu can be reached, as the menu itself can be seen. */
function isReachable(element) {
  const seen = element.closest("details.menu") ?? element;
  return !element.disabled && (seen.checkVisibility() || element.type === "radio");
}

function reachable() {
  const scope = document.querySelector("dialog:modal") ?? document;
  return [...scope.querySelectorAll("[data-key]")].filter(isReachable);
}

const withKey = (keys) => reachable().find((element) => element.dataset.key === keys);

function run(element) {
  if (isField(element)) element.focus();
  else element.click();
  if (element.dataset.keyFocus) document.querySelector(element.dataset.keyFocus)?.focus();
}

function pressed(event) {
  const modified = event.ctrlKey || event.metaKey;
  return (modified ? "mod+" : "") + event.key.toLowerCase();
}

function onKey(event) {
  if (event.defaultPrevented || event.altKey || event.isComposing || !isOn()) return;
  const key = pressed(event);
  const inField = isField(event.target);
  if (inField && event.key === "Escape") event.target.blur();
  if (inField !== key.startsWith("mod+") && (inField || key.startsWith("mod+"))) return;
  if (event.timeStamp - typedAt > SEQUENCE_MS) typed = [];
  typed = [...typed, key].slice(-2);
  typedAt = event.timeStamp;
  const element = withKey(typed.join(" ")) ?? withKey(key);
  if (!element) return;
  event.preventDefault();
  typed = [];
  run(element);
}

function keyCaps(keys) {
  return keys.split(" ").map((key) => {
    const cap = document.createElement("kbd");
    cap.textContent = key.replace("mod+", "Ctrl ").replace("enter", "Enter");
    return cap;
  });
}

function line(element) {
  const item = document.createElement("li");
  const label = element.dataset.keyLabel ?? element.ariaLabel ?? element.textContent.trim();
  const caps = document.createElement("span");
  caps.append(...keyCaps(element.dataset.key));
  item.append(label, caps);
  return item;
}

function list(dialog) {
  const seen = new Map();
  document.querySelectorAll("[data-key]").forEach((element) => {
    if (!seen.has(element.dataset.key)) seen.set(element.dataset.key, line(element));
  });
  dialog.querySelector("[data-keys]").replaceChildren(...seen.values());
}

document.addEventListener("keydown", onKey);

whenPresent("#shortcuts", (dialog) => {
  const toggle = dialog.querySelector("input[type=checkbox]");
  toggle.checked = isOn();
  toggle.addEventListener("change", () => memory.set(OFF, toggle.checked ? null : "1"));
  dialog.addEventListener("opened", () => list(dialog));
});

whenPresent("[data-key]", (element) => {
  if (!element.dataset.key.includes(" ")) {
    element.setAttribute("aria-keyshortcuts", element.dataset.key.replace("mod+", "Control+"));
  }
});
