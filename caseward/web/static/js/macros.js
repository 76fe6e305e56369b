/*
 * The macro picker: type to filter, arrows to choose, Enter to insert at the cursor.
 *
 *   <dialog data-macros="#composer-text"> <input data-filter>
 *     <li role="option" data-macro="key"> … <template>filled text</template>
 *     <div data-macro-preview>
 *
 * Templates of notes are picked alike: <li data-note data-in-house>. Those in other languages than the
 * case's (<li data-folded hidden>) are shown by typing, or by an entry of their own: <li data-unfold>.
 *
 * The keys of what was inserted go with the form, so that it is known what helps. What a macro does
 * besides is listed under the text until the answer is sent; taking the list away leaves the words alone.
 */
import { announce, whenPresent } from "./page.js";

whenPresent("dialog[data-macros]", (dialog) => {
  const filter = dialog.querySelector("[data-filter]");
  const preview = dialog.querySelector("[data-macro-preview]");
  const others = dialog.querySelector("[data-unfold]");
  const options = () => [...dialog.querySelectorAll("[role=option]:not([hidden])")];
  const chosen = () => dialog.querySelector("[role=option][aria-selected=true]");
  let pressed = null;
  const filled = (option) => option.querySelector("template").content;
  const does = (option) => option.querySelector("template[data-does]")?.content;

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    preview.replaceChildren();
    if (!option) return filter.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    filter.setAttribute("aria-activedescendant", option.id);
    preview.lang = option.lang;
    preview.append(filled(option).cloneNode(true));
    if (does(option)) preview.append(listed(preview.dataset.wordsDoes, does(option)));
  };

  const narrow = () => {
    const words = filter.value.toLowerCase().split(/\s+/);
    const isFolded = !filter.value.trim();
    dialog.querySelectorAll("[data-macro]").forEach((option) => {
      const said = `${option.textContent} ${filled(option).textContent}`.toLowerCase();
      option.hidden = (isFolded && option.matches("[data-folded]")) || !words.every((word) => said.includes(word));
    });
    if (others) others.hidden = !isFolded;
    choose(options()[0]);
  };

  const unfold = () => {
    const folded = [...dialog.querySelectorAll("[data-folded]")];
    folded.forEach((option) => (option.hidden = false));
    others.hidden = true;
    choose(folded[0]);
    filter.focus();
  };

  const step = (by) => {
    const all = options();
    const at = all.indexOf(chosen());
    choose(all[Math.min(all.length - 1, Math.max(0, at + by))]);
  };

  const insert = () => {
    if (!chosen()) return;
    if (chosen() === others) return unfold();
    const text = document.querySelector(dialog.dataset.macros);
    const words = filled(chosen()).textContent.trim();
    text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
    if (chosen().hasAttribute("data-note")) note(text.form, chosen());
    else remember(text.form, chosen().dataset.macro, does(chosen()));
    dialog.close();
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
    announce(dialog.dataset.wordsInserted);
  };

  filter.addEventListener("input", narrow);
  dialog.addEventListener("opened", () => {
    filter.value = "";
    narrow();
  });
  dialog.addEventListener("keydown", (event) => {
    const keys = { ArrowDown: () => step(1), ArrowUp: () => step(-1), Enter: insert };
    if (!keys[event.key] || event.target.closest("button")) return;
    event.preventDefault();
    keys[event.key]();
  });
  dialog.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (event.detail < 2) pressed = option;
    if (option) choose(option);
    if (option && option === others) unfold();
    if (event.target.closest("[data-insert]")) insert();
  });
  dialog.addEventListener("dblclick", (event) => {
    const option = event.target.closest("[data-macro]");
    if (option && option === pressed) insert();
  });
});

document.addEventListener("click", (event) => {
  const entry = event.target.closest("[data-forget-acts]")?.closest("[data-chosen]");
  if (!entry) return;
  entry.querySelector("input").name = "macros_as_text";
  entry.hidden = true;
  document.querySelector("#composer-text").focus();
});

/* What only in-house staff may use, only they may read; its key goes along, to be counted. */
function note(form, option) {
  const box = form.elements.in_house_only;
  if (box && option.hasAttribute("data-in-house")) box.checked = true;
  const key = document.createElement("input");
  key.type = "hidden";
  key.name = "note_templates";
  key.value = option.dataset.macro;
  form.append(key);
}

function remember(form, key, acts) {
  const chosen = form.querySelector("[data-chosen-macros]");
  chosen.querySelector(`input[value="${key}"]`)?.closest("[data-chosen]").remove();
  const entry = form.querySelector("template[data-chosen-macro]").content.cloneNode(true);
  entry.querySelector("input").value = key;
  if (acts) entry.querySelector("ul").append(acts.cloneNode(true));
  else entry.querySelector("[data-chosen]").hidden = true;
  chosen.append(entry);
}

function listed(words, items) {
  const list = document.createElement("ul");
  const heading = document.createElement("p");
  heading.textContent = words;
  list.className = "macros__does";
  list.append(items.cloneNode(true));
  const part = document.createDocumentFragment();
  part.append(heading, list);
  return part;
}
