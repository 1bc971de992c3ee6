// Adds up a quiz and leads to its result. Answers stay in this browser and are sent nowhere.
for (const form of document.querySelectorAll("form[data-quiz]")) {
  const key = "quiz:" + location.pathname + ":" + form.dataset.quiz;
  const said = form.querySelector(".quiz-said");
  const results = document.querySelector(form.getAttribute("action"));
  const store = (change) => { try { return change(localStorage); } catch { return null; } };

  form.querySelector(".quiz-send").hidden = false;
  const known = JSON.parse(store((kept) => kept.getItem(key)) || "{}");
  for (const input of form.querySelectorAll("input")) {
    input.checked = known[input.name] === input.value;
  }

  form.addEventListener("change", () => {
    const answers = Object.fromEntries(new FormData(form));
    store((kept) => kept.setItem(key, JSON.stringify(answers)));
  });

  form.addEventListener("reset", () => {
    store((kept) => kept.removeItem(key));
    said.textContent = "";
    form.querySelector("input").focus();
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const sets = [...form.querySelectorAll("fieldset")];
    const open = sets.filter((set) => !set.querySelector("input:checked"));
    if (open.length > 0) {
      said.textContent = open.length === 1 ? said.dataset.one : said.dataset.many.replace(/\d+/, open.length);
      open[0].querySelector("input").focus();
      return;
    }
    const totals = {};
    for (const input of form.querySelectorAll("input:checked")) {
      for (const entry of input.dataset.points.split(" ").filter(Boolean)) {
        const at = entry.lastIndexOf(":");
        const outcome = entry.slice(0, at);
        totals[outcome] = (totals[outcome] || 0) + Number(entry.slice(at + 1));
      }
    }
    const listed = [...results.querySelectorAll("[data-outcome]")].map((item) => item.dataset.outcome);
    const ties = form.dataset.tie.split(" ").filter(Boolean);
    const order = [...ties, ...listed.filter((outcome) => !ties.includes(outcome))];
    const best = order.reduce((a, b) => ((totals[b] || 0) > (totals[a] || 0) ? b : a));
    location.href = results.querySelector(`[data-outcome="${best}"] a`).href;
  });
}
