// Seals on pages, at true scale: the lines of the form say where they stand, this draws them, and moves them by pointer and keys.
// Everything is in millimeters; the drawing over each page has the page's own millimeters as its units.
const SVG = "http://www.w3.org/2000/svg";
const form = document.getElementById("places");
const says = document.getElementById("place-says");
const sheets = [...document.querySelectorAll(".sheet")];
const [wide, high] = [Number(form.dataset.width), Number(form.dataset.height)];
const count = Number(form.dataset.pages);
// Type area of an official document (GB/T 9704): from the left, top, right, bottom.
const MARGINS = { left: 28, top: 37, right: 26, bottom: 35 };
const NEAR = 2;
const MOST = 100;
let chosen = null;

const round = (mm) => Math.round(mm * 100) / 100;
const filled = (text, ...values) => values.reduce((all, value) => all.replace("#", value), text);
const lines = () => [...form.querySelectorAll("[data-line]")];
const field = (line, name) => line.querySelector(`[name^="${name}."]`);

function place(line) {
  const number = (name) => { const text = field(line, name).value.trim(); return text === "" ? NaN : Number(text); };
  const kind = field(line, "kind").value;
  // Over words the seal stands where the server found them.
  if (!kind || kind === "keyword") return null;
  const which = field(line, "pages").value;
  let [first, last] = [count, count];
  if (which === "all") [first, last] = [1, count];
  if (which === "range") { first = number("first"); last = field(line, "last").value.trim() === "" ? first : Math.min(number("last"), count); }
  const edge = kind === "cross_page" ? field(line, "edge").value : null;
  return { line, kind, edge, first, last, x: number("x"), y: number("y") };
}

// Which of its two lengths a place has: over an edge only the one along it.
const flat = (spot) => spot.edge === "top" || spot.edge === "bottom";
const acrossCounts = (spot) => spot.edge === null || flat(spot);
const downCounts = (spot) => spot.edge === null || !flat(spot);

