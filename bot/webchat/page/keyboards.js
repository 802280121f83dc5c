// Buttons that the bot gives: under a message (inline), under the text field (reply), and their answers.

import { $, label, make, whenTapped } from "./dom.js";
import { alertOf, copied } from "./dialogs.js";
import { messageAt } from "./log.js";
import { hush, toast } from "./notices.js";
import { post } from "./outbox.js";
import { sharePlace } from "./places.js";
import { w } from "./words.js";

const SPINNER = 15000;
const busy = new Map(), answered = new Set();
let shown = {}, folded = false, changed = () => {};

// Taps under a message.

async function tap(element) {
  if (element.getAttribute("aria-busy") === "true") return;
  element.setAttribute("aria-busy", "true");
  hush();
  const rest = () => element.removeAttribute("aria-busy");
  setTimeout(rest, SPINNER);
  const answer = await post("tap", { message_id: messageAt(element).message_id, data: element.dataset.key });
  if (!answer || answered.delete(answer.query_id)) rest();
  else busy.set(answer.query_id, rest);
}

export function answerTap(event) {
  const rest = busy.get(event.query_id);
  if (rest) { rest(); busy.delete(event.query_id); } else answered.add(event.query_id);
  if (!event.text) return;
  if (event.alert) alertOf(event.text);
  else toast(event.text);
}

// The keyboard of the chat: rows of ready answers, or a forced reply, which composing.js shows.

export const keyboard = () => shown;

export function take(given) {
  if (JSON.stringify(given) === JSON.stringify(shown)) return;
  shown = given;
  folded = false;
  drawKeys();
  changed(shown);
}

export function drawKeys() {
  const rows = shown.keyboard || [], box = $("keys"), hide = !rows.length || (folded && !shown.is_persistent);
  const held = box.contains(document.activeElement);
  box.replaceChildren(...rows.map((row) => make("div", { class: "keys-row" }, ...row.map((one) => key(typeof one === "string" ? { text: one } : one)))));
  if (rows.flat().some((one) => one.request_contact)) box.append(make("p", { id: "no-contact", class: "note" }, w.contact));
  box.classList.toggle("tall", !shown.resize_keyboard);
  box.setAttribute("aria-label", w.keys);
  box.hidden = hide;
  $("fold").hidden = !rows.length || Boolean(shown.is_persistent);
  $("fold").setAttribute("aria-expanded", String(!hide));
  label("fold", hide ? w.showKeys : w.hideKeys);
  if (held) (box.hidden ? $("text") : box.querySelector(".key")).focus();
}

function key(button) {
  if (button.request_contact) return make("button", { type: "button", class: "key", dir: "auto", "aria-disabled": "true", "aria-describedby": "no-contact" }, button.text);
  return make("button", { type: "button", class: `key ${button.style || ""}`, dir: "auto", onclick: () => choose(button) }, button.text);
}

function choose(button) {
  if (button.request_location) sharePlace();
  else post("send", { text: button.text }, button.text);
  if (shown.one_time_keyboard && !button.request_location) { folded = true; drawKeys(); }
}

export function watchKeys(onChange) {
  changed = onChange;
  const log = $("log");
  whenTapped(log, "[data-key]", tap);
  whenTapped(log, "[data-start]", (element) => post("start", { payload: element.dataset.start }));
  whenTapped(log, "[data-copy]", async (element) => toast(await copied(element.dataset.copy) ? w.copied : element.dataset.copy));
  $("fold").addEventListener("click", () => { folded = !folded; drawKeys(); });
}
