// The conversation. All that was fetched is known; at most MOST entries of it are drawn, around where the reader is.

import { $, make } from "./dom.js";
import { drawEntry } from "./drawing.js";
import { call } from "./wire.js";
import { locale, w } from "./words.js";

const MOST = 200, LESS = 150, PAGE = 50, NEAR = 500;

let entries = [];  // one a message, or an album; by the id of its first message
let byId = new Map(), albums = new Map(), days = new Map();
let from = 0, to = 0, more = false, fetching = false;
let following = true, placed = true, putAt = 0, marked = 0;
let ended = () => {}, onActed = () => {};

export const isFollowing = () => following && to === entries.length;
export const knows = (id) => byId.has(id);
export const isEmpty = () => !entries.length;
export const newest = () => entries.at(-1)?.messages.at(-1)?.message_id || 0;
export const messageOf = (id) => byId.get(id)?.messages.find((one) => one.message_id === id);
export const messageAt = (element) => byId.get(Number(element.closest("[data-id]")?.dataset.id))?.messages[0];

// The first unread message gets a line above it; 0 takes the line away.
export function mark(id) { if (id !== marked) { marked = id; keepUp(render); } }
export const markedId = () => marked;

// Messages.

function enter(message) {
  const known = byId.get(message.message_id);
  const entry = known || albums.get(message.media_group_id);
  if (entry) {
    entry.messages = [...entry.messages.filter((one) => one.message_id !== message.message_id), message].sort((a, b) => a.message_id - b.message_id);
    byId.set(message.message_id, entry);
    entry.element = null;
    return entry;
  }
  if (more && entries.length && message.message_id < entries[0].id) return null; // comes with its page
  const fresh = { id: message.message_id, day: new Date(message.date * 1000).toDateString(), messages: [message], element: null };
  let at = entries.length;
  while (at && entries[at - 1].id > fresh.id) at--;
  if (at < from) { from++; to++; } else if (at < to || (at === entries.length && to === at && (following || to - from < MOST + PAGE))) to++;
  entries.splice(at, 0, fresh);
  byId.set(fresh.id, fresh);
  if (message.media_group_id) albums.set(message.media_group_id, fresh);
  return fresh;
}

export function upsert(message) {
  const before = (byId.get(message.message_id) || albums.get(message.media_group_id))?.element, entry = enter(message);
  if (!entry) return;
  if (following && to - from > MOST) from = to - LESS;
  const ghost = document.querySelector(`[data-for="${message.message_id}"]`);
  const focused = before?.contains(document.activeElement) ? document.activeElement : null;
  keepUp(() => { ghost?.remove(); render(); });
  if (!focused || !entry.element) return;
  const same = [...entry.element.querySelectorAll(".key")].find((other) => other.dataset.key === focused.dataset.key);
  (same || entry.element.querySelector(".key") || firstKey()).focus({ preventScroll: true });
}

export function remove(id) {
  const entry = byId.get(id);
  if (!entry) return;
  const focused = entry.element?.contains(document.activeElement);
  byId.delete(id);
  entry.messages = entry.messages.filter((one) => one.message_id !== id);
  entry.element = null;
  if (!entry.messages.length) {
    const at = entries.indexOf(entry);
    entries.splice(at, 1);
    if (at < from) from--;
    if (at < to) to--;
  }
  keepUp(render);
  if (focused) firstKey().focus({ preventScroll: true });
}

// Where the conversation goes on; never the text field, for that would open a telephone's keyboard.
export const firstKey = () => entries.at(-1)?.element?.querySelector(".key") || $("scroller");

// Begin with a page of history.
export function reset(page) {
  [entries, byId, albums, from, to, more, marked] = [[], new Map(), new Map(), 0, 0, false, 0];
  for (const message of page.messages) enter(message);
  [from, to, more, following] = [0, entries.length, page.more, true];
  keepUp(render);
}

// Draw everything anew: other words, another day.
export function redraw() {
  days = new Map();
  for (const entry of entries) entry.element = null;
  keepUp(render);
}

// Drawing.

const element = (entry) => (entry.element ??= drawEntry(entry));

function dayLine(entry) {
  if (!days.has(entry.day)) {
    const date = new Date(entry.messages[0].date * 1000), ago = Math.round((new Date().setHours(0, 0, 0, 0) - date.setHours(0, 0, 0, 0)) / 864e5);
    const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
    const text = ago === 0 || ago === 1 ? new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-ago, "day")
      : new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", year }).format(date);
    days.set(entry.day, make("h2", { class: "day" }, text.charAt(0).toLocaleUpperCase(locale) + text.slice(1)));
  }
  return days.get(entry.day);
}

