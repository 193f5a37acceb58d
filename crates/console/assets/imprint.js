// The imprint drawn anew as one types, and the one on record beside the one asked for.
const trial = document.querySelector("[data-trial]");
if (trial) {
  const form = document.getElementById("application");
  const picture = trial.querySelector("img");
  const found = trial.querySelector(".found");
  const field = (name) => form.elements.namedItem(name)?.value.trim() ?? "";
  let timer, asked = 0;
  const draw = async () => {
    const turn = ++asked;
    trial.hidden = field("picture") !== "";
    const query = new URLSearchParams(trial.dataset.trial);
    query.set("name", field("s:/seal_name"));
    query.set("holder", field("s:/holder/name"));
    query.set("size", field("imprint"));
    const answer = await fetch(`/applications/trial/checks?${query}`, { headers: { accept: "text/html" } });
    if (turn !== asked || !answer.ok || answer.redirected) return;
    found.innerHTML = await answer.text();
    const drawn = found.querySelector("[data-drawn]") !== null;
    picture.hidden = !drawn;
    if (drawn) picture.src = `/applications/trial/picture?${query}`;
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(() => draw().catch(() => {}), 350); };
  for (const name of ["s:/seal_name", "s:/holder/name", "imprint", "picture"]) {
    form.elements.namedItem(name)?.addEventListener("input", soon);
  }
}

for (const beside of document.querySelectorAll("[data-beside]")) {
  const slider = beside.nextElementSibling.querySelector("input");
  const over = beside.querySelector(".over");
  const move = () => { over.style.clipPath = `inset(0 0 0 ${slider.value}%)`; };
  slider.addEventListener("input", move);
  move();
}
