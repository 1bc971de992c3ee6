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

  const show = async (now) => {
    const pages = await Promise.all(found.slice(shown, shown + PAGE).map((result) => result.data()));
    if (now !== turn) return;
    shown += pages.length;
    const items = pages.map(entry);
    list.append(...items);
    more.hidden = shown >= found.length;
    return items[0];
  };

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
      return;
    }
    try {
      if (!library) said.textContent = form.dataset.wait + " …";
      library ??= load();
      const answer = await (await library).debouncedSearch(words, {}, 120);
      if (now !== turn || !answer) return;
      found = answer.results;
      shown = 0;
      list.replaceChildren();
      await show(now);
      if (now !== turn) return;
      const { none, one, many } = form.dataset;
      const said_of = { 0: none, 1: one }[found.length] ?? many.replace("{n}", found.length.toLocaleString(document.documentElement.lang));
      said.textContent = said_of.replace("{}", words);
    } catch {
      library = undefined;
      said.textContent = form.dataset.failed;
    }
  };

  form.addEventListener("submit", (event) => { event.preventDefault(); look(); });
  field.addEventListener("input", look);
  more.querySelector("button").addEventListener("click", async () => {
    (await show(turn))?.querySelector("a").focus();
  });
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  if (field.value) look(); else field.focus();
}
