// Marks the entry of the section that is being read in the contents list, and keeps it in sight.
const toc = document.querySelector(".toc");
const entries = [...document.querySelectorAll(".toc a")]
  .map((link) => ({ link, heading: document.getElementById(decodeURIComponent(link.hash.slice(1))) }))
  .filter((entry) => entry.heading);
let current;
let waits = false;

function mark() {
  waits = false;
  const root = document.documentElement;
  const line = innerHeight * 0.3;
  const isEnd = Math.ceil(scrollY + innerHeight) >= root.scrollHeight;
  const passed = entries.filter(({ heading }) => heading.getBoundingClientRect().top < (isEnd ? innerHeight : line));
  const next = passed.at(-1)?.link;
  if (next === current) return;
  current?.removeAttribute("aria-current");
  next?.setAttribute("aria-current", "true");
  current = next;
  if (next && toc.scrollHeight > toc.clientHeight) {
    const [rail, entry] = [toc.getBoundingClientRect(), next.getBoundingClientRect()];
    if (entry.top < rail.top) toc.scrollTop -= rail.top - entry.top + 40;
    if (entry.bottom > rail.bottom) toc.scrollTop += entry.bottom - rail.bottom + 40;
  }
}

function soon() {
  if (!waits) requestAnimationFrame(mark);
  waits = true;
}

addEventListener("scroll", soon, { passive: true });
addEventListener("resize", soon);
mark();
