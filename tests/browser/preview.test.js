// The preview as a writer meets it: the real server, a real browser, files that are saved.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open } from "./support/browser.js";
import { Preview } from "./support/preview.js";

const GUIDE = "content/guides/front-end-developer.md";
let browser;
let preview;
before(async () => {
  browser = await launch();
  preview = await Preview.start();
});
after(async () => {
  await preview.end();
  await browser.close();
});

/** Opens a page of the preview that remembers that it was never loaded again. */
async function visit(path, context) {
  const page = context ? await context.newPage() : await open(browser, preview.origin);
  await page.goto(preview.origin + path);
  await page.evaluate(() => { globalThis.sameDocument = true; });
  return page;
}

const stayed = (page) => page.evaluate(() => globalThis.sameDocument === true);
const shows = (page, text) => page.locator("main", { hasText: text }).waitFor();
const overlay = (page) => page.locator("guidepost-preview .panel");

test("text appears without navigation, and all that the reader did stays", async () => {
  const page = await visit("/quiz/is-tech-for-you/");
  const answer = page.locator("fieldset input").nth(5);
  await answer.check();
  await page.locator(".quiz-key summary").click();
  await page.locator("fieldset input").nth(9).focus();
  await page.evaluate(() => scrollTo({ top: 500, behavior: "instant" }));
  const seen = await page.locator("legend").nth(2).boundingBox();
  const text = await preview.read("content/quiz/is-tech-for-you.md");

  await preview.save("content/quiz/is-tech-for-you.md", `${text}\nA sentence that was not there before.\n`);
  await shows(page, "A sentence that was not there before.");
  assert.ok(await stayed(page), "the page was loaded again");
  assert.ok(await answer.isChecked(), "the answer");
  assert.ok(await page.locator(".quiz-key").evaluate((details) => details.open), "the open details");
  assert.ok(await page.locator(".quiz-send").isVisible(), "what a script had shown");
  assert.equal(await page.evaluate(() => document.activeElement.id), await page.locator("fieldset input").nth(9).getAttribute("id"));

  await preview.save("content/quiz/is-tech-for-you.md", text);
  await page.locator("main", { hasText: "A sentence that was not there before." }).waitFor({ state: "detached" });
  assert.ok(await stayed(page));
  assert.ok(seen !== null);
  await page.context().close();
});

test("what is read stays in place while text above it grows", async () => {
  const page = await visit("/guides/front-end-developer/");
  await page.locator("#do-you-need-a-framework").evaluate((heading) => heading.scrollIntoView({ block: "start", behavior: "instant" }));
  const before = await page.locator("#do-you-need-a-framework").boundingBox();
  // The change can be seen too, so nothing has to be brought into view.
  const text = await preview.read(GUIDE);
  const more = "More about it. ".repeat(60);
  await preview.save(GUIDE, text
    .replace("This guide explains", `${more}\n\nThis guide explains`)
    .replace("Sooner or later, yes.", "Sooner or later, certainly."));
  await shows(page, "Sooner or later, certainly.");
  const now = await page.locator("#do-you-need-a-framework").boundingBox();
  assert.ok(Math.abs(now.y - before.y) <= 1, `${before.y} became ${now.y}`);
  assert.ok(await stayed(page));
  await preview.save(GUIDE, text);
  await page.context().close();
});

