/*
 * Never lose a sentence: every keystroke is kept in this browser at once and on the server soon.
 *
 *   <form data-draft="/url" data-draft-key="CW-7F3K-9QX">
 *     <textarea data-draft-text> … <output data-draft-said data-words-saved="Saved %s" …>
 */
import { locale, memory, post, whenPresent } from "./page.js";

const SOON_MS = 800;

whenPresent("form[data-draft]", (form) => {
  const key = `draft:${form.dataset.draftKey}`;
  const text = form.querySelector("[data-draft-text]");
  const said = form.querySelector("[data-draft-said]");
  let timer;

  const say = (words) => {
    const time = new Date().toLocaleTimeString(locale, {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    if (said) said.textContent = words.replace("%s", time);
  };

  const save = async () => {
    try {
      const answer = await post(form.dataset.draft, { text: text.value, kind: form.elements.kind?.value ?? "" });
      say(answer.ok ? said.dataset.wordsSaved : said.dataset.wordsHere);
    } catch {
      say(said.dataset.wordsHere);
    }
    form.removeAttribute("data-unsaved");
  };

  const keep = () => {
    memory.set(key, text.value || null);
    form.setAttribute("data-unsaved", "");
    clearTimeout(timer);
    timer = setTimeout(save, SOON_MS);
  };

  const forget = () => {
    clearTimeout(timer);
    memory.set(key, null);
  };

  const kept = memory.get(key);
  if (kept && kept !== text.value) {
    text.value = kept;
    say(said.dataset.wordsRestored);
  }
  text.setSelectionRange(text.value.length, text.value.length);
  text.addEventListener("input", keep);
  form.addEventListener("submit", () => clearTimeout(timer));
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt === form && event.detail.successful) forget();
  });
  if (!form.hasAttribute("hx-post")) form.addEventListener("submit", forget);
});

/* News of a case may replace a composer nobody has begun to use, and no other. */
const composer = () => document.querySelector("form[data-draft]");

function isBegun(form) {
  const { text, attachments } = form.elements;
  return text.value !== "" || attachments.files.length > 0 || form.hasAttribute("data-unsaved");
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.id !== "case") return;
  detail.parameters.composer = isBegun(composer()) ? "begun" : "empty";
  detail.parameters.kind = composer().elements.kind.value;
});

document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  if (detail.target.id === "composer" && isBegun(composer())) detail.shouldSwap = false;
});
