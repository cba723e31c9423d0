// The demo's clock in the bar: it shows the time that goes on by itself, and takes it forward.

import { get, post } from "./api.js";
import { notice } from "./dom.js";
import { dayOf, hourOf } from "./words.js";

const panel = document.getElementById("clock-panel");
const toggle = document.getElementById("clock-toggle");
const input = document.getElementById("clock-input");
let known = null;

// The last known time and the moment it was known at. A clock found standing still is left standing.
export function setClock({ now }) {
  const stood = known !== null && known.now === now && performance.now() - known.since > 3000;
  known = { now, since: performance.now(), stands: stood };
  draw();
}

function current() {
  const passed = known.stands ? 0 : performance.now() - known.since;
  const offset = known.now.slice(-6);
  const [hours, minutes] = offset.slice(1).split(":").map(Number);
  const away = (offset[0] === "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  return new Date(Date.parse(known.now) + passed + away).toISOString();
}

export function draw() {
  if (known === null) return;
  const now = current();
  document.getElementById("clock-time").textContent = hourOf(now);
  document.getElementById("clock-day").textContent = dayOf(now);
  document.getElementById("clock-time").dataset.now = known.now;
  input.min = now.slice(0, 16);
  if (!input.value || input.value < input.min) input.value = input.min;
}

export async function move(to) {
  const buttons = panel.querySelectorAll("button");
  for (const one of buttons) one.disabled = true;
  toggle.classList.add("busy");
  try {
    setClock(await post("/clock", to));
    open(false);
  } catch (error) {
    notice(error.message);
  } finally {
    for (const one of buttons) one.disabled = false;
    toggle.classList.remove("busy");
  }
}

function open(wanted) {
  panel.classList.toggle("open", wanted);
  toggle.setAttribute("aria-expanded", String(wanted));
}

export function startClock() {
  toggle.addEventListener("click", () => open(!panel.classList.contains("open")));
  for (const one of panel.querySelectorAll("[data-advance]")) {
    one.addEventListener("click", () => move({ advance: one.dataset.advance }));
  }
  document.getElementById("clock-form").addEventListener("submit", (event) => {
    event.preventDefault();
    move({ now: input.value });
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!target.closest(".clock")) open(false);
  });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && open(false));
  setInterval(draw, 1000);
  setInterval(() => get("/clock").then(setClock, () => {}), 20_000);
}
