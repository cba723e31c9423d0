// One phone: its head, its messages, its menu and its input.

import { get, post } from "./api.js";
import { bubble, follow, pending } from "./bubble.js";
import { avatar, badge, el, icon } from "./dom.js";
import { Tray, view } from "./photos.js";
import { choosePlace } from "./place.js";
import { role, t, translate } from "./words.js";

const PAGE = 100;
const NEAR = 60; // pixels from the end that still count as being at the end
const FINE = matchMedia("(pointer: fine)");
const LINGER = 1500; // milliseconds the bot is thought to be writing after its turn ended

export class PhoneView {
  // `host` has isActive(view), activate(view), changed(view), close(view).
  constructor(person, host) {
    this.person = person;
    this.host = host;
    this.path = `/${encodeURIComponent(person.id)}`;
    this.messages = new Map();
    this.nodes = new Map();
    this.going = [];
    this.follows = false;
    this.keyboard = { menu: [], contact: "", from: 0, hidden: false };
    this.stick = true;
    this.top = 0;
    this.read = Number(localStorage.getItem(`apso.read.${person.id}`) ?? NaN);
    this.build();
    this.setPlain(person.plain);
  }

  // What stands where.

  build() {
    const { person } = this;
    this.roleMark = el("b", { class: "role", "data-testid": "role" });
    this.unreadMark = el("span", { class: "badge", "data-testid": "unread", hidden: true });
    this.plainSwitch = el("input", { type: "checkbox", role: "switch", "data-testid": "plain-switch", "data-t-label": "plain_label" });
    this.plainSwitch.addEventListener("change", () => this.askPlain());
    this.closing = el("button", { type: "button", class: "round", "data-testid": "close-phone" }, icon("close"));
    this.closing.addEventListener("click", () => this.host.close(this));
    const head = el(
      "header",
      { class: "head" },
      avatar(person),
      el(
        "div",
        { class: "who" },
        el("h2", {}, el("span", { "data-testid": "owner" }, person.name), this.unreadMark),
        el("p", {}, this.roleMark, " ", el("span", { class: "place" }, person.unit)),
      ),
      el("label", { class: "switch" }, this.plainSwitch, el("i", {}), el("span", { "data-t": "plain" })),
      this.closing,
    );
    this.node = el(
      "section",
      { class: "phone", "data-testid": "phone", "data-person": person.id, id: `phone-${person.id}` },
      head,
      this.buildScreen(),
      this.buildMenu(),
      this.buildComposer(),
      el("div", { class: "dropping", "aria-hidden": "true", "data-t": "drop" }),
    );
    this.listenToDrops();
    for (const act of ["pointerdown", "focusin", "wheel"]) {
      this.node.addEventListener(act, () => this.host.activate(this), { passive: true });
    }
    this.translate();
  }

  buildScreen() {
    this.earlier = el("button", { type: "button", class: "chip earlier", "data-testid": "earlier", "data-t": "earlier", hidden: true });
    this.earlier.addEventListener("click", () => this.loadEarlier());
    this.intro = this.buildIntro();
    this.list = el("div", { class: "list", role: "log", "aria-live": "polite", "data-testid": "messages", "data-t-label": "messages", tabindex: "0" });
    this.typing = el(
      "div",
      { class: "message bot typing", "data-testid": "typing", role: "status", hidden: true },
      el("div", { class: "bubble", "data-t-label": "typing", role: "img" }, el("i"), el("i"), el("i")),
    );
    this.scroll = el("div", { class: "scroll" }, this.earlier, this.intro, this.list, this.typing);
    this.jumpCount = el("span", { class: "count" });
    this.jump = el("button", { type: "button", class: "jump", "data-testid": "jump", hidden: true }, this.jumpCount, icon("down"));
    this.jump.addEventListener("click", () => this.toEnd());
    this.toastPlace = el("p", { class: "toast", "data-testid": "toast", role: "status" });
    this.scroll.addEventListener("scroll", () => this.scrolled(), { passive: true });
    const sizes = new ResizeObserver(() => this.stick && this.toEnd());
    for (const one of [this.scroll, this.list]) sizes.observe(one);
    return el("div", { class: "screen" }, this.scroll, this.jump, this.toastPlace);
  }

