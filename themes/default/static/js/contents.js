// Marks the entry of the section that is being read in the contents list, and keeps it in sight.
{
  let current;
  let waits = false;

  const mark = () => {
    waits = false;
    const toc = document.querySelector(".toc");
    const isEnd = Math.ceil(scrollY + innerHeight) >= document.documentElement.scrollHeight;
    const line = isEnd ? innerHeight : innerHeight * 0.3;
    const links = toc ? [...toc.querySelectorAll("a")] : [];
    const next = links.findLast((link) =>
      document.getElementById(decodeURIComponent(link.hash.slice(1)))?.getBoundingClientRect().top < line);
    if (next === current) return;
    current?.removeAttribute("aria-current");
    next?.setAttribute("aria-current", "true");
    current = next;
    if (next && toc.scrollHeight > toc.clientHeight) {
      const [rail, entry] = [toc.getBoundingClientRect(), next.getBoundingClientRect()];
      if (entry.top < rail.top) toc.scrollTop -= rail.top - entry.top + 40;
      if (entry.bottom > rail.bottom) toc.scrollTop += entry.bottom - rail.bottom + 40;
    }
  };
  const soon = () => {
    if (!waits) requestAnimationFrame(mark);
    waits = true;
  };

  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
  soon();
}