function render() {
  const log = $("log"), wanted = [];
  for (let at = from; at < to; at++) {
    const entry = entries[at];
    if (entry.day !== entries[at - 1]?.day) wanted.push(dayLine(entry));
    if (entry.id === marked) wanted.push(unreadLine());
    wanted.push(element(entry));
  }
  wanted.push($("waiting"));
  const kept = new Set(wanted);
  for (const child of [...log.children]) if (!kept.has(child)) child.remove();
  let here = log.firstChild;
  for (const one of wanted) {
    if (one === here) here = here.nextSibling;
    else log.insertBefore(one, here);
  }
  if (!more && !from && document.activeElement === $("earlier")) $("scroller").focus({ preventScroll: true });
  $("earlier").hidden = !more && !from;
  toEnd();
}

function unreadLine() {
  const line = $("unread") || make("p", { id: "unread", class: "unread" });
  if (line.textContent !== w.fresh) line.textContent = w.fresh;
  return line;
}

export function wait(ghost) { keepUp(() => $("waiting").append(ghost)); }

// Where the reader is. Who follows sees the end, or the beginning of a last message that is taller than the page
// (placed). Who has scrolled away to read is not moved, until they write or tap.

function put() {
  const box = $("scroller"), last = $("waiting").lastElementChild || entries.slice(-3).findLast((one) => one.element && !one.element.hidden)?.element;
  box.scrollTop = placed && last ? last.offsetTop - 8 : box.scrollHeight;
  putAt = box.scrollTop;
}

export function keepUp(change = () => {}) {
  if (!following) { steady(change); return; }
  change();
  placed = true;
  put();
}

// The words that are being read stay where they are, whatever grows or goes above them.
function steady(change) {
  const box = $("scroller"), top = box.getBoundingClientRect().top;
  const anchor = entries.slice(from, to).find((one) => one.element?.isConnected && !one.element.hidden && one.element.getBoundingClientRect().bottom > top);
  const before = anchor?.element.getBoundingClientRect().top;
  change();
  if (anchor?.element?.isConnected) box.scrollTop += anchor.element.getBoundingClientRect().top - before;
  putAt = box.scrollTop;
}

// The reader wrote or tapped: they are at the end again, and have seen what was new.
export function acted() {
  following = true;
  if (to < entries.length) [from, to] = [Math.max(0, entries.length - LESS), entries.length];
  putAt = $("scroller").scrollTop;
  onActed();
}

export function goToEnd() { acted(); keepUp(render); }

// Show the line above what is new, where it is out of sight.
export function showMark() {
  const box = $("scroller"), line = $("unread");
  if (!line || line.offsetTop >= box.scrollTop) return;
  box.scrollTop = line.offsetTop - 8;
}

function toEnd() { $("latest").hidden = isFollowing(); }

export async function earlier() {
  if (fetching) return;
  if (from) { steady(() => { from = Math.max(0, from - PAGE); to = Math.min(to, from + MOST); render(); }); return; }
  if (!more) return;
  fetching = true;
  try {
    following = false;
    const page = await call(`history?limit=${PAGE}&before=${entries[0].messages[0].message_id}`);
    more = false; // so that what is older may enter
    const before = entries.length;
    for (const message of page.messages) enter(message);
    more = page.more;
    steady(() => { from = Math.max(0, from - (entries.length - before)); to = Math.min(to, from + MOST); render(); });
  } finally { fetching = false; }
}

function later() { steady(() => { to = Math.min(entries.length, to + PAGE); from = Math.max(from, to - MOST); render(); }); }

function scrolled() {
  const box = $("scroller");
  if (Math.abs(box.scrollTop - putAt) < 2) return;
  const below = box.scrollHeight - box.scrollTop - box.clientHeight, up = box.scrollTop < putAt;
  following = below < 60 && to === entries.length;
  placed = false;
  putAt = box.scrollTop;
  if (below < NEAR && to < entries.length && !up) later();
  else if (box.scrollTop < NEAR && up && (from || more)) earlier().catch(() => {});
  toEnd();
  if (following) ended();
}

export function watchEnd(atEnd, atAct) {
  [ended, onActed] = [atEnd, atAct];
  const observer = new ResizeObserver(() => { if (following) put(); });
  $("scroller").addEventListener("scroll", scrolled, { passive: true });
  observer.observe($("scroller"));
  observer.observe($("log"));
}