function made(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// The box of what is seen on a page, and where it lies in the seal's picture: the rules by which the server seals.
function box(spot, sheet) {
  const page = Number(sheet.dataset.page), [paper, height] = [Number(sheet.dataset.width), Number(sheet.dataset.height)];
  if (!(page >= spot.first && page <= spot.last)) return null;
  if ((acrossCounts(spot) && Number.isNaN(spot.x)) || (downCounts(spot) && Number.isNaN(spot.y))) return null;
  const [x, y] = [spot.x - wide / 2, spot.y - high / 2];
  if (spot.edge === null) return { x, y, width: wide, height: high, from: 0, down: 0 };
  const pages = spot.last - spot.first + 1;
  // Over the left and the upper edge the first page shows what lies farthest inside.
  const part = spot.edge === "right" || spot.edge === "bottom" ? page - spot.first : spot.last - page;
  if (flat(spot)) {
    const strip = high / pages;
    return { x, y: spot.edge === "top" ? 0 : height - strip, width: wide, height: strip, from: 0, down: strip * part };
  }
  const strip = wide / pages;
  return { x: spot.edge === "left" ? 0 : paper - strip, y, width: strip, height: high, from: strip * part, down: 0 };
}

function label(spot) {
  const name = filled(form.dataset.label, Number(spot.line.dataset.line) + 1);
  return `${name}: ${filled(form.dataset.moved, acrossCounts(spot) ? round(spot.x) : "–", downCounts(spot) ? round(spot.y) : "–")}`;
}

function draw() {
  const focused = document.activeElement?.closest?.(".stamp");
  const back = focused && [focused.dataset.place, focused.closest(".sheet").dataset.page];
  for (const sheet of sheets) {
    const over = sheet.querySelector(".overlay");
    over.querySelectorAll(".stamp").forEach((stamp) => stamp.remove());
    for (const line of lines()) {
      const spot = place(line), seen = spot && box(spot, sheet);
      if (!seen) continue;
      const stamp = made("svg", {
        class: "stamp", "data-place": line.dataset.line, x: round(seen.x), y: round(seen.y), width: seen.width, height: seen.height,
        viewBox: `${seen.from} ${seen.down} ${seen.width} ${seen.height}`, preserveAspectRatio: "none",
        tabindex: "0", role: "button", "aria-label": label(spot), "aria-describedby": "place-keys",
      });
      const size = { x: 0, y: 0, width: wide, height: high };
      stamp.append(form.dataset.picture
        ? made("image", { href: form.dataset.picture, preserveAspectRatio: "none", ...size })
        : made("rect", { class: "blank", ...size }));
      stamp.append(made("rect", { class: "hold", ...size }));
      over.append(stamp);
      if (back && back[0] === line.dataset.line && back[1] === sheet.dataset.page) stamp.focus({ preventScroll: true });
    }
  }
  mark();
}

function mark() {
  for (const stamp of form.querySelectorAll(".stamp")) stamp.classList.toggle("chosen", stamp.dataset.place === chosen);
  for (const line of lines()) line.classList.toggle("chosen", line.dataset.line === chosen);
}

// A line nobody uses yet; a new one where all are used.
function free() {
  const all = lines();
  const empty = all.find((line) => !field(line, "kind").value);
  if (empty) return empty;
  if (all.length >= MOST) return null;
  const number = all.length, last = all[number - 1];
  const line = last.cloneNode(true);
  line.dataset.line = number;
  line.querySelector("legend").textContent = filled(form.dataset.label, number + 1);
  for (const part of line.querySelectorAll("[name]")) {
    const name = part.name.split(".")[0];
    part.name = `${name}.${number}`;
    part.id = `${name}-${number}`;
    part.value = { pages: "last", edge: "right" }[name] ?? "";
    const words = part.closest(".field").querySelector("label");
    words.htmlFor = part.id;
  }
  const error = line.querySelector(".error");
  error.id = `line-${number}-error`;
  error.hidden = true;
  line.classList.remove("wrong");
  last.after(line);
  return line;
}

function add(kind, pages, page, x, y) {
  const line = free();
  if (!line) return;
  field(line, "kind").value = kind;
  field(line, "pages").value = pages;
  field(line, "first").value = pages === "range" ? page : "";
  field(line, "last").value = pages === "range" ? page : "";
  field(line, "x").value = kind === "at" ? round(x) : "";
  field(line, "y").value = round(y);
  chosen = line.dataset.line;
  // One more stays empty, for those who write it.
  free();
  draw();
  says.textContent = label(place(line));
  const sheet = sheets.find((one) => Number(one.dataset.page) === page) ?? sheets[0];
  const stamp = sheet?.querySelector(`.stamp[data-place="${chosen}"]`);
  stamp?.focus({ preventScroll: true });
  stamp?.scrollIntoView({ block: "nearest" });
}

function remove(line) {
  field(line, "kind").value = "";
  chosen = null;
  draw();
}

// Where a seal may stand exactly: margins, edges, center lines, other seals on this page.
function lures(sheet, spot) {
  const [paper, height] = [Number(sheet.dataset.width), Number(sheet.dataset.height)];
  const xs = [wide / 2, paper - wide / 2, paper / 2, MARGINS.left + wide / 2, paper - MARGINS.right - wide / 2];
  const ys = [high / 2, height - high / 2, height / 2, MARGINS.top + high / 2, height - MARGINS.bottom - high / 2];
  for (const line of lines()) {
    const other = line === spot.line ? null : place(line);
    if (!other || !box(other, sheet)) continue;
    if (acrossCounts(other)) xs.push(other.x);
    if (downCounts(other)) ys.push(other.y);
  }
  return { xs, ys };
}

function nearest(value, lure) {
  const best = lure.reduce((one, two) => (Math.abs(two - value) < Math.abs(one - value) ? two : one), Infinity);
  return Math.abs(best - value) <= NEAR ? best : null;
}

function guides(sheet, x, y) {
  const over = sheet.querySelector(".overlay");
  over.querySelectorAll(".guide").forEach((guide) => guide.remove());
  const [paper, height] = [sheet.dataset.width, sheet.dataset.height];
  if (x !== null) over.append(made("line", { class: "guide", x1: x, x2: x, y1: 0, y2: height }));
  if (y !== null) over.append(made("line", { class: "guide", x1: 0, x2: paper, y1: y, y2: y }));
}

function move(spot, sheet, x, y, snaps) {
  const inside = (value, side) => round(Math.min(Math.max(value, 0), side));
  const lure = snaps ? lures(sheet, spot) : { xs: [], ys: [] };
  const [nearX, nearY] = [acrossCounts(spot) ? nearest(x, lure.xs) : null, downCounts(spot) ? nearest(y, lure.ys) : null];
  if (acrossCounts(spot)) field(spot.line, "x").value = inside(nearX ?? x, Number(sheet.dataset.width));
  if (downCounts(spot)) field(spot.line, "y").value = inside(nearY ?? y, Number(sheet.dataset.height));
  draw();
  guides(sheet, nearX, nearY);
}

// Millimeters under the pointer.
function under(sheet, event) {
  const frame = sheet.querySelector(".overlay").getBoundingClientRect();
  return [(event.clientX - frame.left) / frame.width * sheet.dataset.width, (event.clientY - frame.top) / frame.height * sheet.dataset.height];
}

for (const sheet of sheets) {
  const over = sheet.querySelector(".overlay");
  over.addEventListener("pointerdown", (event) => {
    const stamp = event.target.closest(".stamp");
    if (!stamp || event.button > 0) return;
    event.preventDefault();
    const line = lines().find((one) => one.dataset.line === stamp.dataset.place);
    const start = place(line), [x0, y0] = under(sheet, event);
    chosen = line.dataset.line;
    mark();
    stamp.focus({ preventScroll: true });
    over.setPointerCapture(event.pointerId);
    const drag = (moved) => {
      const [x, y] = under(sheet, moved);
      move(place(line), sheet, start.x + x - x0, start.y + y - y0, !moved.altKey);
    };
    const end = () => {
      over.removeEventListener("pointermove", drag);
      over.removeEventListener("pointerup", end);
      over.removeEventListener("pointercancel", end);
      guides(sheet, null, null);
      says.textContent = label(place(line));
    };
    over.addEventListener("pointermove", drag);
    over.addEventListener("pointerup", end);
    over.addEventListener("pointercancel", end);
  });
  over.addEventListener("keydown", (event) => {
    const stamp = event.target.closest(".stamp");
    if (!stamp) return;
    const line = lines().find((one) => one.dataset.line === stamp.dataset.place);
    const spot = place(line);
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[event.key];
    if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); remove(line); return; }
    if (!way) return;
    event.preventDefault();
    chosen = line.dataset.line;
    const step = event.shiftKey ? 10 : event.ctrlKey ? 0.1 : 1;
    move(spot, sheet, spot.x + way[0] * step, spot.y + way[1] * step, false);
    document.activeElement.scrollIntoView({ block: "nearest" });
    says.textContent = label(place(line));
  });
  over.addEventListener("focusin", (event) => {
    const stamp = event.target.closest(".stamp");
    if (stamp) { chosen = stamp.dataset.place; mark(); }
  });
  sheet.querySelector("[data-here]").addEventListener("click", () => {
    add("at", "range", Number(sheet.dataset.page), Number(sheet.dataset.width) - MARGINS.right - wide / 2, Number(sheet.dataset.height) - MARGINS.bottom - high / 2);
  });
}

