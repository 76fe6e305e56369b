/* What every module needs of the page it is on. */

document.documentElement.dataset.scripted = "";

export const language = document.documentElement.lang || "en";

/** What days and times are written in: 20 Nov and 24 hours, as on the rest of the page. */
export const locale = language === "en" ? "en-GB" : language;

/** Call `begin` once for each matching element, now and whenever htmx brings new ones. */
export function whenPresent(selector, begin) {
  const look = (root) => {
    if (root.matches?.(selector)) begin(root);
    root.querySelectorAll(selector).forEach(begin);
  };
  look(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) look(event.detail.elt);
  });
}

/** Have a screen reader say something, through the one live region of the page. */
export function announce(words) {
  const region = document.getElementById("announcements");
  if (region) region.textContent = words;
}

/** POST a form's worth of values to our own server. */
export function post(url, values) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  return fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": token },
    body: new URLSearchParams(values),
    keepalive: true,
  });
}

/** Remember something in this browser; a full or closed store is no reason to stop working. */
export const memory = {
  get(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      /* private browsing, or the quota is used up */
    }
  },
};
