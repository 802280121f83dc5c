// The chat page: what the server tells is drawn, what the visitor does is posted. Nothing is kept here but the view.

import { $, label, make, whenTapped } from "./dom.js";
import * as composing from "./composing.js";
import * as dialogs from "./dialogs.js";
import { meet } from "./drawing.js";
import * as keyboards from "./keyboards.js";
import * as log from "./log.js";
import { closeSheet, sheet, watchSheets } from "./menus.js";
import { announce, tell, toast } from "./notices.js";
import { adopt, arrivedAs, hurry, post } from "./outbox.js";
import * as places from "./places.js";
import * as unread from "./unread.js";
import { Events, address, call, query } from "./wire.js";
import { speak, w } from "./words.js";

const STALE = 30000;
const asked = query.get("lang") || navigator.language || "en";
let commands = [], user = 0, expecting = false, hiddenAt = 0, day = new Date().toDateString();

const events = new Events(take, () => { tell({ online: true }); hurry(); }, lost);

// What comes down.

function take(event) {
  if (event.type === "message") takeMessage(event.message);
  else if (event.type === "deleted") log.remove(event.message_id);
  else if (event.type === "answer") keyboards.answerTap(event);
  else if (event.type === "commands") commands = event.commands;
  else if (event.type === "keyboard") keyboards.take(event.keyboard);
  else if (event.type === "language") { paintCity(event.city); talk(event.language); }
  else if (event.type === "bot") tell({ awake: event.awake });
}

function takeMessage(message) {
  const isNew = message.message_id > log.newest();
  if (isNew && message.mine) arrivedAs(message);
  log.upsert(message);
  if (message.mine) return;
  // New words are read aloud; a message that changed only where the reader's own tap changed it.
  if (isNew || expecting) announce(spoken(message), message.language);
  expecting = false;
  if (isNew) unread.arrived(message);
}

function spoken(message) {
  const plain = message.text || message.caption || message.venue?.title || message.document?.file_name || "";
  return `${w.theirs}: ${message.photo ? `${w.picture}. ` : ""}${plain}`;
}

function lost(forGood) {
  tell({ online: false });
  if (forGood) setTimeout(begin, 2000);
}

// The city and the words of the page.

function paintCity(city) {
  if (!city) return;
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(city.colour.slice(at, at + 2), 16) / 255).map((c) => (c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4));
  document.documentElement.style.setProperty("--city", city.colour);
  document.documentElement.classList.toggle("bright", .2126 * r + .7152 * g + .0722 * b > .18);
  unread.nameTitle(city.name);
  $("city").textContent = city.name;
  $("logo").classList.toggle("drawn", Boolean(city.logo));
  $("logo").replaceChildren(city.logo ? make("img", { src: address(city.logo.replace("/api/", "")), alt: "" }) : [...city.name][0] || "");
  $("about").textContent = city.notice || city.summary;
}

function talk(language) {
  speak(language);
  label("commands", w.menu);
  label("attach", w.attach);
  label("latest", w.latest);
  $("earlier").textContent = w.earlier;
  $("log").setAttribute("aria-label", w.log);
  places.labelPlaces();
  composing.labelField();
  keyboards.drawKeys();
  log.redraw();
  tell();
}

function openMenu() {
  const offered = commands.map(({ command, description }) => ({
    label: `/${command}`, detail: description,
    run: () => post("send", { text: `/${command}` }, command === "start" ? null : `/${command}`),
  }));
  sheet($("commands"), [
    ...(offered.length ? offered : [{ label: w.nothing }]), { title: w.log },
    { label: w.keep, run: dialogs.keepConversation }, { label: w.recover, run: dialogs.enterCode }, { label: w.leave, run: dialogs.leaveBrowser },
  ]);
}

function openAttach() {
  sheet($("attach"), [
    { label: w.photo, run: () => $("file").click() }, { label: w.file, run: () => $("paper").click() }, { label: w.place, run: places.sharePlace },
  ]);
}

// The start.

async function boot() {
  const session = await call("session", { language: asked });
  const city = session.city || { name: session.bot.name, colour: "#33566b", summary: "", notice: "", logo: null };
  commands = session.commands;
  meet(session.bot);
  paintCity(city);
  const known = session.user_id === user || await meetPerson(session);
  tell({ online: true, awake: session.bot.awake });
  events.listen();
  adopt(user);
  arrive(known);
}

// Whether this person was here before.
async function meetPerson(session) {
  const history = await call("history?limit=50");
  speak(session.language);
  log.reset(history);
  keyboards.take(history.keyboard);
  talk(session.language);
  unread.begin(history);
  events.seq = history.seq;
  user = session.user_id;
  composing.restore(user);
  return history.messages.length > 0;
}

// A link's payload goes to the bot once; who comes for the first time is greeted without one.
async function arrive(known) {
  const payload = query.get("start");
  if (payload !== null) {
    query.delete("start");
    window.history.replaceState(null, "", `${query}` ? `?${query}` : location.pathname);
  }
  if (payload === null && known) return;
  if (await post("start", { payload: payload || "" }) === null && payload && !known) post("start", { payload: "" });
}

function watchWindow() {
  addEventListener("online", () => { if (user) events.listen(); });
  addEventListener("offline", () => tell({ online: false }));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { hiddenAt = Date.now(); return; }
    // A telephone that slept may hold a connection that is dead without knowing it.
    if (user && Date.now() - hiddenAt > STALE) events.listen();
    if (day !== new Date().toDateString()) { day = new Date().toDateString(); log.redraw(); }
  });
}

function prepare() {
  talk(asked);
  watchSheets();
  places.watchPlaces();
  keyboards.watchKeys(composing.ask);
  composing.watchField(log.messageOf);
  log.watchEnd(unread.readAll, () => { expecting = true; unread.readerActed(); });
  unread.watchReader();
  watchWindow();
  $("commands").addEventListener("click", openMenu);
  $("attach").addEventListener("click", openAttach);
  $("earlier").addEventListener("click", () => log.earlier().catch(() => toast(w.failed)));
  $("latest").addEventListener("click", () => { closeSheet(); log.goToEnd(); $("scroller").focus({ preventScroll: true }); });
  whenTapped($("log"), ".edit", composing.startEdit);
  whenTapped($("log"), "[data-place]", places.choosePlace);
  whenTapped($("log"), "[data-large]", dialogs.showLarge);
}

async function begin() {
  for (let wait = 500; ; wait = Math.min(wait * 2, 15000)) {
    try { return await boot(); } catch (error) {
      tell(error.status === 429 ? { hasty: error.wait } : { online: false });
      await new Promise((done) => { setTimeout(done, error.wait * 1000 || wait); });
      tell({ hasty: 0 });
    }
  }
}

prepare();
begin();
