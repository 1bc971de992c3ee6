// Lighthouse on the pages that readers land on. What does not depend on the machine's speed must be
// perfect; the score for speed is told, and judged by nobody.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import lighthouse, { desktopConfig } from "lighthouse";
import { launch } from "./support/browser.js";
import { DEMO } from "./support/built.js";
import { none } from "./support/none.js";
import { serve } from "./support/site.js";
import { TYPES } from "./support/types.js";

const PERFECT = ["accessibility", "best-practices", "seo"];
/** Audits of the performance category that count bytes, requests and elements, never milliseconds. */
const UNTIMED = [
  "unsized-images", "font-display", "uses-text-compression", "total-byte-weight", "dom-size", "unminified-css",
  "unused-css-rules", "unused-javascript", "legacy-javascript", "no-document-write", "uses-passive-event-listeners",
  "cumulative-layout-shift", "viewport",
];

const port = 9222 + (process.pid % 1000);
let browser;
let site;
before(async () => {
  browser = await launch([`--remote-debugging-port=${port}`]);
  site = await serve(DEMO);
});
after(async () => {
  await site.close();
  await browser.close();
});

for (const type of ["home", "guide", "role", "quiz"]) {
  test(`Lighthouse: ${type}`, async (t) => {
    const { lhr } = await lighthouse(site.origin + TYPES[type], {
      port, output: "json", logLevel: "error", onlyCategories: ["performance", ...PERFECT],
    }, desktopConfig);
    assert.equal(lhr.runtimeError, undefined);
    const failed = PERFECT.flatMap((name) => lhr.categories[name].auditRefs
      .map(({ id, weight }) => ({ audit: lhr.audits[id], weight, name }))
      .filter(({ audit, weight }) => weight > 0 && audit.score !== null && audit.score < 1)
      .map(({ audit }) => `${name}: ${audit.title}: ${(audit.details?.items ?? []).map((item) => JSON.stringify(item)).join(" ")}`));
    const untimed = UNTIMED.map((id) => lhr.audits[id]).filter((audit) => audit && audit.score !== null && audit.score < 0.9)
      .map((audit) => `performance: ${audit.title}: ${audit.displayValue ?? ""}`);
    none([...failed, ...untimed], type);
    for (const name of PERFECT) assert.equal(lhr.categories[name].score, 1, name);
    t.diagnostic(`${type}: performance ${Math.round(lhr.categories.performance.score * 100)}`);
  });
}
