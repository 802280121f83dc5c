// The text field: writing, changing what was written, answering what the bot asked, and sending files along.

import { $, atDesk, icon, label, make } from "./dom.js";
import { brief } from "./drawing.js";
import { keyboard } from "./keyboards.js";
import { messageAt } from "./log.js";
import { toast } from "./notices.js";
import { post } from "./outbox.js";
import { keep, kept } from "./wire.js";
import { filled, w } from "./words.js";

const CAPTION = 1000, SIDE = 1920, BIG = 1500000, MOST = { photo: 10, document: 50 }, ALBUM = 10;
const GROWS = CSS.supports("field-sizing", "content");
let edited = null, unsent = "", asked = null, alone = 0, asking = () => null;

const field = () => $("text");

function put(text) { field().value = text; grow(); }

function grow() {
  if (GROWS) return;
  field().style.height = "auto";
  field().style.height = `${Math.min(field().scrollHeight + 2, 140)}px`;
}

async function submit(event) {
  event?.preventDefault();
  const text = field().value.trim();
  if (!text) return;
  if (edited) {
    const message = edited;
    stopEdit();
    post("edit", { message_id: message.message_id, text });
    return;
  }
  put("");
  giveBack(await post("send", asked || !alone ? { text } : { text, alone: true }, text), text);
}

// What was refused is not lost: it stands in the field again.
function giveBack(answer, text) { if (answer === null) put(field().value ? `${text}\n${field().value}` : text); }

// The line above the field: what is changed, or what is answered.

function draw() {
  $("above").hidden = !edited && !asked;
  $("above-title").textContent = edited ? w.editing : w.answering;
  $("above-text").textContent = edited ? edited.text : asked ? brief(asked) : "";
  label("above-stop", edited ? w.stop : w.stopAnswer);
  const hint = (!edited && keyboard().input_field_placeholder) || w.write;
  field().placeholder = hint;
  label("text", hint);
}

export function startEdit(button) {
  if (!edited) unsent = field().value;
  edited = messageAt(button);
  draw();
  put(edited.text);
  field().focus();
}

function stopEdit() {
  edited = null;
  put(unsent);
  unsent = "";
  draw();
}

function stop() {
  if (edited) stopEdit();
  else { alone = keyboard().message_id || 1; asked = null; draw(); }
  field().focus();
}

// The bot asks for an answer in words (or it no longer does).
export function ask(given = keyboard()) {
  const wanted = given.force_reply && alone !== given.message_id;
  if (!given.force_reply) alone = 0;
  const before = asked;
  asked = wanted ? asking(given.message_id) || { text: "…" } : null;
  draw();
  if (asked && !before && atDesk() && !document.querySelector("dialog[open]")) field().focus();
}

// Files.

async function shrunk(file) {
  // A telephone's photo of many megabytes travels as what will be shown of it; what is no picture stays here.
  try {
    const image = await createImageBitmap(file), scale = Math.min(1, SIDE / Math.max(image.width, image.height));
    if (file.size < BIG) return file;
    const canvas = make("canvas", { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return (await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.9); })) || file;
  } catch {
    toast(filled(file.size ? w.noPicture : w.noBytes, { name: file.name }));
    return null;
  }
}

function fits(file, kind) {
  if (file.size && file.size <= MOST[kind] * 1048576) return true;
  toast(file.size ? filled(w.big, { n: MOST[kind] }) : filled(w.noBytes, { name: file.name }));
  return false;
}

// The words that stand in the field go along as the caption, or before it where they are too long for one.
function caption() {
  const text = edited ? "" : field().value.trim();
  if (!text) return "";
  put("");
  if (text.length <= CAPTION) return text;
  post("send", { text }, text);
  return "";
}

async function sharePhotos(files) {
  const photos = (await Promise.all(files.slice(0, ALBUM).map(shrunk))).filter((file) => file && fits(file, "photo"));
  if (photos.length) await upload("photo", photos, caption(), photos.map(preview));
}

async function shareFiles(files) {
  const good = files.filter((file) => fits(file, "document"));
  let words = good.length ? caption() : "";
  for (const file of good) {
    upload("document", [file], words, [make("span", { class: "file" }, icon("M7 3h7l4 4v14H7zM14 3v4h4"), make("bdi", {}, file.name))]);
    words = "";
  }
}

async function upload(kind, files, words, previews) {
  const form = new FormData();
  form.set("kind", kind);
  for (const file of files) form.append("file", file, kind === "photo" ? "photo.jpg" : file.name);
  if (words) form.set("caption", words);
  const shown = make("div", {}, make("div", { class: `photos of${Math.min(previews.length, 5)} going` }, ...previews), words);
  const answer = await post("upload", form, shown);
  for (const image of shown.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  if (words) giveBack(answer, words);
}

const preview = (file) => make("img", { src: URL.createObjectURL(file), alt: w.picture });

function chosen(input, share) {
  const files = [...input.files];
  input.value = "";
  if (files.length) share(files);
}

// A text that is not sent yet outlives a reload, of the same person's page.
export function restore(user) {
  const left = kept("text");
  if (left?.user === user && !field().value) put(left.text);
  const save = () => keep("text", { user, text: edited ? unsent : field().value });
  addEventListener("leaving", () => put(""));
  addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
}

export function labelField() {
  $("composer").setAttribute("aria-label", w.message);
  label("send", w.send);
  draw();
}

export function watchField(messageOf) {
  asking = messageOf;
  $("composer").addEventListener("submit", submit);
  field().addEventListener("input", grow);
  field().addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
    if (event.key === "Escape" && !$("above").hidden && $("menu").hidden) stop();
  });
  $("above-stop").addEventListener("click", stop);
  $("file").addEventListener("change", () => chosen($("file"), sharePhotos));
  $("paper").addEventListener("change", () => chosen($("paper"), shareFiles));
}
