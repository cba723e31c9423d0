// The page: which phones are open, which one is looked at, and what the stream of news brings them.

import { get, listen } from "./api.js";
import { choose } from "./chooser.js";
import { draw as drawClock, move, setClock, startClock } from "./clock.js";
import { avatar, badge, el, icon, notice } from "./dom.js";
import { PhoneView } from "./phone.js";
import { LABELS, otherLanguage, role, t, translate } from "./words.js";

const AT_START = 3;
const phones = document.getElementById("phones");
const tabs = document.getElementById("tabs");
const views = new Map();
const tabOf = new Map();
const news = new Map(); // messages on phones that are not open
let active = null;

const host = {
  isActive: (view) => view === active,
  activate,
  changed: drawTab,
  close,
};

const narrow = matchMedia("(max-width: 760px)");

// Opening and closing.

async function open(person) {
  if (!views.has(person.id)) {
    const view = new PhoneView(person, host);
    views.set(person.id, view);
    phones.append(view.node);
    addTab(view);
    seen.observe(view.node);
    news.delete(person.id);
    remember();
    await view.load().catch((error) => notice(error.message));
  }
  return views.get(person.id);
}

async function openAndShow(person) {
  show(await open(person));
}

function close(view) {
  views.delete(view.person.id);
  seen.unobserve(view.node);
  view.node.remove();
  tabOf.get(view.person.id)?.remove();
  tabOf.delete(view.person.id);
  if (active === view) activate(views.values().next().value ?? null);
  remember();
}

function remember() {
  localStorage.setItem("apso.open", JSON.stringify([...views.keys()]));
  phones.dataset.count = views.size;
  tabs.hidden = views.size < 2;
  drawElsewhere();
}

// The phones named in ?open=, else those of the last visit, else those the demo suggests.
async function atStart() {
  const named = new URLSearchParams(location.search).get("open")?.split(",") ?? stored();
  const found = await Promise.all((named ?? []).map((id) => get(`/${encodeURIComponent(id)}`).catch(() => null)));
  const people = found.filter(Boolean);
  if (people.length) return people;
  const suggested = await get("/people?limit=20");
  const wanted = suggested.filter((one) => one.open);
  return wanted.length ? wanted : suggested.slice(0, AT_START);
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem("apso.open"));
  } catch {
    return null;
  }
}

// Looking at one of them.

function activate(view) {
  if (active === view) return;
  active = view;
  for (const one of views.values()) {
    one.node.classList.toggle("active", one === active);
    const tab = tabOf.get(one.person.id);
    tab?.setAttribute("aria-selected", String(one === active));
    if (one === active && narrow.matches) tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  active?.look();
}

function show(view) {
  view.node.scrollIntoView({ block: "nearest", inline: "center" });
  activate(view);
}

// On a narrow screen the phone swiped to is the one looked at.
const seen = new IntersectionObserver(
  (entries) => {
    if (!narrow.matches) return;
    const entry = entries.find((one) => one.isIntersecting);
    const view = entry && views.get(entry.target.dataset.person);
    if (view) activate(view);
  },
  { root: phones, threshold: 0.6 },
);

function addTab(view) {
  const { person } = view;
  const tab = el(
    "button",
    { type: "button", role: "tab", "data-testid": "tab", "data-person": person.id, "aria-selected": "false", "aria-controls": `phone-${person.id}` },
    avatar(person),
    el("span", { class: "name" }, person.name.split(/\s+/).at(-1), el("small", {}, role(person))),
    el("span", { class: "badge", "data-testid": "tab-unread", hidden: true }),
  );
  tab.addEventListener("click", () => show(view));
  tabOf.set(person.id, tab);
  tabs.append(tab);
}

function drawTab(view) {
  const mark = tabOf.get(view.person.id)?.querySelector(".badge");
  if (mark) badge(mark, view.unread(), t("unread", { n: view.unread() }));
  const all = [...views.values()].reduce((sum, one) => sum + one.unread(), 0);
  document.title = all ? `(${all}) Ấp Số` : "Ấp Số";
}

function drawElsewhere() {
  badge(document.getElementById("elsewhere"), news.size, t("elsewhere", { n: news.size }));
}

// The stream of news.

function heard({ person, message, plain, clock }) {
  if (clock) return setClock(clock);
  const view = views.get(person);
  if (!view) {
    if (message?.from === "bot" && !message.edits) news.set(person, (news.get(person) ?? 0) + 1);
    return drawElsewhere();
  }
  if (message) view.put(message);
  else view.setPlain(plain);
}

const offline = document.getElementById("offline");
let everOpened = false;

function opened() {
  offline.hidden = true;
  if (everOpened) for (const view of views.values()) view.catchUp().catch((error) => notice(error.message));
  everOpened = true;
}

// What to try, one step after the other.

const done = new Set();

function drawHints() {
  const place = document.getElementById("hints");
  place.hidden = localStorage.getItem("apso.hints") === "away";
  const put = el("button", { type: "button", class: "round", "data-testid": "hints-close", "aria-label": t("hints_close"), title: t("hints_close") }, icon("close"));
  put.addEventListener("click", () => {
    localStorage.setItem("apso.hints", "away");
    place.hidden = true;
  });
  const acts = {
    report: () => suggest("report", 0),
    assign: () => suggest("assign", 1),
    broadcast: () => suggest("broadcast", 2),
    tomorrow: () => move({ advance: "tomorrow 07:00" }),
    friday: () => move({ advance: "friday 16:00" }),
  };
  place.replaceChildren(el("b", {}, t("hints")), el("ol", {}, ...Object.entries(acts).map(hint)), put);
}

function hint([name, act]) {
  const button = el("button", { type: "button", class: done.has(name) ? "done" : "", "data-testid": `hint-${name}` }, t(`hint_${name}`));
  button.addEventListener("click", () => {
    done.add(name);
    button.classList.add("done");
    button.parentElement.nextElementSibling?.scrollIntoView({ block: "nearest", inline: "nearest" });
    act();
  });
  return el("li", {}, button);
}

// Shows the phone whose menu has the button and points at it; where there are no buttons, its words are put into the
// input. Pressing or sending stays with the person.
function suggest(name, place) {
  const all = [...views.values()];
  const label = (view) => view.keyboard.menu.flat().find((one) => LABELS[name].some((words) => one.includes(words)));
  const view = all.find(label) ?? all[place] ?? active;
  if (!view) return;
  show(view);
  view.point(label(view) ?? LABELS[name][0]);
}

// The start.

function speak() {
  translate(document);
  const language = document.getElementById("language");
  language.textContent = t("language");
  language.setAttribute("aria-label", t("language_label"));
  language.title = t("language_label");
  phones.dataset.empty = t("no_phones");
  drawHints();
  drawElsewhere();
  drawClock();
  for (const view of views.values()) {
    view.translate();
    tabOf.get(view.person.id)?.querySelector("small").replaceChildren(role(view.person));
  }
}

document.getElementById("language").addEventListener("click", () => {
  otherLanguage();
  speak();
});
document.getElementById("add").addEventListener("click", () => choose({ isOpen: (id) => views.has(id), news, choose: openAndShow }));
document.addEventListener("visibilitychange", () => active?.look());
for (const act of ["dragover", "drop"]) document.addEventListener(act, (event) => event.preventDefault());

speak();
startClock();
listen({ opened, event: heard, lost: () => (offline.hidden = false) });
try {
  await Promise.all((await atStart()).map(open));
  activate(views.values().next().value ?? null);
} catch (error) {
  notice(error.message);
}
document.body.dataset.ready = "yes";
