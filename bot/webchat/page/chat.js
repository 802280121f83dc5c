// The chat page: what the server tells is drawn, what the visitor does is posted. Nothing is kept here but the view.

const WORDS = {
  en: { write: "Write a message…", send: "Send", menu: "Menu", attach: "Attach", photo: "Attach photo", place: "Share place",
    here: "Use where I am now", type: "Or paste a link to a map, or type the coordinates", wrong: "There is no place in this. Write it as 51.2304, 5.3143.", unknown: "Your device did not tell where you are.", cancel: "Cancel",
    edit: "Edit", edited: "edited", editing: "Edit message", stop: "Stop editing", earlier: "Earlier messages", offline: "No connection. What you send is kept and goes out later.",
    waking: "The bot is waking up. What you write is kept.", map: "Open on the map", picture: "photo", copied: "Copied", failed: "This did not work. Please try again.", nothing: "There are no commands yet.", yours: "You", theirs: "City" },
  nl: { write: "Schrijf een bericht…", send: "Versturen", menu: "Menu", attach: "Toevoegen", photo: "Foto toevoegen", place: "Plek delen",
    here: "Gebruik waar ik nu ben", type: "Of plak een link naar een kaart, of typ de coördinaten", wrong: "Hier staat geen plek in. Schrijf het zo: 51.2304, 5.3143.", unknown: "Uw toestel zei niet waar u bent.", cancel: "Annuleren",
    edit: "Wijzigen", edited: "gewijzigd", editing: "Bericht wijzigen", stop: "Niet wijzigen", earlier: "Eerdere berichten", offline: "Geen verbinding. Wat u verstuurt, wordt bewaard en vertrekt later.",
    waking: "De bot wordt wakker. Wat u schrijft, wordt bewaard.", map: "Op de kaart openen", picture: "foto", copied: "Gekopieerd", failed: "Dit is niet gelukt. Probeer het opnieuw.", nothing: "Er zijn nog geen opdrachten.", yours: "U", theirs: "Stad" },
  fr: { write: "Écrivez un message…", send: "Envoyer", menu: "Menu", attach: "Joindre", photo: "Joindre une photo", place: "Partager un lieu",
    here: "Utiliser ma position", type: "Ou collez un lien vers une carte, ou tapez les coordonnées", wrong: "Ceci ne contient pas de lieu. Écrivez-le ainsi : 51.2304, 5.3143.", unknown: "Votre appareil n’a pas dit où vous êtes.", cancel: "Annuler",
    edit: "Modifier", edited: "modifié", editing: "Modifier le message", stop: "Ne pas modifier", earlier: "Messages précédents", offline: "Pas de connexion. Vos messages sont conservés et partiront plus tard.",
    waking: "Le bot se réveille. Ce que vous écrivez est conservé.", map: "Ouvrir la carte", picture: "photo", copied: "Copié", failed: "Cela n’a pas fonctionné. Veuillez réessayer.", nothing: "Il n’y a pas encore de commandes.", yours: "Vous", theirs: "Ville" },
  de: { write: "Nachricht schreiben…", send: "Senden", menu: "Menü", attach: "Anhängen", photo: "Foto anhängen", place: "Ort teilen",
    here: "Meinen Standort nehmen", type: "Oder einen Link zu einer Karte einfügen oder die Koordinaten eingeben", wrong: "Darin steht kein Ort. Bitte schreiben Sie es so: 51.2304, 5.3143.", unknown: "Ihr Gerät hat nicht gesagt, wo Sie sind.", cancel: "Abbrechen",
    edit: "Ändern", edited: "geändert", editing: "Nachricht ändern", stop: "Nicht ändern", earlier: "Frühere Nachrichten", offline: "Keine Verbindung. Was Sie senden, wird aufbewahrt und später zugestellt.",
    waking: "Der Bot wacht auf. Was Sie schreiben, wird aufbewahrt.", map: "Auf der Karte öffnen", picture: "Foto", copied: "Kopiert", failed: "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.", nothing: "Es gibt noch keine Befehle.", yours: "Sie", theirs: "Stadt" },
};
const SPINNER = 15000, TRIES = 6, BIG = 1500000, CAPTION = 1000, SIDE = 1920;

const $ = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const language = query.get("lang") || navigator.language || "en";
const w = WORDS[language.slice(0, 2).toLowerCase()] || WORDS.en;
const messages = new Map();
const busy = new Map();
const answered = new Set();
const outbox = [];
let unsent = "";
let commands = [], username = "", seq = 0, source = null, sending = false, edited = null;
let online = true, awake = true, goOn = () => {};

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); goOn = done; });

