// Sending a place: where the telephone is, a point of the invented commune, or one that is typed.

import { el, icon } from "./dom.js";
import { t } from "./words.js";

const POINTS = { place_hall: [9.93125, 106.34369], place_market: [9.9368, 106.3391], place_office: [9.9402, 106.3514] };
// "9.931, 106.344", also within a map's address; "9,931 106,344" as it is written in Vietnam.
const DEGREES = [/(?<!\d)(-?\d{1,2}\.\d+)\s*[,;\s]\s*(-?\d{1,3}\.\d+)/, /(?<!\d)(-?\d{1,2},\d+)\s*[;\s]\s*(-?\d{1,3},\d+)/];
const PATIENCE = 10000; // milliseconds until the telephone must know where it is

const dialog = document.getElementById("place");
const here = document.getElementById("place-here");
const trouble = document.getElementById("place-trouble");
const points = document.getElementById("place-points");
const typed = document.getElementById("place-typed");
let send = () => {};

// `take(latitude, longitude)` is called once a place was chosen; nothing is asked of the telephone before.
export function choosePlace(take) {
  send = take;
  typed.value = "";
  complain("");
  points.replaceChildren(...Object.entries(POINTS).map(([name, at]) => el("li", {}, pointButton(name, at))));
  dialog.showModal();
}

function pointButton(name, at) {
  return el("button", { type: "button", "data-testid": "place-point", onclick: () => done(...at) }, icon("pin"), el("span", {}, t(name)));
}

function done(latitude, longitude) {
  dialog.close();
  send(latitude, longitude);
}

function complain(sentence) {
  trouble.textContent = sentence;
  trouble.hidden = !sentence;
}

here.addEventListener("click", () => {
  here.disabled = true;
  const over = () => (here.disabled = false);
  const found = ({ coords }) => {
    over();
    if (dialog.open) done(coords.latitude, coords.longitude);
  };
  const failed = (error) => {
    over();
    complain(t(error.code === error.PERMISSION_DENIED ? "place_refused" : "place_unknown"));
  };
  complain("");
  navigator.geolocation.getCurrentPosition(found, failed, { timeout: PATIENCE });
});
document.getElementById("place-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const read = DEGREES.map((form) => form.exec(typed.value)).find(Boolean) ?? [];
  const [latitude, longitude] = read.slice(1).map((number) => Number(number.replace(",", ".")));
  if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) done(latitude, longitude);
  else complain(t("place_unread"));
});
document.getElementById("place-close").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
