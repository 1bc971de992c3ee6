// The reader's choice of colors, known before the first paint and kept in this browser.
{
  const root = document.documentElement;
  const kept = () => { try { return localStorage.getItem("theme") || ""; } catch { return ""; } };
  const show = (theme) => { if (theme) root.dataset.theme = theme; else delete root.dataset.theme; };
  show(kept());
  addEventListener("DOMContentLoaded", () => {
    const choice = document.querySelector(".scheme");
    if (!choice) return;
    choice.hidden = false;
    for (const input of choice.querySelectorAll("input")) input.checked = input.value === kept();
    choice.addEventListener("change", ({ target }) => {
      show(target.value);
      try { localStorage.setItem("theme", target.value); } catch { /* Not kept, then. */ }
    });
  });
  addEventListener("storage", ({ key }) => { if (key === "theme") show(kept()); });
}