class Refusal extends Error {}

async function call(path, body) {
  const options = { headers: { "X-Belleman": "1" } };
  if (body instanceof FormData) Object.assign(options, { method: "POST", body });
  else if (body) {
    options.headers["Content-Type"] = "application/json";
    Object.assign(options, { method: "POST", body: JSON.stringify(body) });
  }
  const response = await fetch(`/api/${path}`, options);
  if (response.status >= 500) throw Object.assign(new Error("server"), { atServer: true });
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Refusal(answer.description), { status: response.status });
  return answer;
}

// Sending: one thing after the other; what fails for want of a connection is tried again with the same client_id.

function post(path, body, shownAs = "") {
  if (body instanceof FormData) body.set("client_id", newId());
  else body.client_id = newId();
  following = true;
  putAt = $("scroller").scrollTop;
  return new Promise((done) => { queue({ path, body, shownAs, done }); flush(); });
}

function queue(item) {
  item.ghost = item.shownAs ? make("div", { class: "message mine waiting" }, make("div", { class: "bubble", dir: "auto" }, item.shownAs)) : null;
  if (item.ghost) keepUp(() => $("log").append(item.ghost));
  outbox.push(item);
  remember();
}

// What waits to be sent outlives a reload of this page (but for files); its client_id keeps it from being sent twice.
function remember() {
  const waiting = outbox.filter((item) => item.path === "send").map(({ path, body, shownAs }) => ({ path, body, shownAs }));
  sessionStorage.setItem("outbox", JSON.stringify(waiting));
}

async function flush() {
  if (sending) return;
  sending = true;
  for (let wait = 500, tries = 0; outbox.length;) {
    const item = outbox[0];
    try {
      item.done(await call(item.path, item.body));
      wait = 500;
      tries = 0;
    } catch (error) {
      if (!(error instanceof Refusal) && !(error.atServer && ++tries > TRIES)) {
        setOnline(false);
        await pause(wait);
        wait = Math.min(wait * 2, 15000);
        continue;
      }
      tries = 0;
      toast(w.failed);
      item.done(null);
    }
    outbox.shift();
    remember();
    keepUp(() => item.ghost?.remove());
  }
  sending = false;
}

// Drawing.

// Who follows sees the end, or the beginning of a last message that is taller than the page (placed).
// Who has scrolled away to read is not moved, until they write or tap.

let following = true, placed = true, putAt = 0;

function put() {
  const box = $("scroller"), last = [...$("log").children].findLast((one) => !one.hidden);
  box.scrollTop = placed && last ? last.offsetTop - 8 : box.scrollHeight;
  putAt = box.scrollTop;
}

function keepUp(change = () => {}) {
  change();
  if (!following) { putAt = $("scroller").scrollTop; return; }
  placed = true;
  put();
}

function watchEnd() {
  const box = $("scroller"), observer = new ResizeObserver(() => { if (following) put(); });
  const scrolled = () => {
    if (Math.abs(box.scrollTop - putAt) < 2) return;
    following = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
    placed = false;
    putAt = box.scrollTop;
  };
  box.addEventListener("scroll", scrolled, { passive: true });
  observer.observe(box);
  observer.observe($("log"));
}

function time(message) {
  const date = new Date(message.date * 1000);
  const today = date.toDateString() === new Date().toDateString();
  const clock = { timeStyle: "short", hourCycle: "h23" }, format = today ? clock : { dateStyle: "medium", ...clock };
  return make("time", { datetime: date.toISOString() }, new Intl.DateTimeFormat(language, format).format(date));
}

function photo(message) {
  const sizes = message.photo, large = sizes[sizes.length - 1];
  const address = `/api/photo/${large.file_id}`;
  const image = make("img", { src: address, alt: w.picture, width: large.width, height: large.height });
  return make("a", { href: address, target: "_blank", rel: "noopener" }, image);
}

function place(message) {
  const { latitude, longitude } = message.location;
  const at = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
  return make("div", { class: "card" },
    message.venue ? make("b", { dir: "auto" }, message.venue.title) : null,
    message.venue ? make("span", { dir: "auto" }, message.venue.address) : null,
    make("small", {}, at), make("a", { href: map, target: "_blank", rel: "noopener noreferrer" }, w.map));
}

