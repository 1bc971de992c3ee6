// Nothing on a page moves while it is read, however late any file arrives: a busy machine or a slow network shows a
// page before all of it is there.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./support/browser.js";
import { DEMO, GALLERY, THEMED } from "./support/built.js";
import { late } from "./support/late.js";
import { none } from "./support/none.js";
import { GALLERY_TYPES, THEMED_TYPES, TYPES } from "./support/types.js";

// A table in a text has columns as wide as the words in them ask, and its rows come one by one. To show none of
// them before the last would hide what can be read; a twentieth is half of what readers are said to notice
// (<https://web.dev/articles/cls>).
const TABLES = { docs: 0.05 };

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const PAGES = [[DEMO, TYPES], [GALLERY, GALLERY_TYPES], [THEMED, THEMED_TYPES]].flatMap(([folder, types]) =>
  Object.entries(types).map(([type, address]) => ({ type, at: [folder, address] })));
const WINDOWS = { phone: { width: 320, height: 640 }, desk: { width: 1280, height: 900 } };
// Where each kind of file can come late, and how many of these pages have one. All share one stylesheet, and most
// their scripts.
const THEMED_PAGES = PAGES.filter(({ at }) => at[0] === THEMED);
const SCRIPTED = PAGES.filter(({ type }) => ["guide", "quiz", "docs", "search", "everything", "themed-guide"].includes(type));
const FILES = {
  style: { pages: THEMED_PAGES, least: THEMED_PAGES.length },
  script: { pages: SCRIPTED, least: SCRIPTED.length },
  // A logo is in the head of each; those of a text may be asked for after the page has loaded.
  picture: { pages: PAGES, least: THEMED_PAGES.length },
  font: { pages: THEMED_PAGES, least: THEMED_PAGES.length },
};
const told = (shift) => `${shift.value.toFixed(5)}: ${shift.what}`;

/** The shifts of a page of a type, unless they are within what its tables may take. */
function beyond(type, shifts) {
  const sum = shifts.reduce((so_far, { value }) => so_far + value, 0);
  return sum > (TABLES[type] ?? 0) ? shifts.map((shift) => `${type}: ${told(shift)}`) : [];
}

for (const [where, viewport] of Object.entries(WINDOWS)) {
  test(`no page moves on a ${where} while it comes in pieces`, async (t) => {
    const found = [];
    for (const { type, at } of PAGES) {
      const { shifts, held } = await late(browser, at, "page", { viewport });
      assert.ok(held > 20, `${type} came in ${held} pieces`);
      found.push(...beyond(type, shifts));
    }
    none(found, t.name);
  });

  for (const [kind, { pages, least }] of Object.entries(FILES)) {
    test(`no page moves on a ${where} when a ${kind} comes late`, async (t) => {
      const found = [];
      let with_such = 0;
      for (const { type, at } of pages) {
        const { shifts, held } = await late(browser, at, kind, { viewport });
        with_such += held > 0;
        found.push(...beyond(type, shifts));
      }
      none(found, t.name);
      assert.ok(with_such >= least, `${with_such} pages with a late ${kind}`);
    });
  }

  for (const words of ["accessibility", "xyzzy"]) {
    test(`the search for ${words} moves nothing on a ${where} when its index comes late`, async (t) => {
      const until = (page) => page.locator(".search-said", { hasText: "for “" }).waitFor();
      const { shifts, held } = await late(browser, [DEMO, `/search/?q=${words}`], "index", { viewport, until });
      assert.ok(held > 2, `${held} files of the index`);
      none(shifts.map(told), t.name);
    });
  }
}

test("the judge sees what moves", async () => {
  const viewport = WINDOWS.desk;
  const change = (text) => text.replace(/<main[^>]*>/, '$&<img src="/img/thinking.svg" alt="">');
  const picture = await late(browser, [DEMO, "/glossary/"], "picture", { viewport, change });
  assert.ok(picture.shifts.length > 0, "a picture without its size moves what is below it");
  const table = await late(browser, [DEMO, TYPES.docs], "page", { viewport });
  assert.ok(table.shifts.length > 0, "the next rows of a table widen its columns");
});
