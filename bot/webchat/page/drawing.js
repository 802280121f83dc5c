// A message as it is shown. The server made its words safe; everything else is put in as text.

import { icon, make } from "./dom.js";
import { address } from "./wire.js";
import { filled, locale, w } from "./words.js";

const COORDINATES = /(-?\d{1,2}\.\d{3,})\s*,\s*(-?\d{1,3}\.\d{3,})/g;
const CLIP = "M8 12.5l5.5-5.5a3 3 0 0 1 4.2 4.2L10.5 18.4a5 5 0 0 1-7-7L11 4";
let clock = null;

export const mapOf = (latitude, longitude) => `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;

// One message, or the messages of one album as one.
export function drawEntry({ messages }) {
  const [message] = messages, keys = inlineKeyboard(message), photos = messages.filter((one) => one.photo);
  // Opening the page or a link is no message to whom did it.
  const opening = message.mine && /^\/start\b/.test(message.text || "");
  const look = ["message", message.mine ? "mine" : "theirs", keys && "keys", photos.length && "pictured", photos.length > 1 && "album"];
  return make("div", { class: look.filter(Boolean).join(" "), "data-id": message.message_id, hidden: opening }, bubble(messages, photos), keys);
}

function bubble(messages, photos) {
  const [message] = messages, last = messages.at(-1);
  const box = make("div", { class: "bubble", "aria-label": message.mine ? w.yours : w.theirs, role: "group" });
  if (message.reply_to_message) box.append(quote(message.reply_to_message));
  if (photos.length) box.append(make("div", { class: `photos of${Math.min(photos.length, 5)}` }, ...photos.map((one, at) => photo(one, at, photos.length))));
  for (const one of messages) {
    if (one.location) box.append(place(one));
    if (one.document) box.append(file(one.document));
    if (one.html) box.append(words(one));
  }
  const own = message.mine && message.text && !message.text.startsWith("/");
  const edit = own ? make("button", { class: "edit", type: "button" }, w.edit) : null;
  const edited = messages.some((one) => one.mine && one.edited) ? make("span", {}, w.edited) : null;
  box.append(make("div", { class: "meta" }, edit, edited, time(last)));
  return box;
}

function words(message) {
  const box = make("div", { class: "words", dir: "auto", lang: message.language || undefined });
  box.innerHTML = message.html.replaceAll("<br><br>", '<span class="gap"></span>');
  const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT), found = [];
  while (texts.nextNode()) if (!texts.currentNode.parentElement.closest("a") && texts.currentNode.data.search(COORDINATES) >= 0) found.push(texts.currentNode);
  for (const text of found) text.replaceWith(...linked(text.data));
  return box;
}

// A text with its coordinates as buttons.
function linked(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(COORDINATES)) {
    if (Math.abs(match[1]) > 90 || Math.abs(match[2]) > 180) continue;
    parts.push(text.slice(end, match.index), spot(match[1], match[2], match[0]));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

const spot = (latitude, longitude, text) => make("button", { type: "button", class: "spot", dir: "ltr", "aria-haspopup": "true", "data-place": `${latitude},${longitude}` }, text);

function time(message) {
  const date = new Date(message.date * 1000);
  if (clock?.locale !== locale) clock = { locale, format: new Intl.DateTimeFormat(locale, { timeStyle: "short", hourCycle: "h23" }) };
  return make("time", { datetime: date.toISOString() }, clock.format.format(date));
}

// The words of a message in one line, for who answers it.
export const brief = (message) => (message.text || message.caption || message.venue?.title || message.document?.file_name || (message.photo ? w.picture : "…")).slice(0, 160);

function quote(message) {
  const who = message.from?.is_bot ? w.theirs : w.yours;
  return make("blockquote", { class: "quote", "data-to": message.message_id }, make("b", {}, who), make("span", { dir: "auto" }, brief(message)));
}

function photo(message, at, count) {
  const large = message.photo.at(-1), small = count > 2 ? message.photo.find((size) => size.width >= 300) || large : large;
  const alt = count > 1 ? filled(w.pictureOf, { n: at + 1, m: count }) : w.picture;
  const image = make("img", { src: address(`photo/${small.file_id}`), alt, width: large.width, height: large.height, decoding: "async" });
  return make("button", { type: "button", class: "photo", "data-large": address(`photo/${large.file_id}`), title: w.large }, image);
}

function file({ file_id: id, file_name: name, file_size: size }) {
  const format = (value, unit) => new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
  const weight = size < 1e6 ? format(Math.max(size / 1000, 0.1), "kilobyte") : format(size / 1e6, "megabyte");
  const label = make("span", {}, make("bdi", {}, name), make("small", {}, weight));
  return make("a", { class: "file", href: address(`document/${id}`), download: name, title: w.download }, icon(CLIP), label);
}

function place({ location: { latitude, longitude }, venue }) {
  return make("div", { class: "card" },
    venue ? make("b", { dir: "auto" }, venue.title) : null, venue ? make("span", { dir: "auto" }, venue.address) : null,
    spot(latitude, longitude, `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`),
    make("a", { href: mapOf(latitude, longitude), target: "_blank", rel: "noopener noreferrer" }, w.map));
}

// Inline keyboards; keyboards.js hears the taps.

let username = "";
export function meet(bot) { username = bot.username.toLowerCase(); }

function startPayload(url) {
  const match = /^https?:\/\/t\.me\/([^/?]+)\?start=([\w-]{1,64})$/.exec(url);
  return match && match[1].toLowerCase() === username ? match[2] : null;
}

function key(button) {
  const look = { type: "button", class: `key ${button.style || ""}`, dir: "auto" };
  if (button.copy_text) return make("button", { ...look, "data-copy": button.copy_text.text }, button.text);
  if (!button.url) return make("button", { ...look, "data-key": button.callback_data }, button.text);
  const payload = startPayload(button.url);
  if (payload) return make("button", { ...look, "data-start": payload }, button.text);
  return make("a", { class: `${look.class} out`, dir: "auto", href: button.url, target: "_blank", rel: "noopener" }, button.text);
}

function inlineKeyboard(message) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  return make("div", { class: "keyboard", role: "group", lang: message.language || undefined },
    ...rows.map((row) => make("div", { class: "keys-row" }, ...row.map(key))));
}
