// Dropping a document, and words about what is wrong with it before it is sent.
const form = document.getElementById("drop");
const input = document.getElementById("file");
const error = document.getElementById("drop-error");
const zone = form.querySelector(".zone");
const name = zone.querySelector("strong");

function fault(file) {
  if (!/\.(ofd|pdf)$/i.test(file.name)) return form.dataset.type;
  if (file.size > Number(form.dataset.most)) return form.dataset.large;
  return "";
}

function look() {
  const file = input.files[0];
  const words = file ? fault(file) : "";
  error.textContent = words;
  error.hidden = !words;
  if (file) name.textContent = file.name;
  if (words) input.value = "";
  return Boolean(file) && !words;
}

input.addEventListener("change", look);
for (const kind of ["dragenter", "dragover"]) {
  form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.add("over-zone"); });
}
for (const kind of ["dragleave", "drop"]) {
  form.addEventListener(kind, () => form.classList.remove("over-zone"));
}
form.addEventListener("drop", (event) => {
  event.preventDefault();
  if (!event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  if (look()) form.requestSubmit();
});
form.addEventListener("submit", () => { name.textContent = form.dataset.busy; });
