// The demo's stage: two people, each in a page of their own, and a strip that shows what the promises mean.

const WORDS = {
  en: { title: "Belleman: demo", resident: "A resident", staff: "A clerk of the city", clock: "Clock forward:", hour: "1 hour", day: "1 day", week: "1 week", weather: "Telegram:", fine: "works", slow: "is slow", down: "is down", again: "Deliver the last message again",
    forwarded: "It is later now. What was open may be closed.", isfine: "Everything that waited is delivered now, each thing once.", isslow: "Each call takes three seconds. Nothing is lost; try to vote.", isdown: "The bot reaches nobody. Write or vote: it waits, and is counted once it is back.", came: "The last message came a second time. It is counted once: look at the results.", none: "Nothing was sent yet. Write something first.", failed: "This did not work. Please try again." },
  nl: { title: "Belleman: demo", resident: "Een inwoner", staff: "Een medewerker van de stad", clock: "Klok vooruit:", hour: "1 uur", day: "1 dag", week: "1 week", weather: "Telegram:", fine: "werkt", slow: "is traag", down: "ligt plat", again: "Laatste bericht nog eens bezorgen",
    forwarded: "Het is nu later. Wat open was, kan gesloten zijn.", isfine: "Alles wat wachtte, is nu bezorgd, elk ding één keer.", isslow: "Elke oproep duurt drie seconden. Er gaat niets verloren; probeer te stemmen.", isdown: "De bot bereikt niemand. Schrijf of stem: het wacht en telt daarna één keer.", came: "Het laatste bericht kwam twee keer. Het telt één keer: bekijk de uitslag.", none: "Er is nog niets verstuurd. Schrijf eerst iets.", failed: "Dit is niet gelukt. Probeer het opnieuw." },
  fr: { title: "Belleman : démo", resident: "Une habitante", staff: "Un agent de la ville", clock: "Avancer l’heure :", hour: "1 heure", day: "1 jour", week: "1 semaine", weather: "Telegram :", fine: "fonctionne", slow: "est lent", down: "est en panne", again: "Remettre le dernier message",
    forwarded: "Il est plus tard maintenant. Ce qui était ouvert peut être fermé.", isfine: "Tout ce qui attendait est remis, chaque chose une fois.", isslow: "Chaque appel prend trois secondes. Rien n’est perdu ; essayez de voter.", isdown: "Le bot n’atteint personne. Écrivez ou votez : cela attend et comptera une fois.", came: "Le dernier message est arrivé deux fois. Il compte une fois : voyez les résultats.", none: "Rien n’a encore été envoyé. Écrivez d’abord quelque chose.", failed: "Cela n’a pas fonctionné. Veuillez réessayer." },
  de: { title: "Belleman: Demo", resident: "Eine Einwohnerin", staff: "Ein Mitarbeiter der Stadt", clock: "Uhr vorstellen:", hour: "1 Stunde", day: "1 Tag", week: "1 Woche", weather: "Telegram:", fine: "läuft", slow: "ist langsam", down: "ist gestört", again: "Letzte Nachricht noch einmal zustellen",
    forwarded: "Es ist jetzt später. Was offen war, kann geschlossen sein.", isfine: "Alles, was wartete, ist jetzt zugestellt, jedes einmal.", isslow: "Jeder Aufruf dauert drei Sekunden. Nichts geht verloren; stimmen Sie ab.", isdown: "Der Bot erreicht niemanden. Schreiben oder stimmen Sie: Es wartet und zählt einmal.", came: "Die letzte Nachricht kam zweimal. Sie zählt einmal: Sehen Sie die Ergebnisse an.", none: "Es wurde noch nichts gesendet. Schreiben Sie zuerst etwas.", failed: "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal." },
};

const query = new URLSearchParams(location.search);
const language = query.get("lang") || navigator.language || "en";
const code = language.slice(0, 2).toLowerCase();
const w = WORDS[code] || WORDS.en;
const all = (selector) => [...document.querySelectorAll(selector)];
let ahead = 0;

function say(text) { document.getElementById("said").textContent = text; }

function tick() {
  const format = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short", hourCycle: "h23" });
  document.getElementById("moment").textContent = format.format(new Date(Date.now() + ahead));
}

function show(state) {
  ahead = state.now * 1000 - Date.now();
  for (const button of all("[data-weather]")) button.setAttribute("aria-pressed", String(button.dataset.weather === state.weather));
  tick();
}

async function act(path, body, said) {
  try {
    const headers = { "X-Belleman": "1", "Content-Type": "application/json" };
    const response = await fetch(`/demo/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(path);
    const state = await response.json();
    show(state);
    say(typeof said === "function" ? said(state) : said);
  } catch { say(w.failed); }
}

function pick(pane) {
  for (const section of all("section")) section.classList.toggle("behind", section.dataset.pane !== pane);
  for (const button of all("#tabs button")) button.setAttribute("aria-pressed", String(button.dataset.pane === pane));
}

// The clerk's first view is what waits for staff; later ones go on where they were.
function first(pane) {
  try {
    if (localStorage.getItem(`stage-${pane}`)) return false;
    localStorage.setItem(`stage-${pane}`, "1");
    return true;
  } catch { return true; }
}

function open(section) {
  const { pane } = section.dataset, asked = new URLSearchParams({ lang: language, pane });
  const start = pane === "staff" ? (first(pane) ? "staff" : null) : query.get("start");
  if (start !== null) asked.set("start", start);
  const frame = section.querySelector("iframe");
  frame.title = w[pane];
  frame.allow = "clipboard-write; geolocation";
  frame.src = `/?${asked}`;
  section.querySelector("h2").textContent = w[pane];
}

document.documentElement.lang = w === WORDS.en ? "en" : code;
document.title = w.title;
document.getElementById("title").textContent = w.title;
document.getElementById("clock-label").textContent = w.clock;
document.getElementById("weather-label").textContent = w.weather;
document.getElementById("again").textContent = w.again;
document.getElementById("again").addEventListener("click", () => act("again", {}, (state) => (state.again ? w.came : w.none)));
for (const button of all("[data-hours]")) {
  button.textContent = { 1: w.hour, 24: w.day, 168: w.week }[button.dataset.hours];
  button.addEventListener("click", () => act("forward", { hours: Number(button.dataset.hours) }, w.forwarded));
}
for (const button of all("[data-weather]")) {
  const { weather } = button.dataset;
  button.textContent = w[weather];
  button.addEventListener("click", () => act("weather", { weather }, w[`is${weather}`]));
}
for (const button of all("#tabs button")) {
  button.textContent = w[button.dataset.pane];
  button.addEventListener("click", () => pick(button.dataset.pane));
}
all("section").forEach(open);
fetch("/demo/state").then((response) => response.json()).then(show).catch(() => say(w.failed));
setInterval(tick, 20000);
