// The preview in the browser: follows the server, changes the page in place, shows what is wrong.
//
// It runs before the page's own scripts and takes a picture of the page as it was served. A newer
// version is compared with that picture, never with the page itself: what a reader or a script has
// changed since (an open answer, a ticked box, a running video) stays, since no edit speaks of it.
(() => {
  "use strict";
  const script = document.currentScript;
  const own = script.dataset.guidepost;
  const PLACE = "guidepost-preview";
  let { server, build } = script.dataset;

  // ---- The picture, and which part of the page each part of it is -------------------------------

  const live = new WeakMap();
  let shown = document.implementation.createHTMLDocument("").importNode(document.documentElement, true);
  pair(shown, document.documentElement);
  shown.querySelectorAll("script[data-guidepost]").forEach((element) => element.remove());

  function pair(picture, node) {
    live.set(picture, node);
    const nodes = node.childNodes;
    picture.childNodes.forEach((child, index) => nodes[index] && pair(child, nodes[index]));
  }

  // ---- Following the server: one tab holds the stream, the others listen to it ------------------

  const tabs = new BroadcastChannel(PLACE);
  tabs.onmessage = ({ data }) => (data.state ? take(data.state) : connection(data.connected));

  function follow() {
    const stream = new EventSource(`${own}events`);
    const tell = (message) => {
      tabs.postMessage(message);
      tabs.onmessage({ data: message });
    };
    stream.addEventListener("state", (event) => tell({ state: JSON.parse(event.data) }));
    stream.addEventListener("open", () => tell({ connected: true }));
    stream.addEventListener("error", () => {
      tell({ connected: false });
      if (stream.readyState === EventSource.CLOSED) setTimeout(follow, 1000);
    });
  }

  if (navigator.locks) {
    // The lock passes to another tab when this one is closed.
    navigator.locks.request(PLACE, () => { follow(); return new Promise(() => {}); });
    fetch(`${own}state`).then((response) => response.json()).then(take, () => {});
  } else {
    follow();
  }

  function connection(connected) {
    if (connected) note("");
    else note("The preview does not answer. This page may be out of date.");
  }

  let assetsOf = `${server} ${build}`;

  function take(state) {
    problems(state.diagnostics);
    const version = `${state.server} ${state.build}`;
    if (version !== assetsOf) {
      assetsOf = version;
      (state.assets ?? []).forEach((path) => asset(path, state.build));
    }
    if (state.server !== server || String(state.build) !== String(build)) refresh(state);
  }

  // ---- Changing the page ------------------------------------------------------------------------

  let wanted = null;
  let busy = false;

  async function refresh(state) {
    wanted = state;
    if (busy) return;
    busy = true;
    while (wanted) {
      const aim = wanted;
      wanted = null;
      try {
        const response = await fetch(location.href.split("#")[0], { cache: "no-cache" });
        if (response.redirected) return location.replace(response.url);
        change(new DOMParser().parseFromString(await response.text(), "text/html").documentElement);
        ({ server } = aim);
        build = aim.build;
      } catch {
        // The server is gone. The stream says when it is back, and then this is done again.
      }
    }
    busy = false;
  }

  /** Makes the page what `next` says, and keeps the reader's place. */
  function change(next) {
    next.querySelectorAll("script[data-guidepost]").forEach((element) => element.remove());
    if (next.isEqualNode(shown)) return;
    if (programs(next) !== programs(shown)) return location.reload();
    const before = new Place();
    const changed = new Set();
    alter(shown, next, changed);
    shown = next;
    before.restore(changed);
    document.dispatchEvent(new CustomEvent("guidepost:changed"));
  }

  /** The scripts of a page, which run once only: other ones need a new page. */
  function programs(page) {
    const isProgram = (element) => !element.type || /javascript|module|importmap/.test(element.type);
    return [...page.querySelectorAll("script")].filter(isProgram).map((element) => element.outerHTML).join("\n");
  }

  /** Alters the part of the page that `old` is a picture of by what differs between `old` and `next`. */
  function alter(old, next, changed) {
    const node = live.get(old);
    live.set(next, node);
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== next.data) {
        node.data = next.data;
        changed.add(node.parentElement);
      }
      return;
    }
    if (old.isEqualNode(next)) return pair2(old, next);
    if (isStyle(old) && old.href !== next.href) return restyle(node, next);
    for (const { name } of [...old.attributes]) {
      if (!next.hasAttribute(name)) node.removeAttribute(name);
    }
    for (const { name, value } of next.attributes) {
      if (old.getAttribute(name) !== value) {
        node.setAttribute(name, value);
        changed.add(node);
      }
    }
    // Without scripts, as the next version is read, the content of noscript is elements; here it is text.
    if (old.nodeName !== "NOSCRIPT") children(old, next, node, changed);
  }

  function pair2(old, next) {
    live.set(next, live.get(old));
    next.childNodes.forEach((child, index) => pair2(old.childNodes[index], child));
  }

  function children(old, next, node, changed) {
    const pairs = matched([...old.childNodes], [...next.childNodes]);
    const kept = new Set(pairs.values());
    for (const child of old.childNodes) {
      if (kept.has(child)) continue;
      const gone = live.get(child);
      changed.add(gone.previousElementSibling ?? gone.nextElementSibling ?? node);
      gone.remove();
    }
    let last = null;
    for (const child of next.childNodes) {
      const from = pairs.get(child);
      if (from) {
        alter(from, child, changed);
      } else {
        const made = document.importNode(child, true);
        pair(child, made);
        // What a script has put at the end of its parent stays there.
        if (last && last.parentNode === node) last.after(made);
        else node.prepend(made);
        changed.add(made.nodeType === Node.ELEMENT_NODE ? made : node);
      }
      last = live.get(child);
    }
  }

  /** Which old child each new one is, in order: equal ones first, then those of one kind between them. */
  function matched(old, next) {
    const pairs = new Map();
    let [from, to, end] = [0, old.length, next.length];
    while (from < to && from < end && old[from].isEqualNode(next[from])) pairs.set(next[from], old[from++]);
    while (to > from && end > from && old[to - 1].isEqualNode(next[end - 1])) pairs.set(next[--end], old[--to]);
    const [a, b] = [old.slice(from, to), next.slice(from, end)];
    let [i, j] = [0, 0];
    for (const [x, y] of common(a, b)) {
      alike(a.slice(i, x), b.slice(j, y), pairs);
      pairs.set(b[y], a[x]);
      [i, j] = [x + 1, y + 1];
    }
    alike(a.slice(i), b.slice(j), pairs);
    return pairs;
  }

  /** Places of a longest common run of equal nodes; none for lists too long to compare. */
  function common(a, b) {
    if (a.length * b.length > 400000) return [];
    const text = (node) => node.outerHTML ?? `${node.nodeType} ${node.data}`;
    const [x, y] = [a.map(text), b.map(text)];
    const length = Array.from({ length: x.length + 1 }, () => new Uint16Array(y.length + 1));
    for (let i = x.length - 1; i >= 0; i -= 1) {
      for (let j = y.length - 1; j >= 0; j -= 1) {
        length[i][j] = x[i] === y[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
      }
    }
    const found = [];
    for (let i = 0, j = 0; i < x.length && j < y.length;) {
      if (x[i] === y[j]) found.push([i++, j++]);
      else if (length[i + 1][j] >= length[i][j + 1]) i += 1;
      else j += 1;
    }
    return found;
  }

  /** Pairs what is of one kind and has one id, in order. */
  function alike(old, next, pairs) {
    let from = 0;
    for (const child of next) {
      const at = old.findIndex((other, index) => index >= from && other.nodeName === child.nodeName
        && (other.id ?? "") === (child.id ?? "") && (!isStyle(other) || isStyle(child)));
      if (at < 0) continue;
      pairs.set(child, old[at]);
      from = at + 1;
    }
  }

  // ---- Styles and files -------------------------------------------------------------------------

  function isStyle(node) {
    return node.nodeName === "LINK" && node.relList.contains("stylesheet");
  }

  /** Puts a style in the place of another, which goes when the new one is there: nothing flashes. */
  function restyle(node, next) {
    const link = document.importNode(next, false);
    live.set(next, link);
    const done = () => node.remove();
    link.addEventListener("load", done);
    link.addEventListener("error", done);
    node.after(link);
  }

  /** A file that has no fingerprint in its name has changed. */
  function asset(path, number) {
    const isIt = (url) => url && new URL(url, location.href).pathname === path;
    const fresh = `${path}?guidepost=${number}`;
    let used = false;
    for (const image of document.images) {
      if (!isIt(image.currentSrc || image.src)) continue;
      image.removeAttribute("srcset");
      image.src = fresh;
      used = true;
    }
    for (const link of document.querySelectorAll("link[rel~=stylesheet]")) {
      if (!isIt(link.href)) continue;
      const picture = link.cloneNode(false);
      picture.setAttribute("href", fresh);
      restyle(link, picture);
      live.set([...shown.querySelectorAll("link")].find((one) => live.get(one) === link) ?? picture, live.get(picture));
      used = true;
    }
    const loaded = performance.getEntriesByType("resource").some((entry) => isIt(entry.name));
    if (loaded && !used) location.reload();
  }

  // ---- The reader's place -----------------------------------------------------------------------

  /** Where the reader was before a change. */
  class Place {
    constructor() {
      const root = document.documentElement;
      root.style.overflowAnchor = "none";
      this.blocks = [...document.querySelectorAll("body *")].filter((element) => element.childElementCount === 0 || isBlock(element))
        .map((element) => ({ element, box: element.getBoundingClientRect() }));
      this.seen = new Map(this.blocks.map(({ element, box }) => [element, box]));
      this.top = scrollY;
    }

    /** Keeps what was read where it was, and shows the change to those who did not look at it. */
    restore(changed) {
      const root = document.documentElement;
      // Whatever changes above it moves it; nothing that changes in it or below it does.
      const still = this.top > 0 && this.blocks.find(({ element, box }) =>
        element.isConnected && box.height > 0 && box.top >= 0 && box.top < innerHeight && isText(element));
      if (still) {
        const moved = still.element.getBoundingClientRect().top - still.box.top;
        if (moved !== 0) scrollBy({ top: moved, behavior: "instant" });
      }
      this.show([...changed].map(block).filter((element) => element && element.isConnected && isText(element)));
      root.style.overflowAnchor = "";
      if (!root.getAttribute("style")) root.removeAttribute("style");
    }

    show(blocks) {
      if (blocks.length === 0) return;
      const sight = (box) => box && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
      const read = blocks.filter((element) => sight(this.seen.get(element)) || sight(element.getBoundingClientRect()));
      if (read.length === 0) {
        const box = blocks[0].getBoundingClientRect();
        blocks[0].scrollIntoView({ block: box.height > innerHeight ? "start" : "center", behavior: "instant" });
        return;
      }
      // Somebody who reads the end of what is being written goes on reading its end.
      const end = read.at(-1);
      const before = this.seen.get(end);
      const after = end.getBoundingClientRect();
      if (before && before.bottom <= innerHeight && before.bottom > 0 && after.bottom > innerHeight) {
        end.scrollIntoView({ block: "end", behavior: "instant" });
      }
    }
  }

  function isBlock(element) {
    return /^(P|LI|H[1-6]|PRE|FIGURE|TABLE|TR|BLOCKQUOTE|DL|DT|DD|DETAILS|FIELDSET|SECTION|DIV|UL|OL|ASIDE)$/.test(element.nodeName);
  }

  /** The smallest block around an element. */
  function block(element) {
    while (element && !isBlock(element)) element = element.parentElement;
    return element;
  }

  /** Whether an element is part of the text, not of what surrounds it on every page. */
  function isText(element) {
    return !element.closest("nav, header, footer");
  }

  // ---- Problems ---------------------------------------------------------------------------------

  const LOOK = `
    :host { all: initial; }
    * { box-sizing: border-box; margin: 0; font: inherit; color: inherit; }
    .panel, .pill, .note { position: fixed; z-index: 2147483647; background: #1d1b1f; color: #f4f1ee;
      font: 15px/1.5 ui-sans-serif, system-ui, sans-serif; border: 1px solid #6d6670; }
    .panel { inset: auto 0 0; max-height: 60vh; overflow: auto; border-width: 3px 0 0; border-color: #ff8f73; padding: 0 max(1rem, calc(50% - 30rem)) 1rem; }
    header { position: sticky; top: 0; display: flex; gap: 1rem; align-items: center; justify-content: space-between;
      background: inherit; padding: .7rem 0; font-weight: 650; }
    .pill, .note { inset: auto 1rem 1rem auto; border-radius: 1.5em; padding: .4em 1em; max-width: calc(100% - 2rem); }
    button { cursor: pointer; background: #3a363d; border: 1px solid #8b838f; border-radius: 4px; padding: .25em .8em; }
    button.pill { background: #1d1b1f; border-color: #ff8f73; border-radius: 1.5em; }
    li { list-style: none; padding: .8rem 0; border-top: 1px solid #4a454e; }
    ul { padding: 0; }
    .severity { font-weight: 700; color: #ff9f86; }
    .warning .severity { color: #ffd27a; }
    .help { color: #a9e2b4; }
    pre { margin: .5rem 0; padding: .7rem .9rem; overflow-x: auto; background: #111014; border-radius: 4px; font: 13px/1.45 ui-monospace, Menlo, Consolas, monospace; }
    a { color: #9fd4ff; }
    :focus-visible { outline: 3px solid #9fd4ff; outline-offset: 2px; }
    @media print { .panel, .pill, .note { display: none; } }`;

  let host = null;
  let root = null;
  let told = "";
  let folded = false;
  let open = [];
  let noted = "";

  function problems(diagnostics) {
    const key = JSON.stringify(diagnostics);
    if (key === told) return;
    told = key;
    open = diagnostics ?? [];
    // A warning does not get in the way of reading.
    folded = !open.some(({ severity }) => severity === "error");
    draw();
  }

  function note(text) {
    if (text === noted) return;
    noted = text;
    draw();
  }

  function draw() {
    if (open.length === 0 && !noted) {
      host?.remove();
      host = null;
      return;
    }
    if (!host) {
      host = document.createElement(PLACE);
      root = host.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(LOOK);
      root.adoptedStyleSheets = [sheet];
      document.documentElement.append(host);
    }
    const parts = [];
    if (noted) parts.push(made("p", { class: "note", role: "status" }, noted));
    if (open.length > 0) parts.push(folded ? pill() : panel());
    root.replaceChildren(...parts);
  }

  function count() {
    const errors = open.filter(({ severity }) => severity === "error").length;
    const [number, word] = errors ? [errors, "error"] : [open.length, "warning"];
    return `${number} ${word}${number === 1 ? "" : "s"}`;
  }

  function pill() {
    const button = made("button", { class: "pill", type: "button" }, count());
    button.addEventListener("click", () => fold(false));
    return button;
  }

  function panel() {
    const hide = made("button", { type: "button", class: "hide" }, "Hide");
    hide.addEventListener("click", () => fold(true));
    const header = made("header", {}, made("span", { role: "status" }, `${count()} in the site`), hide);
    const section = made("section", { class: "panel", "aria-label": "Problems in the site", tabindex: "-1" },
      header, made("ul", {}, ...open.map(problem)));
    section.addEventListener("keydown", (event) => event.key === "Escape" && fold(true));
    return section;
  }

  function fold(to) {
    folded = to;
    draw();
    root.querySelector(".pill, .hide").focus();
  }

  function problem({ severity, code, message, file, line, column, help, excerpt, editor }) {
    const where = [file, line, column].filter((part) => part !== undefined && part !== null && part !== "").join(":");
    const place = opens(editor) ? made("a", { href: editor }, where) : made("code", {}, where);
    place.addEventListener("click", (event) => opens(editor) && (event.preventDefault(), edit(editor)));
    const item = made("li", { class: severity }, made("p", {},
      made("span", { class: "severity" }, `${severity}${code ? `[${code}]` : ""}: `), message));
    if (where) item.append(made("p", { class: "where" }, place));
    if (excerpt) item.append(made("pre", { tabindex: "0" }, excerpt));
    if (help && !excerpt?.includes(help)) item.append(made("p", { class: "help" }, `help: ${help}`));
    return item;
  }

  /** An element with text and elements in it; text is text, whatever it holds. */
  function made(name, attributes, ...content) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...content);
    return element;
  }

  // ---- Opening the source -----------------------------------------------------------------------

  function opens(url) {
    return typeof url === "string" && /^[a-z][a-z0-9+.-]*:/i.test(url) && !/^(javascript|data|vbscript|blob):/i.test(url);
  }

  /** Editors that listen on a port are asked, others are handed the address. */
  function edit(url) {
    if (/^https?:/i.test(url)) fetch(url, { mode: "no-cors" }).catch(() => note("The editor does not answer."));
    else location.href = url;
  }

  addEventListener("click", async (event) => {
    if (!event.altKey || event.button !== 0 || !(event.target instanceof Element) || event.target.closest(PLACE)) return;
    event.preventDefault();
    event.stopPropagation();
    const clicked = block(event.target) ?? event.target;
    const response = await fetch(`${own}source?path=${encodeURIComponent(location.pathname)}`).catch(() => null);
    if (!response?.ok) return note("This page has no source file of its own.");
    const source = await response.json();
    const { line, column } = find(source.text, clicked);
    if (!opens(source.editor)) return note(`${source.file}:${line}:${column}`);
    edit(source.editor.replace("{line}", line).replace("{column}", column));
  }, true);

  /** Where in a source the words of a block stand: below the heading that is above it, if they can. */
  function find(text, clicked) {
    // Addresses and attributes are not read by anybody; blanks keep the places of all else.
    const source = text.replace(/\]\([^)\n]*\)|\{[^}\n]*\}/g, (part) => " ".repeat(part.length));
    const places = [];
    let letters = "";
    for (const { 0: letter, index } of source.matchAll(/[\p{L}\p{N}]/gu)) {
      for (const small of letter.toLowerCase()) {
        letters += small;
        for (let unit = 0; unit < small.length; unit += 1) places.push(index);
      }
    }
    const words = (element) => (element?.textContent ?? "").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
    const search = (wanted, from) => {
      for (const length of [120, 60, 30, 15, 8]) {
        const start = wanted.slice(0, length);
        const at = start ? letters.indexOf(start, from) : -1;
        if (at >= 0) return at;
        if (wanted.length <= 8) break;
      }
      return -1;
    };
    const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")];
    const above = headings.filter((heading) => heading === clicked || heading.compareDocumentPosition(clicked) & 4).at(-1);
    const section = Math.max(0, search(words(above), 0));
    const at = above === clicked ? section : [search(words(clicked), section), search(words(clicked), 0), section].find((one) => one >= 0);
    const before = text.slice(0, places[at] ?? 0).split("\n");
    return { line: before.length, column: before.at(-1).length + 1 };
  }
})();
