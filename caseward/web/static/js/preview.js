/* The preview of a reply shows what was written: it goes when the text changes, or when closed. */
const clear = () => document.querySelector("#composer-preview")?.replaceChildren();

document.addEventListener("input", ({ target }) => target.id === "composer-text" && clear());

document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-close-preview]")) return;
  clear();
  document.querySelector("#composer-text").focus();
});
