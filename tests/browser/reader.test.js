// What a reader does with scripts and a keyboard: skip link, menu, contents, quiz, checklist.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, sound } from "./support/browser.js";
import { DEMO, GALLERY } from "./support/built.js";
import { serve } from "./support/site.js";

let browser;
let site;
let gallery;
before(async () => {
  browser = await launch();
  [site, gallery] = await Promise.all([serve(DEMO), serve(GALLERY)]);
});
after(async () => {
  await Promise.all([site.close(), gallery.close()]);
  await browser.close();
});

const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim());

test("the keyboard reaches the text at once, and everything in order", async () => {
  const page = await open(browser, site.origin);
  await page.goto(`${site.origin}/guides/front-end-developer/`);
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "Skip to content");
  const box = await page.locator(".skip-link").boundingBox();
  assert.ok(box.y >= 0 && box.x >= 0, "the skip link is seen when it has the focus");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.querySelector("main").contains(document.activeElement)));
  sound(page, "a guide");

  await page.goto(`${site.origin}/guides/front-end-developer/`);
  const order = [];
  for (let press = 0; press < 400; press += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === document.body) return null;
      const all = [...document.querySelectorAll("*")];
      // A card shows the focus of the link that fills it, a search box that of its field.
      const seen = getComputedStyle(element.closest(".card, .site-search") ?? element);
      return {
        place: all.indexOf(element), outlined: seen.outlineStyle !== "none" || seen.boxShadow !== "none",
        what: element.outerHTML.slice(0, 80),
      };
    });
    if (at === null) break;
    assert.ok(at.outlined, `no sign of the focus on ${at.what}`);
    order.push(at.place);
  }
  const focusable = await page.locator("a[href], button, input, summary, [tabindex='0']").count();
  assert.ok(order.length > 20 && order.length <= focusable, `${order.length} of ${focusable}`);
  assert.deepEqual(order, [...order].sort((a, b) => a - b), "the focus moves in reading order");
});

test("on a phone the keyboard opens the menu, walks it and closes it, without scripts too", async () => {
  for (const javaScriptEnabled of [true, false]) {
    const page = await open(browser, site.origin, { viewport: { width: 320, height: 640 }, javaScriptEnabled });
    await page.goto(`${site.origin}/guides/`);
    const menu = page.locator(".site-menu");
    assert.ok(!await menu.isVisible(), "it is folded at first");
    await page.locator(".menu-button").focus();
    await page.keyboard.press("Enter");
    assert.ok(await menu.isVisible(), "Enter opens it");
    const links = page.locator(".site-nav a");
    const box = await menu.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 320, "it fits");
    for (let at = 0; at < await links.count(); at += 1) {
      await page.keyboard.press("Tab");
      assert.ok(await links.nth(at).evaluate((link) => link === document.activeElement), `Tab reaches link ${at}`);
    }
    await page.keyboard.press("Tab");
    assert.ok(await page.locator(".site-search input").evaluate((field) => field === document.activeElement));
    await page.keyboard.press("Escape");
    assert.ok(!await menu.isVisible(), "Escape closes it");
    await page.locator(".menu-button").click();
    await links.nth(1).click();
    await page.waitForURL((url) => url.pathname !== "/guides/");
    sound(page, "the menu");
  }
});

test("the contents list follows the scroll", async () => {
  const page = await open(browser, site.origin);
  await page.goto(`${site.origin}/guides/front-end-developer/`);
  const links = page.locator(".toc a");
  const count = await links.count();
  assert.ok(count >= 4);
  const current = page.locator(".toc a[aria-current]");
  for (const at of [1, count - 1, 2]) {
    const href = await links.nth(at).getAttribute("href");
    await page.evaluate((id) => document.getElementById(id).scrollIntoView({ block: "start", behavior: "instant" }), href.slice(1));
    await page.waitForFunction((wanted) => document.querySelector(".toc a[aria-current]")?.getAttribute("href") === wanted, href);
    assert.equal(await current.count(), 1);
  }
  assert.ok(await page.locator(".toc").evaluate((toc) => {
    const box = toc.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  }), "the contents stay in view beside the text");
  sound(page, "a guide");
});

