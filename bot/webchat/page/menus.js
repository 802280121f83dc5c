// Sheets: the commands, what can be attached, what can be done with a place. Escape closes them, arrows walk in them.

import { $, make } from "./dom.js";

let opener = null;

// A choice is {label, detail, run} or {label, href}; one with only a title heads those that follow.
export function sheet(from, choices) {
  const again = opener === from;
  closeSheet();
  if (again) return;
  opener = from;
  $("menu").replaceChildren(...choices.map(choice));
  $("menu").setAttribute("aria-label", from.getAttribute("aria-label") || from.textContent);
  $("menu").hidden = false;
  if (from.id) from.setAttribute("aria-expanded", "true");
  items()[0]?.focus();
}

function choice({ title, label, detail, run, href }) {
  if (title) return make("h2", {}, title);
  const inside = [make("b", { dir: "auto" }, label), detail ? make("span", { dir: "auto" }, detail) : null];
  if (href) return make("a", { href, target: "_blank", rel: "noopener noreferrer", onclick: () => closeSheet() }, ...inside);
  return make("button", { type: "button", onclick: () => { closeSheet(); run?.(); } }, ...inside);
}

const items = () => [...$("menu").querySelectorAll("button, a")];

export function closeSheet() {
  if (!opener) return;
  const held = $("menu").contains(document.activeElement) || document.activeElement === document.body;
  $("menu").hidden = true;
  if (opener.id) opener.setAttribute("aria-expanded", "false");
  if (held) (opener.isConnected ? opener : $("scroller")).focus();
  opener = null;
}

function walk(event) {
  const all = items(), at = all.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  all[(next + all.length) % all.length].focus();
}

export function watchSheets() {
  $("menu").addEventListener("keydown", walk);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeSheet(); });
  document.addEventListener("click", (event) => {
    if (opener && !event.target.closest("#menu") && !opener.contains(event.target)) closeSheet();
  });
  $("menu").addEventListener("focusout", (event) => {
    if (event.relatedTarget && opener && !$("menu").contains(event.relatedTarget) && event.relatedTarget !== opener) closeSheet();
  });
}
