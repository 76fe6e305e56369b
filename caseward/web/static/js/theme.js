/* Light, dark or as the system says. Kept in a cookie, so that the server draws it right at once. */
import { whenPresent } from "./page.js";

const YEAR = 365 * 24 * 3600;

function choose(theme) {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`;
  show();
  document.dispatchEvent(new CustomEvent("theme"));
}

function show() {
  const current = document.documentElement.dataset.theme ?? "system";
  document.querySelectorAll("[data-theme-choice]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === current));
  });
}

whenPresent("[data-theme-choice]", (button) => {
  button.addEventListener("click", () => choose(button.dataset.themeChoice));
});
show();
