// The pictures in the README and the manual: what a visitor sees first of a guide and of a role.
// `UPDATE=1` takes them anew; they are not compared, since letters look different on every machine.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch, open, sound } from "./support/browser.js";
import { DEMO, SHOTS } from "./support/built.js";
import { serve } from "./support/site.js";
import { TYPES } from "./support/types.js";

const KEPT = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "content", "docs", "look");
const SIZE = { width: 1280, height: 800 };

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

for (const [type, colorScheme, scroll] of [["guide", "light", 330], ["role", "dark", 0]]) {
  test(`the picture of a ${type}`, async () => {
    const folder = process.env.UPDATE ? KEPT : SHOTS;
    await mkdir(folder, { recursive: true });
    const name = `look-${type}-${colorScheme}.png`;
    const page = await open(browser, site.origin, { colorScheme, viewport: SIZE, reducedMotion: "reduce" });
    await page.goto(site.origin + TYPES[type]);
    await page.evaluate((top) => scrollTo({ top, behavior: "instant" }), scroll);
    await page.screenshot({ path: join(folder, name) });
    sound(page, type);
    // Width and height stand right behind the name of a PNG's first part.
    const kept = await readFile(join(KEPT, name));
    assert.deepEqual([kept.readUInt32BE(16), kept.readUInt32BE(20)], [SIZE.width, SIZE.height], name);
    assert.ok(kept.length < 250 * 1024, `${name} has ${kept.length} bytes`);
    await page.context().close();
  });
}