function bubble(message) {
  const box = make("div", { class: "bubble", "aria-label": message.mine ? w.yours : w.theirs, role: "group" });
  if (message.photo) box.append(photo(message));
  if (message.location) box.append(place(message));
  if (message.document) {
    const { file_id: id, file_name: name } = message.document;
    box.append(make("a", { class: "file", href: `/api/document/${id}`, download: name, dir: "auto" }, `⬇ ${name}`));
  }
  if (message.html) {
    const words = make("div", { class: "words", dir: "auto" });
    words.innerHTML = message.html.replaceAll("<br><br>", '<span class="gap"></span>');
    box.append(words);
  }
  const own = message.mine && message.text && !message.text.startsWith("/");
  box.append(make("div", { class: "meta" },
    own ? make("button", { class: "edit", type: "button", onclick: () => startEdit(message) }, w.edit) : null,
    message.mine && message.edited ? make("span", {}, w.edited) : null, time(message)));
  return box;
}

function startPayload(url) {
  const match = /^https?:\/\/t\.me\/([^/?]+)\?start=([\w-]{1,64})$/.exec(url);
  return match && match[1].toLowerCase() === username.toLowerCase() ? match[2] : null;
}

function key(message, button) {
  const look = `key ${button.style || ""}`;
  if (button.url) {
    const payload = startPayload(button.url);
    if (payload) return make("button", { type: "button", class: look, dir: "auto", onclick: () => post("start", { payload }) }, button.text);
    return make("a", { class: `${look} out`, href: button.url, target: "_blank", rel: "noopener", dir: "auto" }, button.text);
  }
  if (button.copy_text) {
    const copy = () => navigator.clipboard.writeText(button.copy_text.text).then(() => toast(w.copied), () => toast(button.copy_text.text));
    return make("button", { type: "button", class: look, dir: "auto", onclick: copy }, button.text);
  }
  const element = make("button", { type: "button", class: look, dir: "auto", "data-key": button.callback_data }, button.text);
  element.addEventListener("click", () => tap(element, message.message_id, button.callback_data));
  return element;
}

function keyboard(message) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  const drawn = rows.map((row) => make("div", { class: "keys-row" }, ...row.map((button) => key(message, button))));
  return make("div", { class: "keyboard", role: "group" }, ...drawn);
}

function draw(message) {
  const keys = keyboard(message);
  const look = `message ${message.mine ? "mine" : "theirs"} ${keys ? "keys" : ""} ${message.photo ? "pictured" : ""}`;
  // Opening the page or a link is no message to whom did it.
  const opening = message.mine && /^\/start\b/.test(message.text || "");
  return make("div", { class: look, "data-id": message.message_id, hidden: opening }, bubble(message), keys);
}

function upsert(message) {
  const before = messages.get(message.message_id);
  const element = draw(message);
  messages.set(message.message_id, element);
  if (before) return replace(before, element);
  const later = [...$("log").children].find((other) => Number(other.dataset.id || Infinity) > message.message_id);
  keepUp(() => $("log").insertBefore(element, later || null));
}

function replace(before, element) {
  // What stands above the reader's eyes may grow or shrink: the words that are being read stay where they are.
  const box = $("scroller"), focused = before.contains(document.activeElement) ? document.activeElement : null;
  const above = before.getBoundingClientRect().bottom < box.getBoundingClientRect().top, height = box.scrollHeight;
  keepUp(() => {
    before.replaceWith(element);
    if (above) box.scrollTop += box.scrollHeight - height;
  });
  if (!focused) return;
  const same = [...element.querySelectorAll(".key")].find((other) => other.dataset.key === focused.dataset.key);
  (same || element.querySelector(".key") || firstKey()).focus({ preventScroll: true });
}

function remove(id) {
  const element = messages.get(id), focused = element?.contains(document.activeElement);
  keepUp(() => element?.remove());
  messages.delete(id);
  if (focused) firstKey().focus({ preventScroll: true });
}

// Where the conversation goes on; never the text field, for that would open a telephone's keyboard.
const firstKey = () => $("log").lastElementChild?.querySelector(".key") || $("scroller");

// Taps and their answers.

async function tap(element, messageId, data) {
  if (element.getAttribute("aria-busy") === "true") return;
  element.setAttribute("aria-busy", "true");
  hush();
  const rest = () => element.removeAttribute("aria-busy");
  setTimeout(rest, SPINNER);
  const answer = await post("tap", { message_id: messageId, data });
  if (!answer || answered.delete(answer.query_id)) rest();
  else busy.set(answer.query_id, rest);
}

