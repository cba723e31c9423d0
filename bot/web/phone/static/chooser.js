// Opening one more phone: a search over the people of the demo.

import { get } from "./api.js";
import { avatar, badge, el, notice } from "./dom.js";
import { role, t } from "./words.js";

const dialog = document.getElementById("chooser");
const search = document.getElementById("chooser-search");
const list = document.getElementById("chooser-list");
let asked = 0;
let timer = 0;
let context = null;

// `isOpen(id)`, `news` (Map of person id to count of messages on phones not open), `choose(person)`.
export function choose(given) {
  context = given;
  search.value = "";
  list.replaceChildren();
  dialog.showModal();
  search.focus();
  find();
}

async function find() {
  const mine = ++asked;
  const q = search.value.trim();
  try {
    const near = await get(`/people?limit=60&q=${encodeURIComponent(q)}`);
    const people = q ? near : await newsFirst(near);
    if (mine === asked) draw(people); // else a later search has overtaken this one
  } catch (error) {
    notice(error.message);
  }
}

// Those with news come first: the near ones, then some from farther away.
async function newsFirst(near) {
  const known = new Set(near.map((one) => one.id));
  const others = [...context.news.keys()].filter((id) => !known.has(id)).slice(0, 8);
  const far = await Promise.all(others.map((id) => get(`/${encodeURIComponent(id)}`)));
  const has = (one) => context.news.has(one.id);
  return [...near.filter(has), ...far, ...near.filter((one) => !has(one))];
}

function draw(people) {
  list.replaceChildren(...people.map(item));
  if (!people.length) list.append(el("li", { class: "nobody" }, t("nobody")));
}

function item(person) {
  const open = context.isOpen(person.id);
  const count = el("span", { class: "badge" });
  badge(count, context.news.get(person.id) ?? 0, t("unread", { n: context.news.get(person.id) ?? 0 }));
  const pick = () => {
    dialog.close();
    context.choose(person);
  };
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", "data-testid": "chooser-person", "data-person": person.id, onclick: pick },
      avatar(person),
      el(
        "span",
        { class: "who" },
        el("b", {}, person.name),
        el("small", {}, [role(person), person.unit].filter(Boolean).join(" · ")),
      ),
      count,
      open ? el("small", { class: "opened" }, t("opened")) : null,
    ),
  );
}

search.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(find, 120);
});
search.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" && event.key !== "ArrowDown") return;
  event.preventDefault();
  const first = list.querySelector("button");
  if (event.key === "Enter") first?.click();
  else first?.focus();
});
list.addEventListener("keydown", (event) => {
  const row = event.target.closest("li");
  const next = { ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling }[event.key];
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    (next?.querySelector("button") ?? search).focus();
  }
});
document.getElementById("chooser-close").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
