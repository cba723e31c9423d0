// Small pieces the page is built of. Words only ever enter as text, never as markup.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const ICONS = {
  photo: "M4 6.500A2.500 2.500 0 0 1 6.500 4h11A2.500 2.500 0 0 1 20 6.500v11a2.500 2.500 0 0 1-2.500 2.500h-11A2.500 2.500 0 0 1 4 17.500zM4.500 17l4.800-5 4 4 2.400-2.300 3.800 3.600M15.500 8.500h.01",
  send: "M4.500 12 20 4.500l-4.500 15.500-4.200-5.800zM11.300 14.200 20 4.500",
  down: "M6 9.500l6 6 6-6",
  close: "M6 6l12 12M18 6L6 18",
  grid: "M4.500 5.500h6v5h-6zM13.500 5.500h6v5h-6zM4.500 13.500h6v5h-6zM13.500 13.500h6v5h-6z",
  pin: "M12 21s-7-6.200-7-11.500a7 7 0 0 1 14 0C19 14.800 12 21 12 21zM12 12.200a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400z",
  paper: "M7 3.500h7l4.500 4.500v12.500H7zM13.500 3.500V8.500h5M10 12.500h5.500M10 16h5.500",
  phone: "M6.500 4h3l1.500 4-2 1.500a11 11 0 0 0 5.500 5.500l1.500-2 4 1.500v3a2 2 0 0 1-2 2A15.500 15.500 0 0 1 4.500 6a2 2 0 0 1 2-2z",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// A round mark with the first letter of the given name, which in Vietnamese is the last word.
export function avatar(person) {
  const given = person.name.trim().split(/\s+/).pop() || "?";
  let sum = 0;
  for (const letter of person.id) sum = (sum * 31 + letter.codePointAt(0)) % 360;
  const mark = el("span", { class: `avatar hue-${sum % 6}`, "aria-hidden": "true" });
  mark.textContent = given[0].toLocaleUpperCase("vi");
  return mark;
}

export function badge(node, count, label) {
  node.hidden = count === 0;
  node.textContent = count === 0 ? "" : count > 99 ? "99+" : String(count);
  node.setAttribute("role", "img"); // a bare number says nothing to those who listen
  node.setAttribute("aria-label", label);
}

let noticeTimer = 0;

// A sentence for the whole page, said once and put away.
export function notice(sentence) {
  const place = document.getElementById("notice");
  place.textContent = sentence;
  place.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (place.hidden = true), 6000);
}
