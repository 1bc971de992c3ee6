// Every page once: no finding by axe, nothing wider than a small phone, no fault in the console, no
// request that leaves the site, nothing that a strict content policy refuses.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { violations } from "./support/axe.js";
import { launch, open, overflow, sound } from "./support/browser.js";
import { DEMO, GALLERY } from "./support/built.js";
import { none } from "./support/none.js";
import { addresses, serve } from "./support/site.js";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

for (const [name, folder] of [["demo", DEMO], ["gallery", GALLERY]]) {
  test(`every page of the ${name}`, async (t) => {
    const site = await serve(folder);
    t.after(() => site.close());
    // The gallery holds the demo's pages too.
    const demo = new Set(folder === DEMO ? [] : await addresses(DEMO));
    const all = (await addresses(folder)).filter((address) => !demo.has(address));
    assert.ok(all.length >= 5, `only ${all.length} pages`);
    const page = await open(browser, site.origin, { viewport: { width: 320, height: 640 } });
    const found = [];
    for (const address of all) {
      await page.goto(site.origin + address);
      found.push(...page.faults.splice(0).map((fault) => `${address}: ${fault}`));
      found.push(...(await overflow(page)).map((wide) => `${address}: wider than the window: ${wide}`));
      found.push(...(await violations(page)).map((violation) => `${address}: ${violation}`));
      page.faults.length = 0;
    }
    none(found, t.name);
    await page.context().close();
  });
}

test("each judge finds what is put in its way", async (t) => {
  const site = await serve(DEMO);
  t.after(() => site.close());
  const page = await open(browser, site.origin, { viewport: { width: 320, height: 640 } });
  await page.goto(site.origin);
  sound(page, "the home page");
  await page.evaluate(() => {
    const foreign = document.createElement("img");
    foreign.src = "https://example.org/tracker.gif";
    const wide = document.createElement("p");
    wide.style.width = "900px";
    wide.textContent = "wide";
    const field = document.createElement("input");
    document.querySelector("main").append(foreign, wide, field);
  });
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  const found = await violations(page);
  assert.ok(found.some((violation) => violation.startsWith("label at")), found.join("\n"));
  assert.ok((await overflow(page)).length > 0);
  assert.ok(page.faults.some((fault) => fault.includes("example.org")), page.faults.join("\n"));
  await page.context().close();
});
