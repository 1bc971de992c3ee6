// A page on a bad line: of one kind of file, each comes only when the page without it was on the screen.
import { EventEmitter, once } from "node:events";
import { extname } from "node:path";
import { open } from "./browser.js";
import { shifts } from "./shifts.js";
import { serve } from "./site.js";

const EXTENSIONS = {
  ".html": "page", ".css": "style", ".js": "script", ".svg": "picture", ".png": "picture", ".jpg": "picture",
  ".webp": "picture", ".ico": "picture", ".ttf": "font", ".woff2": "font",
};
const PIECES = 30;

/**
 * Opens an address of a folder with files of a kind late: `page` (which comes in pieces), `style`, `script`, `picture`,
 * `font` or `index`. The answer has the `shifts` of its layout, and how many files or pieces were `held` back.
 * `until` says what to wait for after the page has loaded, and `change` alters pages before they are sent.
 */
export async function late(browser, [folder, address], kind, { until = () => {}, change = (text) => text, ...options }) {
  const held = [];
  const line = new EventEmitter();
  const hold = (...pieces) => {
    held.push(...pieces);
    line.emit("held");
  };
  const site = await serve(folder, (response, name, body) => {
    const of = name.includes("/pagefind/") ? "index" : EXTENSIONS[extname(name)];
    const sent = of === "page" ? change(body.toString()) : body;
    if (of !== kind) response.end(sent);
    else if (of === "page") {
      const [head, ...pieces] = cut(sent);
      response.write(head);
      hold(...pieces.map((piece) => () => response.write(piece)), () => response.end());
    } else hold(() => response.end(sent));
  });
  const page = await open(browser, site.origin, options);
  try {
    let count = 0;
    let isDone = false;
    await page.goto(site.origin + address, { waitUntil: "commit" });
    const done = page.waitForLoadState("load", { timeout: 120_000 }).then(() => until(page)).finally(() => {
      isDone = true;
      line.emit("held");
    });
    done.catch(() => {});
    while (!isDone || held.length > 0) {
      if (held.length === 0) {
        await once(line, "held");
        continue;
      }
      await seen(page);
      held.shift()();
      count += 1;
    }
    await done;
    await seen(page);
    return { shifts: await shifts(page), held: count };
  } finally {
    await page.context().close();
    await site.close();
  }
}

/** When what has come is on the screen, or nothing can be, since what comes first is missing. */
function seen(page) {
  return page.evaluate(() => new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)));
    setTimeout(resolve, 250);
  }));
}

/** A page as its head and pieces of its body, each of which ends between two elements. */
function cut(text) {
  const body = text.indexOf("<body");
  const parts = text.slice(body).split(/(?<=>)(?=\s*<)/);
  const size = Math.ceil(parts.length / PIECES);
  const pieces = [];
  for (let at = 0; at < parts.length; at += size) pieces.push(parts.slice(at, at + size).join(""));
  return [text.slice(0, body), ...pieces];
}
