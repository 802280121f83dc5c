// Dialogs: alerts, large pictures, and the keys to a conversation: keep it, come back to it, leave it.

import { $, make } from "./dom.js";
import { call } from "./wire.js";
import { tell, toast } from "./notices.js";
import { firstKey } from "./log.js";
import { filled, w } from "./words.js";

// One dialog after the other; each is made when it opens and forgotten when it closes.
function open(title, ...content) {
  const heading = title ? make("h2", { id: "dialog-title" }, title) : null;
  const dialog = make("dialog", { "aria-labelledby": title ? "dialog-title" : undefined }, heading, ...content);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (document.activeElement === document.body) firstKey().focus({ preventScroll: true });
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

const closer = (text, look = "quiet") => make("button", { type: "button", class: look, onclick: (event) => event.target.closest("dialog").close() }, text);

export function alertOf(text) {
  const said = make("p", { id: "alert-text", dir: "auto" }, text);
  const dialog = open("", said, closer(w.ok, "wide"));
  dialog.id = "alert";
  dialog.setAttribute("role", "alertdialog");
  dialog.setAttribute("aria-labelledby", "alert-text");
}

export function showLarge(button) {
  const image = make("img", { src: button.dataset.large, alt: button.querySelector("img").alt });
  const dialog = open("", image, closer(w.close, "wide"));
  dialog.className = "large";
  dialog.setAttribute("aria-label", image.alt);
  image.addEventListener("click", () => dialog.close());
}

export async function copied(text) {
  try { await navigator.clipboard.writeText(text); } catch { return false; }
  return true;
}

// Who asks too often waits, and then gets what they asked for.
async function patiently(path) {
  for (;;) {
    try { return await call(path, {}); } catch (error) {
      if (error.status !== 429) { toast(w.failed); return null; }
      tell({ hasty: error.wait });
      await new Promise((done) => { setTimeout(done, error.wait * 1000); });
      tell({ hasty: 0 });
    }
  }
}

export async function keepConversation() {
  const code = (await patiently("recovery"))?.code;
  if (!code) return;
  const status = make("p", { role: "status", class: "note" });
  const copy = make("button", { type: "button", class: "wide", id: "copy-code", onclick: async () => { status.textContent = await copied(code) ? w.copied : w.failed; } }, w.copy);
  open(w.keep, make("p", {}, w.keepText), make("p", { class: "code", id: "code", dir: "ltr" }, code), status, make("div", { class: "pair" }, closer(w.close), copy));
}

export function enterCode() {
  const field = make("input", { id: "recovery", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", dir: "ltr", required: true, maxlength: 40, "aria-describedby": "recovery-wrong" });
  const wrong = make("p", { id: "recovery-wrong", role: "alert", class: "note" });
  const go = make("button", { class: "wide", id: "recovery-ok" }, w.recoverOk);
  const form = make("form", { onsubmit: async (event) => {
    event.preventDefault();
    wrong.textContent = "";
    go.setAttribute("aria-busy", "true");
    try {
      await call("recover", { code: field.value });
      again();
    } catch (error) {
      go.removeAttribute("aria-busy");
      const known = { 400: w.codeWrong, 429: filled(w.codeWait, { n: Math.ceil(error.wait / 60) }) };
      wrong.textContent = known[error.status] || w.failed;
      field.focus();
    }
  } }, make("p", {}, w.recoverText), make("label", { for: "recovery" }, w.recoverLabel), field, wrong, make("div", { class: "pair" }, closer(w.cancel), go));
  open(w.recover, form);
  field.focus();
}

export function leaveBrowser() {
  const leave = async () => { if (await patiently("leave")) again(); };
  const go = make("button", { type: "button", class: "wide", id: "leave-ok", onclick: leave }, w.leaveOk);
  open(w.leave, make("p", {}, w.leaveText), make("div", { class: "pair" }, closer(w.cancel), go));
}

// Another person's conversation begins with another page.
function again() {
  dispatchEvent(new Event("leaving"));
  location.reload();
}
