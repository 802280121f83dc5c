// What is said beside the conversation: toasts, the banner, and what a screen reader is told.

import { $, make } from "./dom.js";
import { filled, w } from "./words.js";

const state = { online: true, awake: true, hasty: 0 };
let toastTimer = 0, sayTimer = 0, toSay = [];

export function toast(text) {
  $("toast").textContent = text;
  $("toast").classList.add("on");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(hush, 3500 + text.length * 60);
}

export function hush() {
  clearTimeout(toastTimer);
  $("toast").classList.remove("on");
  $("toast").textContent = "";
}

// Says the most important of what is so; an unchanged sentence is not announced again.
export function tell(change = {}) {
  Object.assign(state, change);
  let text = state.awake ? "" : w.waking;
  if (state.hasty) text = filled(w.hasty, { n: state.hasty });
  if (!state.online) text = w.offline;
  if ($("banner").textContent !== text) $("banner").textContent = text;
}

// Read new words of the bot aloud, once; a flood of them is only counted.
export function announce(text, language) {
  toSay.push(make("p", { lang: language || undefined }, text));
  clearTimeout(sayTimer);
  sayTimer = setTimeout(() => {
    $("said").replaceChildren(...(toSay.length > 3 ? [make("p", {}, filled(w.many, { n: toSay.length }))] : toSay));
    toSay = [];
  }, 150);
}
