// Photos: those about to be sent, and the large view of those that were.

import { el, icon } from "./dom.js";
import { t } from "./words.js";

const MOST = 10;
const LARGEST = 10 * 1024 * 1024;

// The row of previews above the input. `complain(sentence)` tells what could not be taken.
export class Tray {
  constructor(complain, changed) {
    this.files = [];
    this.complain = complain;
    this.changed = changed;
    this.node = el("div", { class: "tray", "data-testid": "previews", "data-t-label": "preview", role: "group", hidden: true });
  }

  add(files) {
    for (const file of files) {
      if (file.size > LARGEST) this.complain(t("too_big", { name: file.name }));
      else if (this.files.length >= MOST) this.complain(t("too_many"));
      else this.files.push(file);
    }
    this.draw();
  }

  // Gives the files away and is empty.
  take() {
    const files = this.files;
    this.files = [];
    this.draw();
    return files;
  }

  draw() {
    for (const image of this.node.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    this.node.replaceChildren(...this.files.map((file) => this.preview(file)));
    this.node.hidden = this.files.length === 0;
    this.changed();
  }

  preview(file) {
    const picture = file.type.startsWith("image/");
    const drop = () => {
      this.files = this.files.filter((one) => one !== file);
      this.draw();
    };
    return el(
      "div",
      { class: "preview", "data-testid": "preview" },
      picture ? el("img", { src: URL.createObjectURL(file), alt: file.name }) : el("span", {}, icon("paper"), file.name),
      el(
        "button",
        { type: "button", "data-testid": "preview-remove", "aria-label": t("remove", { name: file.name }), onclick: drop },
        icon("close"),
      ),
    );
  }
}

const viewer = document.getElementById("viewer");
const photo = document.getElementById("viewer-photo");
const before = document.getElementById("viewer-before");
const after = document.getElementById("viewer-after");
let shown = { urls: [], index: 0 };

export function view(urls, index) {
  show(urls, index);
  viewer.showModal();
}

function show(urls, index) {
  shown = { urls, index };
  photo.src = urls[index];
  photo.alt = t("photo", { n: index + 1 });
  before.hidden = index === 0;
  after.hidden = index === urls.length - 1;
}

function step(by) {
  const to = shown.index + by;
  if (to >= 0 && to < shown.urls.length) show(shown.urls, to);
}

before.addEventListener("click", () => step(-1));
after.addEventListener("click", () => step(1));
document.getElementById("viewer-close").addEventListener("click", () => viewer.close());
viewer.addEventListener("click", ({ target }) => target === viewer && viewer.close());
viewer.addEventListener("keydown", ({ key }) => {
  if (key === "ArrowLeft") step(-1);
  if (key === "ArrowRight") step(1);
});
