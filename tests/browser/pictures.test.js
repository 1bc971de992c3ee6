// Pictures: browsers pick the copy that fits, nothing moves when it arrives, what is far below waits,
// and the policy in `_headers` lets all of it through. The picture is made here.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import { launch, open, sound } from "./support/browser.js";
import { serve } from "./support/site.js";

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const number = (value) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(value); return bytes; };
  return Buffer.concat([number(data.length), body, number(crc32(body))]);
}

/** A PNG whose colours run softly, with enough grain to be worth a smaller copy. */
function png(width, height) {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (1 + width * 3) + 1 + x * 3;
      rows[at] = (x * 255) / width;
      rows[at + 1] = (y * 255) / height;
      rows[at + 2] = (x * 7 + y * 13 + ((x * y) % 31)) % 256;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0)),
  ]);
}

let browser;
let site;
let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "pictures-"));
  await mkdir(join(folder, "content/guides"), { recursive: true });
  await writeFile(join(folder, "site.toml"), 'title = "Pictures"\nbase_url = "https://example.com/"\n[publish]\nhost = "netlify"\n');
  await writeFile(join(folder, "content/guides/far.png"), png(1000, 500));
  await writeFile(join(folder, "content/guides/wide.png"), png(1800, 900));
  const far = Array.from({ length: 60 }, (_, at) => `Paragraph ${at} of a long text.`).join("\n\n");
  await writeFile(join(folder, "content/guides/nurse.md"),
    `---\ntitle: Nurse\n---\n\n![A ward](wide.png)\n\nBelow the picture.\n\n## Later\n\n${far}\n\n![A bed](far.png)\n`);
  execFileSync(process.env.GUIDEPOST, ["build", "--root", folder, "--quiet"], { stdio: "inherit" });
  browser = await launch();
  site = await serve(join(folder, "public"));
});
after(async () => {
  await site?.close();
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

test("a browser picks the copy that fits its screen", async () => {
  const picked = {};
  for (const width of [360, 1280]) {
    const page = await open(browser, site.origin, { viewport: { width, height: 800 } });
    await page.goto(`${site.origin}/guides/nurse/`);
    const image = page.locator("main img").first();
    await image.evaluate((element) => element.decode());
    picked[width] = await image.evaluate((element) => ({
      source: new URL(element.currentSrc).pathname, shown: element.clientWidth, ratio: element.clientWidth / element.clientHeight,
    }));
    assert.match(picked[width].source, /\/wide\.\d+w\.[0-9a-f]{8}\.webp$/);
    assert.ok(Math.abs(picked[width].ratio - 2) < 0.02, JSON.stringify(picked[width]));
    sound(page, `at ${width}`);
  }
  const copy = (width) => Number(picked[width].source.match(/\.(\d+)w\./)[1]);
  assert.ok(copy(360) < copy(1280) && copy(360) >= picked[360].shown, JSON.stringify(picked));
  assert.ok(copy(1280) >= picked[1280].shown && copy(1280) < 1800, JSON.stringify(picked));
});

test("nothing moves when a picture arrives, and what is far below waits", async () => {
  const page = await open(browser, site.origin, { viewport: { width: 800, height: 600 } });
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.route("**/*.webp", async (route) => {
    await new Promise((resolve) => { setTimeout(resolve, 150); });
    await route.continue();
  });
  await page.addInitScript(() => {
    globalThis.moved = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { globalThis.moved += entry.value; }))
      .observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(`${site.origin}/guides/nurse/`, { waitUntil: "load" });
  await page.locator("main img").first().evaluate((element) => element.decode());
  assert.equal(await page.evaluate(() => globalThis.moved), 0);
  assert.equal(await page.locator("main img").first().getAttribute("fetchpriority"), "high");
  const far = page.locator("main img").last();
  assert.equal(await far.getAttribute("loading"), "lazy");
  await far.scrollIntoViewIfNeeded();
  await far.evaluate((element) => element.decode());
  assert.ok(asked.some((path) => path.includes("/far.")), asked.join(" "));
  assert.equal(await page.evaluate(() => globalThis.moved), 0);
  sound(page, "after scrolling");
});

test("no copy is larger than the file that it stands for", async () => {
  const files = await readdir(join(folder, "public/guides"));
  const widths = files.map((name) => name.match(/^wide\.(\d+)w\./)).filter(Boolean).map((match) => Number(match[1]));
  assert.ok(widths.length > 2 && Math.max(...widths) <= 1800, files.join(" "));
});
