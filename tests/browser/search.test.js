// The search, as a reader uses it: in the browser alone, with the keyboard, also below a path.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { violations } from "./support/axe.js";
import { launch, open, sound } from "./support/browser.js";
import { BELOW, DEMO } from "./support/built.js";
import { none } from "./support/none.js";
import { addresses, serve } from "./support/site.js";

let browser;
let site;
let below;
before(async () => {
  browser = await launch();
  [site, below] = await Promise.all([serve(DEMO), serve(BELOW)]);
});
after(async () => {
  await Promise.all([site.close(), below.close()]);
  await browser.close();
});

const said = (page, text) => page.locator(".search-said", { hasText: text }).waitFor();
const results = (page) => page.locator(".search-results h2 a").evaluateAll((links) => links.map((link) => new URL(link.href).pathname));

/** Words that stand together in the text of a page, well below its beginning. */
async function phrase(page, url) {
  await page.goto(url);
  return page.evaluate(() => {
    const paragraphs = [...document.querySelectorAll("article section > p:not([class])")];
    const long = paragraphs.map((paragraph) => paragraph.cloneNode(true)).map((paragraph) => {
      for (const mark of paragraph.querySelectorAll("sup, code, .cite, .visually-hidden")) mark.replaceWith("|");
      return paragraph.textContent.split(/[^\p{L} -]+/u).map((part) => part.trim().split(/ +/)).find((words) => words.length >= 6);
    }).filter(Boolean);
    return long[Math.floor(long.length / 2)].slice(0, 6).join(" ");
  });
}

test("it finds a phrase from each guide", async () => {
  const page = await open(browser, site.origin);
  const guides = (await addresses(DEMO)).filter((address) => /^\/(guides|how-to)\/[a-z]/.test(address));
  assert.ok(guides.length >= 10, `${guides.length} guides`);
  for (const guide of guides) {
    const words = await phrase(page, site.origin + guide);
    await page.goto(`${site.origin}/search/?q=${encodeURIComponent(`"${words}"`)}`);
    await said(page, /pages? for “/);
    assert.ok((await results(page)).includes(guide), `“${words}” leads to ${guide}: ${await results(page)}`);
    sound(page, guide);
  }
});

test("it is asked from any page, with the keyboard alone", async () => {
  const page = await open(browser, site.origin);
  await page.goto(`${site.origin}/guides/front-end-developer/`);
  for (let press = 0; press < 30; press += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement.matches(".site-search input"))) break;
  }
  await page.keyboard.type("accessibility");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/search/?q=accessibility");
  await said(page, /pages for “accessibility”/);
  assert.ok(await page.locator(".search-results mark").count() > 0, "what was looked for is marked");
  none(await violations(page), "results");
  assert.equal(await page.locator("header .site-search").count(), 0, "one search on the search page");

  await page.locator(".search-form input").fill("");
  assert.equal(await page.locator(".search-results > li").count(), 0);
  await page.keyboard.type("statistics");
  await said(page, /pages? for “statistics”/);
  assert.match(page.url(), /\?q=statistics$/);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.matches(".search-results h2 a")));
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.startsWith("/search/"));
  await page.goBack();
  await said(page, /pages? for “statistics”/);
  sound(page, "the search page");
});

test("more results come when they are asked for, and what is not there is said", async () => {
  const page = await open(browser, site.origin);
  await page.goto(`${site.origin}/search/?q=work`);
  await said(page, /pages? for “work”/);
  const first = await page.locator(".search-results > li").count();
  await page.locator(".search-more button").click();
  await page.waitForFunction((count) => document.querySelectorAll(".search-results > li").length > count, first);
  assert.ok(await page.evaluate((at) => document.activeElement === document.querySelectorAll(".search-results h2 a")[at], first));
  await page.locator(".search-form input").fill('"zyxwvut"');
  await said(page, /Nothing was found for “"zyxwvut"”/);
  // What is typed is text, in the page and in the index.
  await page.locator(".search-form input").fill("<img src=x onerror=alert(1)>");
  await page.waitForFunction(() => document.querySelector(".search-said").textContent.includes("<img"));
  assert.equal(await page.locator(".search img").count(), 0);
  // So is what comes with an address that somebody else made.
  await page.goto(`${site.origin}/search/?q=${encodeURIComponent('"><img src=x onerror="globalThis.taken = 1">')}`);
  await page.waitForFunction(() => document.querySelector(".search-said").textContent.includes("<img"));
  assert.equal(await page.locator("main img").count(), 0);
  assert.equal(await page.evaluate(() => globalThis.taken), undefined);
  sound(page, "the search page");
});

test("promos, code and pages that say so are not found", async () => {
  const page = await open(browser, site.origin);
  for (const words of ['"Is a tech career right for you"', '"Back to top"', '"Table of Contents"']) {
    await page.goto(`${site.origin}/search/?q=${encodeURIComponent(words)}`);
    await page.waitForFunction(() => /for “/.test(document.querySelector(".search-said").textContent));
    const guides = (await results(page)).filter((url) => url.startsWith("/guides/"));
    assert.deepEqual(guides, [], words);
  }
});

test("it works below a path", async () => {
  const page = await open(browser, below.origin);
  await page.goto(`${below.origin}/careers/`);
  await page.locator(".site-search input").fill("accessibility");
  await page.locator(".site-search input").press("Enter");
  await said(page, /pages? for “accessibility”/);
  const found = await results(page);
  assert.ok(found.length > 3 && found.every((url) => url.startsWith("/careers/")), `${found}`);
  await page.locator(".search-results h2 a").first().click();
  await page.waitForURL((url) => found.includes(url.pathname));
  assert.equal(await page.locator("article").count(), 1);
  sound(page, "below a path");
});

test("without scripts the search page leads on", async () => {
  const page = await open(browser, site.origin, { javaScriptEnabled: false });
  await page.goto(`${site.origin}/`);
  await page.locator(".site-search input").fill("pay");
  await page.locator(".site-search input").press("Enter");
  await page.waitForURL("**/search/?q=pay");
  assert.ok(await page.locator(".search-else").isVisible());
  await page.locator(".search-else a").first().click();
  assert.ok(await page.locator("h1").isVisible());
  sound(page, "without scripts");
});

test("a search loads little", async (t) => {
  const page = await open(browser, site.origin);
  let bytes = 0;
  page.on("requestfinished", async (request) => {
    if (request.url().includes("/pagefind/")) bytes += (await request.sizes()).responseBodySize;
  });
  await page.goto(`${site.origin}/search/?q=accessibility`);
  await said(page, /pages? for “/);
  const files = await readdir(join(DEMO, "pagefind"), { recursive: true });
  t.diagnostic(`${bytes} bytes for one search; ${files.length} files in the index`);
  assert.ok(bytes > 20 * 1024 && bytes < 200 * 1024, `${bytes} bytes`);
});
