// What every page does with scripts. Without them everything works as well.
document.documentElement.classList.add("scripted");

// After a refusal the message is read out and reached first.
const refused = document.querySelector("[data-focus]") ?? document.querySelector("[aria-invalid=true]");
if (refused) refused.focus();

// A form is sent once, however often one clicks.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method.toLowerCase() !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  const button = event.submitter;
  if (button) setTimeout(() => { button.disabled = true; }, 0);
});
// Coming back to a page with the browser's button, its forms can be sent again.
addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[disabled]")) button.disabled = false;
  }
});

// On paper every page of a document is drawn, also those nobody scrolled to.
addEventListener("click", async (event) => {
  if (!event.target.closest("[data-print]")) return;
  const pictures = [...document.images];
  for (const picture of pictures) picture.loading = "eager";
  await Promise.allSettled(pictures.map((picture) => picture.decode()));
  print();
});

// "?" opens what the page says of itself, wherever one is not typing.
addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const about = document.querySelector("details.about");
  if (!about) return;
  event.preventDefault();
  about.open = !about.open;
  about.querySelector("summary").focus();
});

// A chosen material goes up at once; its button is for those without scripts.
for (const input of document.querySelectorAll("input[type=file][data-auto]")) {
  input.addEventListener("change", () => { if (input.files.length) input.form.requestSubmit(); });
}

if (document.getElementById("drop")) import("./drop.js");
if (document.querySelector("[data-trial], [data-beside]")) import("./imprint.js");
if (document.querySelector("[data-check]")) import("./fields.js");
