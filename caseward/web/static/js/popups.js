/*
 * Dialogs and menus.
 *
 * <a href="/page-with-the-same-form" data-dialog="id"> opens the dialog with that id; without a
 * script, or without that dialog, the link leads to the page.
 */
const FIRST = "[autofocus], .dialog__body :is(input:not([type=hidden]), select, textarea)";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
    dialog.querySelector(FIRST)?.focus();
    dialog.dispatchEvent(new CustomEvent("opened"));
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement) event.target.close();
  closeMenus(event.target);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(document.body);
});

function closeMenus(outside) {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (menu.contains(outside)) return;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  });
}
