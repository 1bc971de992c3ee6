// Remembers ticked boxes in this browser only.
for (const list of document.querySelectorAll("[data-key]")) {
  const key = "checklist:" + list.dataset.key;
  const boxes = [...list.querySelectorAll("input[type=checkbox]")];
  try {
    const kept = JSON.parse(localStorage.getItem(key) || "null");
    if (kept) boxes.forEach((box, index) => { box.checked = kept.includes(index); });
    list.addEventListener("change", () => {
      const ticked = boxes.flatMap((box, index) => (box.checked ? [index] : []));
      localStorage.setItem(key, JSON.stringify(ticked));
    });
  } catch { /* Storage is switched off: nothing is remembered. */ }
}
