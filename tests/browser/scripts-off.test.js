// Without scripts every page is complete: nothing is hidden that only a script would show, and each
// quiz leads to a result.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, sound } from "./support/browser.js";
import { DEMO } from "./support/built.js";
import { addresses, serve } from "./support/site.js";

let browser;
let site;
before(async () => {
  browser = await launch();
  site = await serve(DEMO);
});
after(async () => {
  await site.close();
  await browser.close();
});

test("every page says the same without scripts", async () => {
  const without = await open(browser, site.origin, { javaScriptEnabled: false });
  const withThem = await open(browser, site.origin);
  for (const address of await addresses(DEMO)) {
    await Promise.all([without.goto(site.origin + address), withThem.goto(site.origin + address)]);
    const [plain, full] = await Promise.all([without, withThem].map((page) => page.locator("main").innerText()));
    const lines = new Set(plain.split("\n").map((line) => line.trim()));
    // What a script adds are controls; a button that does nothing without it is not shown.
    const controls = new Set(await withThem.locator("main button").allInnerTexts());
    const missing = full.split("\n").map((line) => line.trim())
      .filter((line) => line && !lines.has(line) && ![...controls].some((label) => line.includes(label.trim())));
    assert.deepEqual(missing, [], address);
    assert.equal(await without.locator("main button:visible").count(), 0, `${address}: a button without a script`);
    without.faults.length = 0;
    withThem.faults.length = 0;
  }
});

test("a quiz that is counted by hand leads to a result", async () => {
  const page = await open(browser, site.origin, { javaScriptEnabled: false });
  await page.goto(`${site.origin}/quiz/is-tech-for-you/`);
  await page.locator("fieldset").first().locator("input").first().check();
  await page.locator(".quiz-key summary").click();
  assert.ok(await page.locator(".quiz-key table tbody tr").count() > 3);
  const results = page.locator(".quiz-results [data-outcome] a[href*='/quiz/']");
  assert.ok(await results.count() > 1);
  await results.first().click();
  assert.match(page.url(), /\/quiz\/is-tech-for-you\/[a-z-]+\/$/);
  assert.equal(await page.locator("h1").count(), 1);
  sound(page, "the result");
});

test("a quiz of links leads to a result by links alone", async () => {
  const page = await open(browser, site.origin, { javaScriptEnabled: false });
  await page.goto(`${site.origin}/quiz/where-to-start/`);
  const start = page.url();
  let question = page.locator(".question").first();
  for (let step = 0; step < 12; step += 1) {
    const href = await question.locator("a").first().getAttribute("href");
    await question.locator("a").first().click();
    if (!href.startsWith("#")) break;
    question = page.locator(`${href}`);
    if (await question.evaluate((element) => !element.classList.contains("question"))) {
      await question.locator("a").first().click();
      break;
    }
  }
  assert.notEqual(page.url().split("#")[0], start);
  assert.ok(page.url().startsWith(start));
  assert.ok(await page.locator("main a[href*='/guides/'], main a[href*='/roles/']").count() > 0);
});
