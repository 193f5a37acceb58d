// A request: documents go up a few at a time with a bar and a word on each; the bar of the sealing moves by itself.
const form = document.getElementById("bring");
const FEW = 8;
const MOST_BYTES = 24 * 1024 * 1024;

// As many as go up together: a handful, and not more bytes than one wants to send twice.
function parts(files) {
  const all = [];
  let part = [], bytes = 0;
  for (const file of files) {
    if (part.length && (part.length >= FEW || bytes + file.size > MOST_BYTES)) { all.push(part); part = []; bytes = 0; }
    part.push(file);
    bytes += file.size;
  }
  if (part.length) all.push(part);
  return all;
}

function bringing() {
  const input = document.getElementById("documents");
  const box = document.getElementById("bring-progress");
  const bar = document.getElementById("bring-bar");
  const words = document.getElementById("bring-words");
  const list = document.getElementById("bring-list");
  const button = form.querySelector("button");
  let under = false;

  function tell(outcome) {
    const line = document.createElement("li");
    line.className = outcome.ok ? "good" : "bad";
    const name = document.createElement("bdi");
    name.textContent = outcome.name;
    line.append(name, `: ${outcome.words}`);
    list.append(line);
  }

  async function send(files) {
    const body = new FormData();
    for (const field of form.querySelectorAll("input:not([type=file]), select")) body.append(field.name, field.value);
    for (const file of files) body.append("file", file, file.name);
    const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" }, redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 401) throw new Error(form.dataset.login);
    if (!answer.ok) throw new Error(form.dataset.failed);
    return answer.json();
  }

  async function bring(files) {
    if (under || !files.length) return;
    under = true;
    button.disabled = true;
    box.hidden = false;
    list.replaceChildren();
    bar.max = files.length;
    bar.value = 0;
    let refused = 0;
    const show = (done, text) => { bar.value = done; words.textContent = `${text} ${done} / ${files.length}`; };
    show(0, form.dataset.busy);
    try {
      let done = 0;
      for (const part of parts(files)) {
        for (const outcome of await send(part)) { tell(outcome); if (!outcome.ok) refused += 1; }
        done += part.length;
        show(done, form.dataset.busy);
      }
      show(files.length, form.dataset.done);
      if (!refused) { const to = new URL(location.href); to.search = "?done=brought"; location.assign(to); return; }
    } catch (error) {
      words.textContent = error instanceof TypeError ? form.dataset.failed : error.message;
      box.classList.add("wrong");
    }
    // What was refused is read before the page is loaded anew.
    under = false;
    button.disabled = false;
    input.value = "";
    words.scrollIntoView({ block: "center" });
  }

  input.addEventListener("change", () => bring([...input.files]));
  form.addEventListener("submit", (event) => { event.preventDefault(); bring([...input.files]); });
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.add("over-zone"); });
  }
  for (const kind of ["dragleave", "drop"]) form.addEventListener(kind, () => form.classList.remove("over-zone"));
  form.addEventListener("drop", (event) => { event.preventDefault(); bring([...event.dataTransfer.files]); });
}

if (form) bringing();

const running = document.querySelector("[data-progress]");

async function look() {
  try {
    const answer = await fetch(running.dataset.progress, { headers: { accept: "application/json" }, redirect: "manual" });
    // The session has ended: the page leads to the login and back.
    if (answer.type === "opaqueredirect") { location.reload(); return; }
    if (answer.ok) {
      const told = await answer.json();
      const bar = document.getElementById("bar");
      bar.max = Math.max(told.documents, 1);
      bar.value = told.signed + told.failed;
      running.querySelector("[data-signed]").textContent = told.signed;
      running.querySelector("[data-failed]").textContent = told.failed;
      if (told.state !== "signing") { location.reload(); return; }
    }
  } catch { /* The next look may reach the server again. */ }
  setTimeout(look, 1500);
}

if (running) setTimeout(look, 1500);
