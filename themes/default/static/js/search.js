// Searches the site's index in this browser; nothing that is typed leaves it. The address follows what
// is looked for, so that a search can be kept or sent.
{
  const PAGE = 10;
  const form = document.querySelector(".search-form");
  const field = form.querySelector("input");
  form.querySelector("button").hidden = false;
  const said = document.querySelector(".search-said");
  const list = document.querySelector(".search-results");
  const more = document.querySelector(".search-more");
  const rest = document.querySelector(".search-else");
  let library;
  let found = [];
  let shown = 0;
  let turn = 0;

  const load = async () => {
    const index = new URL(form.dataset.index, location.href);
    const loaded = await import(index + "pagefind.js");
    await loaded.options({ excerptLength: 28 });
    await loaded.init();
    return loaded;
  };

  const make = (name, text) => {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
  };

  // Of an excerpt only its text and its marks are used, whatever else is in it.
  const excerpt = (html) => {
    const line = document.createElement("p");
    for (const node of new DOMParser().parseFromString(html, "text/html").body.childNodes) {
      line.append(node.nodeName === "MARK" ? make("mark", node.textContent) : node.textContent);
    }
    return line;
  };

  const link = (title, url) => {
    const anchor = make("a", title);
    anchor.href = url;
    return anchor;
  };

  const entry = ({ url, meta, excerpt: html, sub_results: parts }) => {
    const item = document.createElement("li");
    if (meta.section) {
      const kicker = make("p", meta.section);
      kicker.className = "kicker";
      item.append(kicker);
    }
    const title = document.createElement("h2");
    title.append(link(meta.title || url, url));
    item.append(title, excerpt(html));
    const below = parts.filter((part) => part.url.includes("#")).slice(0, 3);
    if (below.length > 0) {
      const places = document.createElement("ul");
      places.append(...below.map((part) => {
        const place = document.createElement("li");
        place.append(link(part.title, part.url));
        return place;
      }));
      item.append(places);
    }
    return item;
  };

  // Puts the next entries below the others, or the first in their place: all at once, so that nothing jumps.
  const show = async (now, results, from) => {
    const pages = await Promise.all(results.slice(from, from + PAGE).map((result) => result.data()));
    if (now !== turn) return null;
    const items = pages.map(entry);
    if (from === 0) list.replaceChildren();
    list.append(...items);
    [found, shown] = [results, from + items.length];
    more.hidden = shown >= found.length;
    return items;
  };

  // While nothing is found yet, what stands below waits out of sight: it will stand elsewhere.
  const wait = (waits) => { if (rest) rest.hidden = waits && list.childElementCount === 0; };

  const look = async () => {
    const now = ++turn;
    const words = field.value.trim();
    const address = new URL(location.href);
    if (words) address.searchParams.set("q", words); else address.searchParams.delete("q");
    history.replaceState(null, "", address);
    if (!words) {
      said.textContent = "";
      list.replaceChildren();
      more.hidden = true;
      wait(false);
      return;
    }
    wait(true);
    try {
      if (!library) said.textContent = form.dataset.wait + " …";
      library ??= load();
      const answer = await (await library).debouncedSearch(words, {}, 120);
      if (now !== turn || !answer) return;
      if (!await show(now, answer.results, 0)) return;
      const { none, one, many } = form.dataset;
      const count = found.length.toLocaleString(document.documentElement.lang);
      const told = { 0: none, 1: one }[found.length] ?? many.replace("{n}", () => count);
      said.textContent = told.replace("{}", () => words);
    } catch {
      library = undefined;
      if (now !== turn) return;
      list.replaceChildren();
      more.hidden = true;
      said.textContent = form.dataset.failed;
    }
    wait(false);
  };

  form.addEventListener("submit", (event) => { event.preventDefault(); look(); });
  field.addEventListener("input", look);
  more.querySelector("button").addEventListener("click", async () => {
    (await show(turn, found, shown))?.[0]?.querySelector("a").focus();
  });
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  if (field.value) look(); else field.focus();
}