function answer(event) {
  const rest = busy.get(event.query_id);
  if (rest) { rest(); busy.delete(event.query_id); } else answered.add(event.query_id);
  if (!event.text) return;
  if (!event.alert) { toast(event.text); return; }
  $("alert-text").textContent = event.text;
  if (!$("alert").open) $("alert").showModal();
}

let toastTimer = 0;
function toast(text) {
  $("toast").textContent = text;
  $("toast").classList.add("on");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(hush, 3500 + text.length * 40);
}

function hush() {
  $("toast").classList.remove("on");
  $("toast").textContent = "";
}

function banner() { $("banner").textContent = online ? (awake ? "" : w.waking) : w.offline; }
function setOnline(value) { online = value; banner(); }

// What comes down.

function take(event) {
  if (event.type === "message") upsert(event.message);
  else if (event.type === "deleted") remove(event.message_id);
  else if (event.type === "answer") answer(event);
  else if (event.type === "commands") commands = event.commands;
  else if (event.type === "bot") { awake = event.awake; banner(); }
}

function listen() {
  source?.close();
  source = new EventSource(`/api/events?after=${seq}`);
  source.onopen = () => { setOnline(true); goOn(); };
  source.onmessage = (event) => { seq = Math.max(seq, Number(event.lastEventId) || 0); take(JSON.parse(event.data)); };
  source.onerror = () => {
    setOnline(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => boot().catch(() => setTimeout(listen, 3000)), 2000);
  };
}

async function earlier() {
  const first = Math.min(...messages.keys());
  const box = $("scroller"), height = box.scrollHeight;
  following = false;
  const page = await call(`history?limit=50&before=${first}`);
  for (const message of page.messages) upsert(message);
  $("earlier").hidden = !page.more;
  box.scrollTop += box.scrollHeight - height;
}

// What the visitor writes, shows and chooses.

function submit(event) {
  event?.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  if (edited) { post("edit", { message_id: edited.message_id, text }); stopEdit(); }
  else post("send", { text }, text);
  $("text").value = "";
  grow();
}

