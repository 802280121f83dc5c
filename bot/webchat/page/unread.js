// What was read and what was not: the line "New messages", the number in the title, and the server's knowledge of it.

import { $ } from "./dom.js";
import { isFollowing, mark, markedId, newest, showMark } from "./log.js";
import { call } from "./wire.js";

let readId = 0, count = 0, name = "", timer = 0, waiting = false;

const isSeen = () => document.visibilityState === "visible" && isFollowing();

export function nameTitle(city = name) {
  name = city;
  document.title = count ? `(${count > 99 ? "99+" : count}) ${name}` : name;
  $("latest-count").textContent = count || "";
}

// A new message of the bot came down.
export function arrived(message) {
  if (isSeen()) { readAll(); return; }
  if (!count && !markedId()) mark(message.message_id);
  count += 1;
  nameTitle();
}

// Begin with what the history tells.
export function begin(history) {
  [readId, count] = [history.read_id, history.read_id ? history.unread : 0];
  const first = history.messages.find((one) => !one.mine && one.message_id > readId);
  if (count && first) { mark(first.message_id); showMark(); }
  nameTitle();
  if (isSeen()) readAll();
}

export function readAll() {
  count = 0;
  nameTitle();
  const last = newest();
  if (last <= readId) return;
  readId = last;
  waiting = true;
  clearTimeout(timer);
  timer = setTimeout(tellServer, 800);
}

function tellServer() {
  if (!waiting) return;
  waiting = false;
  clearTimeout(timer);
  call("read", { message_id: readId }, { keepalive: true }).catch(() => { waiting = true; });
}

export function readerActed() { mark(0); if (count) readAll(); }

export function watchReader() {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { tellServer(); return; }
    showMark();
    if (isSeen()) readAll();
  });
}