  buildIntro() {
    const start = el("button", { type: "button", class: "chip solid", "data-testid": "start", "data-t": "start" });
    start.addEventListener("click", () => this.start());
    return el(
      "div",
      { class: "intro", hidden: true },
      el("img", { src: "/phone/static/mark.svg", alt: "", width: 64, height: 64 }),
      el("h3", {}, "Ấp Số"),
      el("p", { "data-t": "intro" }),
      start,
      el("p", { class: "faint", "data-t": "intro_or" }),
    );
  }

  buildMenu() {
    this.menu = el("div", { class: "menu", role: "group", "data-testid": "menu", "data-t-label": "menu", hidden: true });
    return this.menu;
  }

  buildComposer() {
    this.tray = new Tray((sentence) => this.toast(sentence), () => this.composed());
    this.picker = el("input", { type: "file", multiple: true, accept: "image/*,.xlsx,.xls,.ods,.csv", "data-testid": "file-input", "data-t-label": "attach", tabindex: "-1" });
    this.picker.addEventListener("change", () => {
      this.tray.add(this.picker.files);
      this.picker.value = "";
      this.input.focus();
    });
    const attach = el("button", { type: "button", class: "round", "data-testid": "attach", "data-t-label": "attach" }, icon("photo"));
    attach.addEventListener("click", () => this.picker.click());
    const place = el("button", { type: "button", class: "round spare", "data-testid": "place", "data-t-label": "place" }, icon("pin"));
    place.addEventListener("click", () => choosePlace((...at) => this.sendPlace(...at)));
    this.menuToggle = el("button", { type: "button", class: "round spare", "data-testid": "menu-toggle", hidden: true }, icon("grid"));
    this.menuToggle.addEventListener("click", () => {
      this.keyboard.hidden = !this.keyboard.hidden;
      this.drawMenu();
    });
    this.input = el("textarea", { rows: 1, "data-testid": "input", enterkeyhint: "send", autocomplete: "off" });
    this.input.addEventListener("input", () => this.composed());
    this.input.addEventListener("paste", (event) => this.pasted(event));
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowUp" && !this.input.value) this.toButtons(event);
      // isComposing: Enter that ends a Vietnamese input method's word must not send.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.submit();
    });
    this.sendButton = el("button", { type: "submit", class: "round send", "data-testid": "send", "data-t-label": "send" }, icon("send"));
    const form = el("form", { class: "composer", "data-testid": "composer" }, this.picker, attach, place, this.input, this.menuToggle, this.sendButton);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    return el("footer", {}, this.tray.node, form);
  }

  listenToDrops() {
    let depth = 0;
    const holds = (event) => event.dataTransfer?.types.includes("Files");
    const over = (by) => {
      depth = by === 0 ? 0 : Math.max(0, depth + by);
      this.node.classList.toggle("over", depth > 0);
    };
    this.node.addEventListener("dragenter", (event) => holds(event) && over(1));
    this.node.addEventListener("dragleave", (event) => holds(event) && over(-1));
    this.node.addEventListener("drop", (event) => {
      event.preventDefault();
      over(0);
      this.tray.add(event.dataTransfer.files);
      this.input.focus();
    });
  }

  translate() {
    const { name } = this.person;
    translate(this.node);
    this.roleMark.textContent = role(this.person);
    this.node.setAttribute("aria-label", t("phone_of", { name }));
    this.closing.setAttribute("aria-label", t("close_phone", { name }));
    this.closing.title = t("close_phone", { name });
    this.nameInput();
    this.drawMenu();
    for (const message of this.messages.values()) this.place(message);
    this.drawUnread();
  }

  // Messages coming in.

  async load() {
    const [state, messages] = await Promise.all([get(this.path), get(`${this.path}/messages?limit=${PAGE}`)]);
    this.setPlain(state.plain);
    this.keyboard = { ...this.keyboard, menu: state.menu, contact: state.contact, from: messages.at(-1)?.id ?? 0 };
    this.take(messages);
    this.earlier.hidden = messages.length < PAGE;
    this.intro.hidden = this.messages.size > 0;
    if (Number.isNaN(this.read)) this.read = this.last();
    this.drawMenu();
    this.toEnd();
    this.look();
  }

  // After the connection was lost: everything from the oldest message shown, so that edits come too.
  async catchUp() {
    const oldest = Math.min(...this.messages.keys(), this.last() + 1);
    this.setPlain((await get(this.path)).plain);
    this.take(await get(`${this.path}/messages?after=${oldest - 1}`));
  }

  async loadEarlier() {
    const oldest = Math.min(...this.messages.keys());
    const messages = await get(`${this.path}/messages?before=${oldest}&limit=${PAGE}`);
    const height = this.scroll.scrollHeight;
    for (const message of messages) this.place(message);
    this.earlier.hidden = messages.length < PAGE;
    this.scroll.scrollTop += this.scroll.scrollHeight - height;
  }

  take(messages) {
    for (const message of messages) this.put(message);
  }

  // A message that is new or was changed.
  put(message) {
    const before = this.messages.get(message.id);
    // An answer that was long on its way may be older than what was told meanwhile.
    if (before && (before.edits > message.edits || JSON.stringify(before) === JSON.stringify(message))) return;
    this.scrolled(); // the event of a scroll just made may still be on its way
    const mine = message.from === "me";
    if (mine && !before) this.going.shift()?.remove();
    if (!mine) this.think(false);
    const node = this.place(message);
    if (!before && !this.keyboard.menu.length) this.drawMenu();
    if (before) node.classList.add("fresh");
    if (!mine) this.lead(node);
    if ((message.menu || message.contact) && message.id >= this.keyboard.from) {
      this.keyboard = { ...this.keyboard, menu: message.menu ?? [], contact: message.contact, from: message.id };
      this.drawMenu();
    }
    if (mine || this.stick) this.toEnd(before ? null : node);
    this.look();
  }

  // Puts the message's element where it belongs, in place of the one it had.
  place(message) {
    this.messages.set(message.id, message);
    const node = bubble(message, { press: (...which) => this.press(...which), view });
    const old = this.nodes.get(message.id);
    this.nodes.set(message.id, node);
    if (old) old.replaceWith(node);
    else this.insert(node, message.id);
    follow(node, node.previousElementSibling);
    const next = node.nextElementSibling;
    if (next?.dataset.at) follow(next, node);
    this.intro.hidden = true;
    return node;
  }

  insert(node, id) {
    let after = this.list.lastElementChild;
    while (after && (after.matches(".pending") || Number(after.dataset.messageId) > id)) after = after.previousElementSibling;
    if (after) after.after(node);
    else this.list.prepend(node);
  }

  last() {
    return Math.max(0, ...this.messages.keys());
  }

  // What the person does.

  submit() {
    const text = this.input.value.trim();
    if (!text && !this.tray.files.length) return;
    const files = this.tray.take();
    this.input.value = "";
    this.composed();
    this.say(text, files);
  }

  say(text, files = []) {
    const act = () => {
      if (!files.length) return post(`${this.path}/messages`, { text });
      const form = new FormData();
      form.append("text", text);
      for (const file of files) form.append("photos", file);
      return post(`${this.path}/messages`, form);
    };
    const back = () => {
      if (!this.input.value) this.input.value = text;
      this.tray.add(files);
      this.composed();
    };
    return this.tell(act, text, files.length, back);
  }

  sendPlace(latitude, longitude) {
    const shown = `📍 ${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
    return this.tell(() => post(`${this.path}/location`, { latitude, longitude }), shown);
  }

  // Shows the message as going, has it sent, and tells when that failed.
  async tell(act, text, count = 0, back = () => {}) {
    const node = pending(text, count);
    this.list.append(node);
    this.going.push(node);
    this.intro.hidden = true;
    this.toEnd();
    this.toastPlace.classList.remove("shown");
    this.think(true);
    try {
      const { id } = await act();
      if (!this.messages.has(id)) await this.catchUp();
    } catch (error) {
      this.toast(error.message);
      if (this.going.includes(node)) back();
    } finally {
      this.going = this.going.filter((one) => one !== node);
      node.remove();
      this.intro.hidden = this.messages.size > 0;
      this.rest();
    }
  }

  async press(message, index, button) {
    this.follows = button.matches(":focus-visible");
    const all = button.closest(".buttons").querySelectorAll("button");
    for (const one of all) one.disabled = true;
    button.classList.add("busy");
    this.think(true);
    try {
      const { toast } = await post(`${this.path}/press`, { message_id: message.id, button: index });
      if (toast) this.toast(toast);
    } catch (error) {
      this.toast(error.message);
    } finally {
      for (const one of all) one.disabled = false;
      button.classList.remove("busy");
      this.ready();
      this.rest();
    }
  }

  // What comes next may be typed at once; a keyboard on the screen is not opened for it.
  ready() {
    if (this.follows ? !this.node.contains(document.activeElement) : FINE.matches) this.input.focus({ preventScroll: true });
  }

  // From the empty input up to the newest buttons.
  toButtons(event) {
    const newest = [...this.list.querySelectorAll(".buttons")].at(-1)?.querySelector("button");
    if (!newest || this.plainSwitch.checked) return;
    event.preventDefault();
    newest.focus({ focusVisible: true });
  }

  // Whoever presses buttons with the keyboard is led on to the buttons of the answer.
  lead(node) {
    const next = this.follows && !this.input.value && node.querySelector(".buttons button");
    if (!next) return;
    this.follows = false;
    next.focus({ preventScroll: true, focusVisible: true });
  }

  async askPlain() {
    const plain = this.plainSwitch.checked;
    try {
      await post(`${this.path}/plain`, { plain });
      this.setPlain(plain);
      this.toast(t(plain ? "plain_on" : "plain_off"));
    } catch (error) {
      this.setPlain(!plain);
      this.toast(error.message);
    }
  }

  pasted(event) {
    const files = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
    if (!files.length) return;
    event.preventDefault();
    this.tray.add(files);
  }

  // What follows from it.

  setPlain(plain) {
    this.plainSwitch.checked = plain;
    this.node.classList.toggle("plain", plain);
    this.nameInput();
    this.drawMenu();
  }

  nameInput() {
    const label = t(this.plainSwitch.checked ? "input_plain" : "input");
    this.input.placeholder = label;
    this.input.setAttribute("aria-label", label);
  }

  composed() {
    this.sendButton.classList.toggle("ready", Boolean(this.input.value.trim() || this.tray.files.length));
    if (CSS.supports("field-sizing", "content")) return;
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 160)}px`;
  }

  drawMenu() {
    const { menu, contact, hidden } = this.keyboard;
    const rows = menu.map((row) => el("div", { class: "row" }, ...row.map((label) => this.menuButton(label))));
    if (!rows.length && this.untouched()) rows.push(el("div", { class: "row" }, this.startButton()));
    if (contact) rows.push(el("div", { class: "row" }, this.contactButton(contact)));
    const none = rows.length === 0 || this.plainSwitch.checked;
    const held = this.menu.contains(document.activeElement) ? document.activeElement.textContent : "";
    this.menu.replaceChildren(...rows);
    if (held) [...this.menu.querySelectorAll("button")].find((one) => one.textContent === held)?.focus();
    this.menu.hidden = none || hidden;
    this.menuToggle.hidden = none;
    this.menuToggle.setAttribute("aria-expanded", String(!hidden));
    this.menuToggle.setAttribute("aria-label", t(hidden ? "menu_show" : "menu_hide"));
    this.menuToggle.title = t(hidden ? "menu_show" : "menu_hide");
  }

  // Written to, but never used: the bot has not had the occasion to give it a menu.
  untouched() {
    const all = [...this.messages.values()];
    return all.length > 0 && all.every((one) => one.from === "bot");
  }

  startButton() {
    return el("button", { type: "button", "data-testid": "menu-start", onclick: () => this.start() }, t("start"));
  }

  start() {
    return this.tell(() => post(`${this.path}/start`, { payload: "" }), "/start");
  }

  menuButton(label) {
    return el("button", { type: "button", "data-testid": "menu-button", onclick: (event) => this.pressMenu(event.currentTarget) }, label);
  }

  pressMenu(button) {
    this.follows = button.matches(":focus-visible") && !button.matches(".pointed");
    this.say(button.textContent);
    if (!this.follows && FINE.matches) this.input.focus({ preventScroll: true });
  }

  // Shows where to press next; without buttons, what to write.
  point(label) {
    this.keyboard.hidden = false;
    this.drawMenu();
    const button = this.menu.hidden ? null : [...this.menu.querySelectorAll("button")].find((one) => one.textContent === label);
    if (!button) {
      this.input.value = label;
      this.composed();
      this.input.focus();
      return;
    }
    button.classList.add("pointed");
    button.focus();
    setTimeout(() => button.classList.remove("pointed"), 4000);
  }

  contactButton(label) {
    const share = () => this.tell(() => post(`${this.path}/contact`, {}), label);
    return el("button", { type: "button", class: "contact", "data-testid": "contact-button", onclick: share }, icon("phone"), label);
  }

  // The bot is thinking, for all we can see: from what was said until its answer, or a little after its turn.
  think(on) {
    clearTimeout(this.thinking);
    if (on) this.thinking = setTimeout(() => this.showTyping(true), 200);
    else this.showTyping(false);
  }

  rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.think(false), this.typing.hidden ? 0 : LINGER);
  }

  showTyping(on) {
    this.typing.hidden = !on;
    if (on && this.stick) this.toEnd();
  }

  toast(sentence) {
    this.toastPlace.textContent = sentence;
    this.toastPlace.classList.add("shown");
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => this.toastPlace.classList.remove("shown"), 4000);
  }

  // Reading.

  // To the last message; a new one that is taller than the screen is shown from its beginning.
  toEnd(node = null) {
    const tall = node && node.offsetHeight > this.scroll.clientHeight - 40;
    this.scroll.scrollTop = tall ? node.offsetTop - 8 : this.scroll.scrollHeight;
    this.top = this.scroll.scrollTop;
    this.stick = !tall;
    this.look();
  }

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroll;
    const near = scrollHeight - scrollTop - clientHeight < NEAR;
    // Only going up leaves the end: a screen made shorter by the menu or a keyboard does not.
    if (near || scrollTop < this.top) this.stick = near;
    this.top = scrollTop;
    this.look();
  }

  // The last message whose beginning can be seen.
  seen() {
    if (this.stick) return this.last();
    const end = this.scroll.scrollTop + this.scroll.clientHeight - NEAR;
    for (let node = this.list.lastElementChild; node; node = node.previousElementSibling) {
      if (node.dataset.messageId && node.offsetTop < end) return Number(node.dataset.messageId);
    }
    return 0;
  }

  // Whoever looks at a message of the active phone has read it.
  look() {
    const seen = this.seen();
    if (this.host.isActive(this) && !document.hidden && seen > this.read) {
      this.read = seen;
      localStorage.setItem(`apso.read.${this.person.id}`, String(this.read));
    }
    this.drawUnread();
  }

  unread() {
    return [...this.messages.values()].filter((one) => one.from === "bot" && one.id > this.read).length;
  }

  drawUnread() {
    const n = this.unread();
    badge(this.unreadMark, n, t("unread", { n }));
    this.jump.hidden = this.stick;
    this.jumpCount.textContent = n ? t("jump_unread", { n }) : "";
    this.jump.setAttribute("aria-label", n ? t("jump_unread", { n }) : t("jump"));
    this.host.changed(this);
  }
}
