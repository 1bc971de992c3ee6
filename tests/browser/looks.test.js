// Each kind of page in both colour schemes, on a small phone and on a desk: axe's findings, faults,
// anything that sticks out, any shift of the layout, and a picture for people to look at.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { violations } from "./support/axe.js";
import { launch, open, overflow } from "./support/browser.js";
import { DEMO, GALLERY, SHOTS, THEMED } from "./support/built.js";
import { none } from "./support/none.js";
import { shifts } from "./support/shifts.js";
import { serve } from "./support/site.js";
import { GALLERY_TYPES, THEMED_TYPES, TYPES } from "./support/types.js";

let browser;
before(async () => {
  browser = await launch();
  await mkdir(SHOTS, { recursive: true });
});
after(() => browser.close());

for (const [folder, types] of [[DEMO, TYPES], [GALLERY, GALLERY_TYPES], [THEMED, THEMED_TYPES]]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [320, 1280]) {
      test(`${Object.keys(types)[0]} and ${Object.keys(types).length - 1} more kinds of page, ${colorScheme}, ${width} px`, async (t) => {
        const site = await serve(folder);
        t.after(() => site.close());
        const page = await open(browser, site.origin, {
          colorScheme, viewport: { width, height: width === 320 ? 640 : 900 }, reducedMotion: "reduce",
        });
        const found = [];
        for (const [type, address] of Object.entries(types)) {
          await page.goto(site.origin + address);
          const said = [
            ...page.faults.splice(0), ...await overflow(page), ...await violations(page),
            ...(await shifts(page)).map(({ value, what }) => `the layout shifted by ${value}: ${what}`),
          ];
          found.push(...said.map((what) => `${type}: ${what}`));
          await page.screenshot({ path: join(SHOTS, `${type}-${colorScheme}-${width}.png`), fullPage: true });
        }
        none(found, t.name);
        await page.context().close();
      });
    }
  }
}