// Over another edge the seal begins in the middle of it, where nobody said otherwise.
function middle(line) {
  const spot = place(line);
  if (!spot || spot.edge === null) return;
  const [name, side] = flat(spot) ? ["x", "width"] : ["y", "height"];
  const along = field(line, name);
  if (along.value.trim() === "") along.value = round(Number(sheets[0].dataset[side]) / 2);
}

form.querySelector("[data-cross]")?.addEventListener("click", () => {
  add("cross_page", "all", 1, 0, Number(sheets[0].dataset.height) / 2);
});
form.addEventListener("input", (event) => {
  const line = event.target.closest("[data-line]");
  if (line) {
    if (event.target.name.startsWith("edge.")) middle(line);
    if (event.target.name.startsWith("kind.")) free();
    draw();
    return;
  }
  // A word that was found: the seal is shown over it at once, as a line of its own.
  if (event.target.name === "hit" && event.target.checked) {
    const [page, x, y] = event.target.value.split(":").map(Number);
    event.target.checked = false;
    event.target.disabled = true;
    add("at", "range", page, x / 100, y / 100);
    sheets.find((one) => Number(one.dataset.page) === page)?.scrollIntoView({ block: "nearest" });
  }
});

// The enter key does what stands beside the field; elsewhere it saves.
for (const [name, beside] of [["word", "find"], ["template_name", "keep"]]) {
  form.elements[name]?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(form.elements[beside]);
  });
}

// Zoom: true size is what the screen calls a millimeter; fit is the width there is.
const desk = form.querySelector(".sheets");
let scale = null;
function zoom() {
  for (const sheet of sheets) sheet.style.width = scale === null ? "" : `${sheet.dataset.width * scale}mm`;
  desk?.classList.toggle("scaled", scale !== null);
}
function present() {
  const shown = sheets[0].getBoundingClientRect().width / (96 / 25.4);
  return shown / Number(sheets[0].dataset.width);
}
for (const button of form.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", () => {
    const way = button.dataset.zoom;
    if (way === "true") scale = 1;
    else if (way === "fit") scale = null;
    else scale = Math.min(4, Math.max(0.2, (scale ?? present()) * (way === "in" ? 1.25 : 0.8)));
    zoom();
  });
}
draw();
// The first seal is what one came to see.
const first = form.querySelector(".stamp");
if (desk && first) {
  const [seal, view] = [first.getBoundingClientRect(), desk.getBoundingClientRect()];
  if (seal.bottom > view.bottom) desk.scrollTop += seal.top + seal.height / 2 - view.top - desk.clientHeight / 2;
}
