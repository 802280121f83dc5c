// What the visitor sends: one thing after the other, each exactly once, whatever becomes of the connection.

import { make } from "./dom.js";
import { Refusal, call, keep, kept } from "./wire.js";
import { acted, keepUp, knows, wait as showWaiting } from "./log.js";
import { tell, toast } from "./notices.js";
import { w } from "./words.js";

const TRIES = 6;
const outbox = [];
let sending = false, user = 0, goOn = () => {};

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); goOn = done; });

// Send something; the server's answer, or null where it was refused. Shown as waiting until the message itself arrives.
export function post(path, body, shownAs = null) {
  if (body instanceof FormData) body.set("client_id", newId());
  else body.client_id = newId();
  acted();
  return new Promise((done) => { queue({ path, body, shownAs, done }); flush(); });
}

function queue(item) {
  if (item.shownAs) {
    const bubble = make("div", { class: "bubble", dir: "auto" }, item.shownAs, make("div", { class: "meta" }, w.waiting));
    item.ghost = make("div", { class: "message mine waiting" }, bubble);
    showWaiting(item.ghost);
  }
  outbox.push(item);
  remember();
}

// Texts outlive a reload of this page (files do not); their client_id keeps them from being sent twice.
function remember() {
  const items = outbox.filter((item) => item.path === "send").map(({ path, body, shownAs }) => ({ path, body, shownAs }));
  keep("outbox", { user, items });
}

// Whose page this is now; what another person left waiting here is not sent in this one's name.
export function adopt(userId) {
  const left = kept("outbox");
  if (user && user !== userId) for (const item of outbox.splice(0)) item.ghost?.remove();
  const first = !user;
  user = userId;
  if (first && left?.user === userId) for (const item of left.items) queue({ ...item, done() {} });
  remember();
  flush();
}

addEventListener("leaving", () => { outbox.length = 0; remember(); });

// The connection is back: what waits for its next try is tried now.
export const hurry = () => goOn();

// An own message came down before its request was answered: it is not shown twice.
export function arrivedAs(message) {
  const item = outbox[0];
  if (item?.ghost && item.path === "send" && item.body.text.trim() === message.text) item.ghost.remove();
}

async function flush() {
  if (sending) return;
  sending = true;
  for (let wait = 500, tries = 0; outbox.length;) {
    const item = outbox[0];
    let answer = null;
    try {
      answer = await call(item.path, item.body);
      tell({ online: true });
    } catch (error) {
      if (error.status === 429) {
        tell({ hasty: error.wait });
        await new Promise((done) => { setTimeout(done, error.wait * 1000); });
        tell({ hasty: 0 });
        continue;
      }
      if (!(error instanceof Refusal) && !(error.atServer && ++tries > TRIES)) {
        tell({ online: false });
        await pause(wait);
        wait = Math.min(wait * 2, 15000);
        continue;
      }
      toast(w.failed);
    }
    [wait, tries] = [500, 0];
    outbox.splice(outbox.indexOf(item), outbox.includes(item) ? 1 : 0);
    remember();
    settle(item, answer);
    item.done(answer);
  }
  sending = false;
}

// The waiting bubble goes when the message is there, so that nothing jumps in between.
function settle(item, answer) {
  if (!item.ghost?.isConnected) return;
  if (answer?.message_id && !knows(answer.message_id)) {
    item.ghost.classList.remove("waiting");
    item.ghost.dataset.for = answer.message_id;
  } else keepUp(() => item.ghost.remove());
}
