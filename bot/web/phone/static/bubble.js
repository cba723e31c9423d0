// One message as it stands on the screen.

import { el, icon } from "./dom.js";
import { dayOf, hourOf, t } from "./words.js";

const STYLES = { b: "b", i: "i", code: "code" };
const LINK = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/;
const CODE = /(\b[A-Z]-\d+\b|(?:Ấp|ấp|Tổ|tổ|Khóm|khóm|Thôn|thôn|Khu phố|khu phố) \d+)/; // "B-1234" and "Ấp 1" stay on one line

// `acts` has press(message, index, button) and view(urls, index).
export function bubble(message, acts) {
  const { id, from, files } = message;
  const photos = files.filter((file) => file.kind === "photo");
  const papers = files.filter((file) => file.kind !== "photo");
  const said = el("div", { class: `bubble${photos.length && !message.text ? " bare" : ""}` });
  if (photos.length) said.append(album(photos, acts));
  said.append(...papers.map(paper));
  if (message.text) said.append(words(message.spans));
  said.append(stamp(message));
  const node = el(
    "div",
    { class: `message ${from}`, "data-testid": "message", "data-message-id": id, "data-from": from },
    el("div", { class: "day", "data-testid": "day", role: "separator" }),
    said,
  );
  if (message.buttons.length) node.append(buttons(message, acts));
  node.dataset.at = message.at;
  return node;
}

// A message on its way: it gives place to the real one.
export function pending(text, count) {
  const said = el("div", { class: "bubble" });
  if (count) said.append(el("span", { class: "going" }, icon("photo"), ` × ${count}`));
  if (text) said.append(words([[text, ""]]));
  const mark = el("span", { class: "stamp" });
  mark.textContent = t("sending");
  said.append(mark);
  return el("div", { class: "message me pending", "data-testid": "pending" }, said);
}

// What depends on the message before: the day line, and whether both belong together.
export function follow(node, before) {
  const day = node.querySelector(".day");
  const sameDay = before?.dataset.at?.slice(0, 10) === node.dataset.at.slice(0, 10);
  day.hidden = sameDay;
  day.textContent = sameDay ? "" : dayOf(node.dataset.at);
  node.classList.toggle("joined", Boolean(sameDay && before.dataset.from === node.dataset.from));
}

function words(spans) {
  const text = el("div", { class: "words", "data-testid": "message-text" });
  for (const [run, style] of spans) {
    const place = STYLES[style] ? el(STYLES[style]) : text;
    for (const [i, part] of run.split(LINK).entries()) {
      if (i % 2) place.append(el("a", { href: part, target: "_blank", rel: "noopener noreferrer" }, part));
      else place.append(...together(part));
    }
    if (place !== text) text.append(place);
  }
  return text;
}

function together(part) {
  return part.split(CODE).map((piece, i) => (i % 2 ? el("span", { class: "together" }, piece) : piece));
}

function stamp(message) {
  const mark = el("span", { class: "stamp" });
  if (message.edits) mark.append(el("span", { "data-testid": "edited-mark" }, t("edited")), " ");
  mark.append(el("time", { datetime: message.at, "data-testid": "message-time" }, hourOf(message.at)));
  return mark;
}

function album(photos, acts) {
  const urls = photos.map((photo) => photo.url);
  const shape = photos.length === 1 ? "one" : photos.length === 2 || photos.length === 4 ? "pairs" : "threes";
  return el(
    "div",
    { class: `album ${shape}` },
    ...photos.map((photo, i) =>
      el(
        "button",
        { type: "button", class: "photo", "data-testid": "photo", onclick: () => acts.view(urls, i) },
        el("img", { src: photo.small, alt: t("photo", { n: i + 1 }), loading: "lazy", decoding: "async" }),
      ),
    ),
  );
}

function paper(file) {
  const name = file.name || t("document");
  const size = file.size ? `${Math.max(1, Math.round(file.size / 1024)).toLocaleString("vi")} KB` : "";
  return el(
    "a",
    { class: "paper", "data-testid": "document", href: file.url, download: name },
    icon("paper"),
    el("span", {}, el("b", {}, name), el("small", {}, size)),
  );
}

function buttons(message, acts) {
  let index = 0;
  const rows = message.buttons.map((row) => el("div", { class: "row" }, ...row.map((one) => button(one, index++))));
  function button(one, place) {
    return el(
      "button",
      {
        type: "button",
        "data-testid": "message-button",
        "data-index": place,
        onclick: ({ currentTarget }) => acts.press(message, place, currentTarget),
      },
      one.label,
    );
  }
  return el("div", { class: "buttons", "data-testid": "message-buttons", role: "group" }, ...rows);
}