test("a change elsewhere on the page is brought into view", async () => {
  const page = await visit("/guides/front-end-developer/");
  assert.equal(await page.evaluate(() => scrollY), 0);
  await preview.edit(GUIDE, "Sooner or later, yes.", "Sooner or later, indeed.");
  await shows(page, "Sooner or later, indeed.");
  // The words are there before the page has scrolled to them.
  await page.waitForFunction(() => {
    const changed = [...document.querySelectorAll("p")].find((p) => p.textContent.includes("Sooner or later, indeed."));
    const { top, bottom } = changed.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
  await preview.edit(GUIDE, "Sooner or later, indeed.", "Sooner or later, yes.");
  await shows(page, "Sooner or later, yes.");
  await page.context().close();
});

test("a style is swapped without a moment without it", async () => {
  const page = await visit("/guides/front-end-developer/");
  await page.evaluate(() => {
    globalThis.seen = new Set();
    const look = () => {
      const style = getComputedStyle(document.body);
      globalThis.seen.add(`${style.maxWidth} ${style.marginTop}`);
      requestAnimationFrame(look);
    };
    look();
  });
  const css = "themes/default/static/css/main.css";
  const text = await preview.read(css);
  await preview.save(css, `${text}\nbody { max-width: 4321px; }\n`);
  await page.waitForFunction(() => getComputedStyle(document.body).maxWidth === "4321px");
  await page.waitForFunction(() => document.querySelectorAll("link[rel=stylesheet][href*='main']").length === 1);
  assert.ok(await stayed(page));
  assert.deepEqual(await page.evaluate(() => [...globalThis.seen].sort()), ["4321px 0px", "none 0px"]);
  await preview.save(css, text);
  await page.waitForFunction(() => getComputedStyle(document.body).maxWidth === "none");
  await page.context().close();
});

test("a mistake in a template is told over the page, and goes when it is mended", async () => {
  const page = await visit("/guides/front-end-developer/");
  const title = await page.locator("h1").innerText();
  const template = "themes/default/templates/article.html";
  const text = await preview.read(template);
  await preview.save(template, text.replace("{{ page.title }}", "{{ page.title"));
  await overlay(page).waitFor();
  const said = await overlay(page).innerText();
  assert.match(said, /article\.html/);
  assert.match(said, /\^/, "a caret");
  assert.equal(await page.locator("h1").innerText(), title, "the last good page stays");

  await page.locator("guidepost-preview .hide").click();
  assert.equal(await overlay(page).count(), 0);
  await page.locator("guidepost-preview .pill").click();
  await page.keyboard.press("Escape");
  assert.equal(await overlay(page).count(), 0);

  await preview.save(template, text);
  await page.locator("guidepost-preview").waitFor({ state: "detached" });
  assert.ok(await stayed(page));
  await page.context().close();
});

test("a mistake in front matter is told everywhere, and other pages stay fresh", async () => {
  const [page, other] = [await visit("/guides/front-end-developer/"), await visit("/guides/data-analyst/")];
  await preview.edit(GUIDE, "title: How", "title: [How");
  await Promise.all([overlay(page).waitFor(), overlay(other).waitFor()]);
  const said = await overlay(other).innerText();
  assert.match(said, /front-end-developer\.md/);
  assert.match(said, /\^/, "a caret");
  const analyst = "content/guides/data-analyst.md";
  const text = await preview.read(analyst);
  await preview.save(analyst, `${text}\nFresh in spite of a mistake elsewhere.\n`);
  await shows(other, "Fresh in spite of a mistake elsewhere.");
  assert.ok(await overlay(other).isVisible());
  await preview.save(analyst, text);

  await preview.edit(GUIDE, "title: [How", "title: How");
  await Promise.all([page, other].map((one) => one.locator("guidepost-preview").waitFor({ state: "detached" })));
  assert.match(await page.locator("h1").innerText(), /^How to become/);
  await page.context().close();
  await other.context().close();
});

test("nothing in a file or its name becomes markup", async () => {
  const page = await visit("/guides/front-end-developer/");
  const evil = "<img src=x onerror='globalThis.taken = true'>";
  const text = await preview.read(GUIDE);
  await preview.save(GUIDE, text.replace("level:", `"${evil}": 1\nlevel:`));
  await overlay(page).waitFor();
  assert.ok((await overlay(page).innerText()).includes(evil));
  assert.equal(await page.locator("guidepost-preview img").count(), 0);
  assert.equal(await page.evaluate(() => globalThis.taken), undefined);
  await preview.save(GUIDE, text);
  await page.locator("guidepost-preview").waitFor({ state: "detached" });

  const name = "content/guides/<img src=x onerror=taken=1>.md";
  await preview.save(name, "---\ntitel: x\n---\nText.\n");
  await overlay(page).waitFor();
  assert.ok((await overlay(page).innerText()).includes("<img src=x onerror=taken=1>"));
  assert.equal(await page.locator("guidepost-preview img").count(), 0);
  assert.equal(await page.evaluate(() => globalThis.taken), undefined);
  const { rm } = await import("node:fs/promises");
  await rm(`${preview.root}/${name}`);
  await page.locator("guidepost-preview").waitFor({ state: "detached" });
  await page.context().close();
});

test("two tabs follow, also when the first is closed and when the server starts again", async () => {
  const first = await visit("/guides/front-end-developer/");
  const context = first.context();
  const second = await visit("/guides/front-end-developer/", context);
  await preview.edit(GUIDE, "Sooner or later, yes.", "Sooner or later, of course.");
  await Promise.all([shows(first, "Sooner or later, of course."), shows(second, "Sooner or later, of course.")]);
  assert.ok(await stayed(first) && await stayed(second));

  await first.close();
  await preview.edit(GUIDE, "Sooner or later, of course.", "Sooner or later, to be sure.");
  await shows(second, "Sooner or later, to be sure.");

  await preview.stop();
  await second.locator("guidepost-preview .note").waitFor();
  await preview.edit(GUIDE, "Sooner or later, to be sure.", "Sooner or later, yes.");
  await preview.again();
  await shows(second, "Sooner or later, yes.");
  await second.locator("guidepost-preview").waitFor({ state: "detached" });
  assert.ok(await stayed(second));
  await context.close();
});

test("Alt-click opens the source at its line", async () => {
  const settings = await preview.read("site.toml");
  const page = await visit("/guides/front-end-developer/");
  const asked = [];
  page.on("request", (request) => request.url().includes("/editor?") && asked.push(decodeURIComponent(request.url())));
  await preview.save("site.toml", `${settings}\n[serve]\neditor = "${preview.origin}/editor?file={path}&line={line}&column={column}"\n`);
  const lines = (await preview.read(GUIDE)).split("\n");
  for (const words of ["The label is tied to the field", "Sooner or later, yes.", "Put the mouse away"]) {
    asked.length = 0;
    const line = lines.findIndex((text) => text.includes(words)) + 1;
    // The settings take a moment to be read; a click that came too early is made again.
    for (let click = 0; click < 100 && asked.length === 0; click += 1) {
      await page.locator("main p", { hasText: words }).first().click({ modifiers: ["Alt"], position: { x: 5, y: 5 } });
      await page.waitForTimeout(100);
    }
    assert.match(asked[0] ?? "", new RegExp(`front-end-developer\\.md&line=${line}&column=1$`), words);
  }
  await preview.save("site.toml", settings);
  await page.context().close();
});
