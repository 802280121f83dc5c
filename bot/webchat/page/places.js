// Places: from the device, typed or pasted, or tapped where a message names one.

import { $ } from "./dom.js";
import { mapOf } from "./drawing.js";
import { sheet } from "./menus.js";
import { post } from "./outbox.js";
import { w } from "./words.js";

const WRITTEN = /(-?\d{1,2}\.\d+)(?:[\s,;/]+|%2C|&m?lon=)(-?\d{1,3}\.\d+)/i;

const COMMAS = /^(-?\d{1,2}),(\d+)[\s;]+(-?\d{1,3}),(\d+)$/;

const send = (latitude, longitude) => post("place", { latitude: Number(latitude), longitude: Number(longitude) }, `📍 ${Number(latitude).toFixed(5)}, ${Number(longitude).toFixed(5)}`);

export function sharePlace() {
  $("place-wrong").textContent = "";
  $("place-here").hidden = !navigator.geolocation;
  $("place").showModal();
}

export function choosePlace(button) {
  const [latitude, longitude] = button.dataset.place.split(",");
  sheet(button, [
    { title: button.textContent },
    { label: w.sendPlace, run: () => send(latitude, longitude) },
    { label: w.map, href: mapOf(latitude, longitude) },
  ]);
}

function shareHere() {
  const rest = () => $("place-here").removeAttribute("aria-busy");
  const found = ({ coords }) => {
    rest();
    if (!$("place").open) return;
    $("place").close();
    send(coords.latitude, coords.longitude);
  };
  const unknown = () => { rest(); $("place-wrong").textContent = w.unknown; };
  $("place-here").setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(found, unknown, { timeout: 10000, enableHighAccuracy: true });
}

function typed(event) {
  if (event.submitter?.value !== "ok") return;
  const match = WRITTEN.exec($("place-text").value.trim().replace(COMMAS, "$1.$2 $3.$4"));
  const good = match && Math.abs(match[1]) <= 90 && Math.abs(match[2]) <= 180;
  if (!good) { event.preventDefault(); $("place-wrong").textContent = w.wrong; $("place-text").focus(); return; }
  send(match[1], match[2]);
  $("place-text").value = "";
}

export function watchPlaces() {
  $("place-here").addEventListener("click", shareHere);
  $("place").querySelector("form").addEventListener("submit", typed);
}

export function labelPlaces() {
  $("place-title").textContent = w.place;
  $("place-here").textContent = w.here;
  $("place-label").textContent = w.type;
  $("place-cancel").textContent = w.cancel;
  $("place-ok").textContent = w.send;
}
