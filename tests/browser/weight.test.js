// What a guide weighs: its HTML, style and scripts, compressed as a plain host does it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { DEMO } from "./support/built.js";
import { addresses } from "./support/site.js";

test("a guide with all that it loads is 40 kB at most", async (t) => {
  const guides = (await addresses(DEMO)).filter((address) => /^\/guides\/.+/.test(address));
  assert.ok(guides.length >= 8);
  let heaviest = 0;
  for (const guide of guides) {
    const html = await readFile(join(DEMO, guide, "index.html"), "utf8");
    const files = [...html.matchAll(/<(?:script src|link rel="stylesheet" href)="([^"]+)"/g)].map(([, path]) => path);
    assert.ok(files.length >= 2, guide);
    let weight = gzipSync(html, { level: 9 }).length;
    for (const file of files) weight += gzipSync(await readFile(join(DEMO, file)), { level: 9 }).length;
    assert.ok(weight <= 40 * 1024, `${guide} weighs ${weight} bytes`);
    heaviest = Math.max(heaviest, weight);
  }
  t.diagnostic(`the heaviest of ${guides.length} guides weighs ${heaviest} bytes`);
});

test("the script that marks the section being read is below 2 kB", async () => {
  const html = await readFile(join(DEMO, "guides/front-end-developer/index.html"), "utf8");
  const [, path] = html.match(/<script src="([^"]*contents[^"]*)"/);
  assert.ok((await readFile(join(DEMO, path))).length < 2048);
});
