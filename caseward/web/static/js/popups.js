/*
 * Dialogs and menus.
 *
 * <a href="/page-with-the-same-form" data-dialog="id"> opens the dialog with that id. One that did
 * not come with the page is fetched from the link's address, asked afresh each time; without a
 * script, or if that fails, the link leads to the page.
 *
 * <header data-version="17">  the newest event this page shows: what a dialog's form says was seen
 */
const FIRST = "[autofocus], .dialog__body :is(input:not([type=hidden]), select, textarea)";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog || opener?.href) event.preventDefault();
  if (dialog) open(dialog);
  else if (opener?.href) fetched(opener).then(open, () => location.assign(opener.href));
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement) event.target.close();
  closeMenus(event.target);
});

function open(dialog) {
  const seen = dialog.querySelector("input[name=seen]");
  const version = document.querySelector("[data-version]")?.dataset.version;
  if (seen && version) seen.value = version;
  if (!dialog.open) dialog.showModal();
  dialog.querySelector(FIRST)?.focus();
  dialog.dispatchEvent(new CustomEvent("opened"));
}

async function fetched({ href, dataset }) {
  const answer = await fetch(href, { headers: { "HX-Request": "true" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const dialog = page.getElementById(dataset.dialog);
  if (!answer.ok || !dialog) throw new Error(`no dialog at ${href}`);
  document.getElementById(dataset.dialog)?.remove();
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  return dialog;
}

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
