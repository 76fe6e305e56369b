/*
 * Files by choosing or dropping, with progress. Without a script the form posts as it is.
 *
 *   <form data-upload> … <div data-drop data-max-bytes data-words-too-large="%s is …">
 *     (with data-words-remove="Leave out %s": each file can be left out again)
 *     <input type="file"> <ul data-files> … <progress data-progress hidden>
 */
import { announce, whenPresent } from "./page.js";

whenPresent("[data-drop]", (drop) => {
  const input = drop.querySelector("input[type=file]");
  const list = drop.parentElement.querySelector("[data-files]");
  const over = (isOver) => drop.toggleAttribute("data-over", isOver);
  input.addEventListener("change", () => show(input, list, drop));
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  drop.addEventListener("dragleave", () => over(false));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
});

function show(input, list, drop) {
  const limit = Number(drop.dataset.maxBytes);
  const large = [...input.files].find((file) => limit && file.size > limit);
  input.setCustomValidity(large ? drop.dataset.wordsTooLarge.replace("%s", large.name) : "");
  if (large) input.reportValidity();
  list.replaceChildren(...[...input.files].map((file) => line(file, input, drop)));
}

function line(file, input, drop) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const size = new Intl.NumberFormat(document.documentElement.lang, {
    style: "unit",
    unit: "kilobyte",
    maximumFractionDigits: 0,
  });
  item.className = "upload__file";
  name.textContent = `${file.name} · ${size.format(Math.ceil(file.size / 1000))}`;
  item.append(name);
  if (drop.dataset.wordsRemove) item.append(remover(file, input, drop.dataset.wordsRemove));
  return item;
}

function remover(file, input, words) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "upload__remove";
  button.textContent = "×";
  button.setAttribute("aria-label", words.replace("%s", file.name));
  button.addEventListener("click", () => {
    const kept = new DataTransfer();
    [...input.files].filter((one) => one !== file).forEach((one) => kept.items.add(one));
    input.files = kept.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
  return button;
}

whenPresent("form[data-upload]", (form) => {
  form.addEventListener("submit", (event) => {
    const hasFiles = [...form.querySelectorAll("input[type=file]")].some((one) => one.files.length);
    if (!hasFiles || event.defaultPrevented || form.hasAttribute("hx-post")) return;
    event.preventDefault();
    send(form, event.submitter);
  });
});

function send(form, submitter) {
  const progress = form.querySelector("[data-progress]");
  const request = new XMLHttpRequest();
  request.upload.onprogress = (event) => {
    progress.hidden = false;
    progress.value = event.loaded / event.total;
  };
  request.onload = () => arrive(request, form);
  request.onerror = () => {
    progress.hidden = true;
    if (submitter) submitter.disabled = false;
    announce(form.dataset.wordsFailed);
  };
  if (submitter) submitter.disabled = true;
  request.open("POST", form.action);
  request.send(new FormData(form, submitter));
}

/* A redirect is followed as a page; the same page again means that something is to be corrected. */
function arrive(request, form) {
  if (request.responseURL !== form.action) return location.assign(request.responseURL);
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  document.querySelector("main").replaceWith(answer.querySelector("main"));
  document.querySelector(".problems")?.focus();
  window.htmx?.process(document.body);
  document.dispatchEvent(
    new CustomEvent("htmx:load", { detail: { elt: document.querySelector("main") } }),
  );
}
