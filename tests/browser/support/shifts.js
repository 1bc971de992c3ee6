// What moved on a page though nobody touched it, and by how much (<https://wicg.github.io/layout-instability/>).

/** Shifts of the layout since the page was opened: `value`, and `what` moved from where to where. */
export function shifts(page) {
  return page.evaluate(() => new Promise((resolve) => {
    const seen = [];
    const named = (node) => (node?.outerHTML ?? node?.textContent ?? "what is gone by now").slice(0, 70);
    const placed = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
    const told = ({ node, previousRect, currentRect }) => `${named(node)} from ${placed(previousRect)} to ${placed(currentRect)}`;
    const observer = new PerformanceObserver((list) => seen.push(...list.getEntries()));
    observer.observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => setTimeout(() => {
      seen.push(...observer.takeRecords());
      const moved = seen.filter((entry) => entry.value > 0);
      resolve(moved.map((entry) => ({ value: entry.value, what: entry.sources.map(told).join("; ") })));
    }));
  }));
}