test("a quiz is done with the keyboard and leads to its result", async () => {
  const page = await open(browser, site.origin);
  await page.goto(`${site.origin}/quiz/is-tech-for-you/`);
  const sets = await page.locator(".quiz fieldset").count();
  await page.locator(".quiz button[type=submit]").press("Enter");
  assert.match(await page.locator(".quiz-said").innerText(), new RegExp(`${sets} questions are left`));
  assert.ok(await page.evaluate(() => document.querySelector("fieldset").contains(document.activeElement)));
  for (let set = 0; set < sets; set += 1) {
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
  }
  await page.reload();
  assert.equal(await page.locator(".quiz fieldset input:checked").count(), sets, "answers outlive a reload");
  await page.locator(".quiz button[type=submit]").press("Enter");
  await page.waitForURL(/\/quiz\/is-tech-for-you\/[a-z-]+\/$/);
  sound(page, "a result");
});

test("a checklist is remembered in this browser", async () => {
  const page = await open(browser, gallery.origin);
  await page.goto(`${gallery.origin}/guides/everything/`);
  const boxes = page.locator(".checklist input[type=checkbox]");
  const ticked = await boxes.first().isChecked();
  await boxes.first().click();
  await page.reload();
  assert.equal(await boxes.first().isChecked(), !ticked);
  sound(page, "a checklist");
});

test("the choice of colors is kept, and reaches code too", async () => {
  const page = await open(browser, site.origin, { colorScheme: "light" });
  await page.goto(`${site.origin}/guides/front-end-developer/`);
  const paper = () => page.evaluate(() => [document.body, document.querySelector(".code")].map((element) => getComputedStyle(element).backgroundColor));
  const light = await paper();
  await page.locator(".scheme input[value=dark]").check();
  const dark = await paper();
  assert.notEqual(dark[0], light[0]);
  assert.notEqual(dark[1], light[1]);
  await page.reload();
  assert.deepEqual(await paper(), dark, "after a reload");
  await page.locator(".scheme input[value='']").check();
  assert.deepEqual(await paper(), light, "as the device has it");
  sound(page, "a guide");
});

test("code is copied as it was written", async () => {
  const page = await open(browser, site.origin, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(`${site.origin}/guides/front-end-developer/`);
  const figure = page.locator(".code").first();
  await figure.locator(".copy").click();
  await figure.locator(".copy", { hasText: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await figure.locator("code").textContent());
  sound(page, "a guide");
});

test("on paper there is the text, the contents and every answer, and nothing to click", async () => {
  const page = await open(browser, gallery.origin);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.goto(`${gallery.origin}/questions/interview/`);
  assert.ok(await page.locator("details .answer, details p").last().isVisible(), "a folded answer");
  for (const gone of [".site-nav", ".site-footer", ".breadcrumbs", ".promo", ".neighbours"]) {
    assert.equal(await page.locator(`${gone}:visible`).count(), 0, gone);
  }
  await page.goto(`${gallery.origin}/guides/everything/`);
  assert.ok(await page.locator(".toc").isVisible());
  assert.equal(await page.locator(".back-to-top:visible").count(), 0);
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  sound(page, "everything");
});

test("a page in a script from right to left is laid out from right to left", async () => {
  const page = await open(browser, gallery.origin);
  await page.goto(`${gallery.origin}/guides/right-to-left/`);
  assert.equal(await page.evaluate(() => document.dir), "rtl");
  const [text, rail] = [await page.locator("h1").boundingBox(), await page.locator(".toc").boundingBox()];
  assert.ok(rail.x + rail.width < text.x + text.width, "the contents are at the end of the line");
  sound(page, "right to left");
});