function grow() {
  const box = $("text");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 140)}px`;
}

function startEdit(message) {
  if (!edited) unsent = $("text").value;
  edited = message;
  $("editing-text").textContent = `${w.editing}: ${message.text}`;
  $("editing").hidden = false;
  $("text").value = message.text;
  grow();
  $("text").focus();
}

function stopEdit() {
  edited = null;
  $("editing").hidden = true;
  $("text").value = unsent;
  grow();
}

function sheet(opener, choices) {
  const menu = $("menu"), open = menu.hidden || menu.dataset.of !== opener.id;
  closeSheet();
  if (!open) return;
  menu.replaceChildren(...choices.map(([label, detail, run]) =>
    make("button", { type: "button", dir: "auto", onclick: () => { closeSheet(); run(); } }, make("b", {}, label), make("span", {}, detail))));
  if (!choices.length) menu.append(make("button", { type: "button", onclick: closeSheet }, w.nothing));
  menu.dataset.of = opener.id;
  menu.hidden = false;
  opener.setAttribute("aria-expanded", "true");
  menu.querySelector("button").focus();
}

function closeSheet() {
  if ($("menu").hidden) return;
  $("menu").hidden = true;
  for (const id of ["commands", "attach"]) $(id).setAttribute("aria-expanded", "false");
  if ($("menu").contains(document.activeElement) || document.activeElement === document.body) $($("menu").dataset.of).focus();
}

function sharePlace() {
  $("place-wrong").textContent = "";
  $("place-here").hidden = !navigator.geolocation;
  $("place").showModal();
}

function shareHere() {
  const rest = () => $("place-here").removeAttribute("aria-busy");
  const found = ({ coords }) => {
    rest();
    if (!$("place").open) return;
    $("place").close();
    post("place", { latitude: coords.latitude, longitude: coords.longitude });
  };
  const unknown = () => { rest(); $("place-wrong").textContent = w.unknown; };
  $("place-here").setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(found, unknown, { timeout: 10000, enableHighAccuracy: true });
}

function placeTyped(event) {
  if (event.submitter?.value !== "ok") return;
  const match = /(-?\d{1,2}\.\d+)(?:[\s,;/]+|%2C|&m?lon=)(-?\d{1,3}\.\d+)/i.exec($("place-text").value);
  const good = match && Math.abs(match[1]) <= 90 && Math.abs(match[2]) <= 180;
  if (!good) { event.preventDefault(); $("place-wrong").textContent = w.wrong; return; }
  post("place", { latitude: Number(match[1]), longitude: Number(match[2]) });
  $("place-text").value = "";
}

async function shrunk(file) {
  // A telephone's photo of many megabytes travels as what will be shown of it.
  if (file.size < BIG) return file;
  try {
    const image = await createImageBitmap(file), scale = Math.min(1, SIDE / Math.max(image.width, image.height));
    const canvas = make("canvas", { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return (await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9))) || file;
  } catch { return file; }
}

async function sharePhotos(files) {
  const form = new FormData();
  for (const file of [...files].slice(0, 10)) form.append("file", await shrunk(file), "photo.jpg");
  const caption = edited ? "" : $("text").value.trim();
  if (caption) { $("text").value = ""; grow(); }
  if (caption.length > CAPTION) post("send", { text: caption }, caption);
  else if (caption) form.set("caption", caption);
  const answer = await post("upload", form, `📷 ${w.picture}`);
  if (answer === null && form.has("caption") && !$("text").value) { $("text").value = caption; grow(); }
}

// The start.

function paint(session) {
  const city = session.city || { name: session.bot.name, colour: "#33566b", summary: "", notice: "" };
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(city.colour.slice(at, at + 2), 16) / 255).map((c) => (c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4));
  const light = .2126 * r + .7152 * g + .0722 * b > .18;
  document.documentElement.style.setProperty("--city", city.colour);
  document.documentElement.classList.toggle("bright", light);
  document.title = city.name;
  $("city").textContent = city.name;
  $("logo").textContent = [...city.name][0] || "";
  $("about").textContent = city.notice || city.summary;
  commands = session.commands;
  username = session.bot.username;
  awake = session.bot.awake;
}

async function boot() {
  const session = await call("session", { language });
  paint(session);
  const history = await call("history?limit=50");
  $("log").setAttribute("aria-busy", "true");
  for (const id of [...messages.keys()]) remove(id);
  for (const message of history.messages) upsert(message);
  $("log").removeAttribute("aria-busy");
  $("earlier").hidden = !history.more;
  seq = history.seq;
  setOnline(true);
  following = true;
  keepUp();
  listen();
  if (!outbox.length) for (const item of JSON.parse(sessionStorage.getItem("outbox") || "[]")) queue({ ...item, done() {} });
  flush();
  const payload = query.get("start");
  if (payload !== null) {
    query.delete("start");
    window.history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
    if (await post("start", { payload }) === null && !history.messages.length) post("start", { payload: "" });
  } else if (!history.messages.length) post("start", { payload: "" });
}

function label(id, text) { $(id).setAttribute("aria-label", text); $(id).title = text; }

function prepare() {
  document.documentElement.lang = w === WORDS.en ? "en" : language.slice(0, 2);
  label("send", w.send); label("commands", w.menu); label("attach", w.attach); label("editing-stop", w.stop); label("text", w.write);
  $("text").placeholder = w.write;
  $("earlier").textContent = w.earlier;
  $("place-title").textContent = w.place;
  $("place-here").textContent = w.here;
  $("place-label").textContent = w.type;
  $("place-cancel").textContent = w.cancel;
  $("place-ok").textContent = w.send;
  $("log").setAttribute("aria-label", w.theirs);
  $("composer").addEventListener("submit", submit);
  $("text").addEventListener("input", grow);
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
    if (event.key === "Escape" && edited) stopEdit();
  });
  $("editing-stop").addEventListener("click", stopEdit);
  $("earlier").addEventListener("click", () => earlier().catch(() => toast(w.failed)));
  $("commands").addEventListener("click", () => sheet($("commands"),
    commands.map(({ command, description }) => [`/${command}`, description, () => post("send", { text: `/${command}` }, command === "start" ? "" : `/${command}`)])));
  $("attach").addEventListener("click", () => sheet($("attach"),
    [[w.photo, "", () => $("file").click()], [w.place, "", sharePlace]]));
  $("file").addEventListener("change", () => { if ($("file").files.length) sharePhotos($("file").files); $("file").value = ""; });
  $("place-here").addEventListener("click", shareHere);
  $("place").querySelector("form").addEventListener("submit", placeTyped);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeSheet(); });
  document.addEventListener("click", (event) => { if (!event.target.closest("#menu, #commands, #attach")) closeSheet(); });
  addEventListener("online", () => source && listen());
  addEventListener("offline", () => setOnline(false));
  watchEnd();
}

async function begin() {
  for (let wait = 500; ; wait = Math.min(wait * 2, 15000)) {
    try { return await boot(); } catch { setOnline(false); await pause(wait); }
  }
}

prepare();
begin();
