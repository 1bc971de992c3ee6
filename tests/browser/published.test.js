// What machines read of a published site: links, sitemap, structured data and feeds, each judged by
// somebody else or by the letter of its specification.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { BELOW, DEMO, GALLERY } from "./support/built.js";
import { none } from "./support/none.js";

const HERE = dirname(fileURLToPath(import.meta.url));
const ORIGIN = "https://example.com";
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&#39;": "'", "&#x2F;": "/" };
const plain = (text) => text.replace(/&(amp|lt|gt|quot|#x27|#39|#x2F);/g, (entity) => ENTITIES[entity]);

/** Pages of a folder by their address, with their text. */
async function pages(folder) {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".html"));
  return new Map(await Promise.all(files.map(async (file) =>
    [`/${file.replaceAll("\\", "/").replace(/(^|\/)index\.html$/, "$1")}`, await readFile(join(folder, file), "utf8")])));
}

const visible = (html) => html.replace(/<!--.*?-->/gs, "").replace(/<script\b[^>]*>.*?<\/script>/gs, (script) => script.match(/<script[^>]*>/)[0]);

/** Every address in a page: links, images and their variants, forms, scripts, styles. */
function addresses(html) {
  const text = visible(html);
  const single = [...text.matchAll(/<[a-z][^>]*?\s(?:href|src|action|poster)="([^"]*)"/g)].map(([, url]) => url);
  const sets = [...text.matchAll(/\ssrcset="([^"]*)"/g)].flatMap(([, set]) => set.split(",").map((one) => one.trim().split(/\s+/)[0]));
  const more = [...text.matchAll(/<[a-z][^>]*>/g)].flatMap(([tag]) => [...tag.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, url]) => url));
  const cards = [...text.matchAll(/<meta property="og:(?:image|url)" content="([^"]*)"/g)].map(([, url]) => url);
  return [...new Set([...single, ...sets, ...more, ...cards])].map(plain);
}

for (const [name, folder, base] of [["demo", DEMO, "/"], ["gallery", GALLERY, "/"], ["demo below a path", BELOW, "/careers/"]]) {
  test(`every internal link and image of the ${name} leads somewhere`, async (t) => {
    const all = await pages(folder);
    const ids = new Map([...all].map(([url, html]) => [url, new Set([...visible(html).matchAll(/\sid="([^"]*)"/g)].map(([, id]) => plain(id)))]));
    const lost = [];
    let count = 0;
    for (const [from, html] of all) {
      for (const address of addresses(html)) {
        const url = new URL(address, ORIGIN + from);
        if (url.origin !== ORIGIN) continue;
        count += 1;
        const path = decodeURIComponent(url.pathname);
        const file = path.endsWith("/") ? `${path}index.html` : path;
        const fragment = decodeURIComponent(url.hash.slice(1));
        if (!path.startsWith(base)) lost.push(`${from}: ${address} leaves ${base}`);
        else if (!existsSync(join(folder, file))) lost.push(`${from}: ${address} is not there`);
        else if (fragment && ids.has(path) && !ids.get(path).has(fragment)) lost.push(`${from}: ${address} has no such place`);
      }
    }
    assert.ok(count > 300, `only ${count} addresses`);
    none(lost, t.name);
    t.diagnostic(`${count} addresses on ${all.size} pages`);
  });
}

test("the check of links finds what leads nowhere", () => {
  const html = '<a class="x" href="/a/?b=1&amp;c=2#d">x</a><img alt="" srcset="/s.webp 1x, /l.webp 2x" src="/m.png"><form action="/f/">';
  assert.deepEqual(addresses(html).sort(), ["/a/?b=1&c=2#d", "/f/", "/l.webp", "/m.png", "/s.webp"]);
});

// https://www.sitemaps.org/protocol.html: elements and their order, whole addresses below the sitemap's
// own folder, escaped, dates as W3C writes them, 50,000 addresses and 50 MB at most.
for (const [folder, base] of [[DEMO, "/"], [BELOW, "/careers/"]]) {
  test(`the sitemap below ${base} follows its protocol and lists pages that are there`, async () => {
    const below = folder === BELOW ? join(folder, "careers") : folder;
    const xml = await readFile(join(below, "sitemap.xml"), "utf8");
    assert.ok(Buffer.byteLength(xml) < 50 * 1024 * 1024);
    const document = xml.match(/^<\?xml version="1\.0" encoding="(?:UTF|utf)-8"\?>\s*<urlset xmlns="http:\/\/www\.sitemaps\.org\/schemas\/sitemap\/0\.9">(.*)<\/urlset>\s*$/s);
    assert.ok(document, "the frame");
    const entries = document[1].trim().split(/(?<=<\/url>)\s*/);
    assert.ok(entries.length > 50 && entries.length <= 50_000, `${entries.length} addresses`);
    const seen = new Set();
    for (const entry of entries) {
      const match = entry.match(/^<url>\s*<loc>([^<>\s]{12,2047})<\/loc>\s*(?:<lastmod>([^<]*)<\/lastmod>\s*)?<\/url>$/);
      assert.ok(match, entry);
      assert.ok(!/&(?!(amp|lt|gt|quot|apos);)/.test(match[1]), `escaped: ${match[1]}`);
      const url = new URL(plain(match[1]));
      assert.ok(url.href.startsWith(ORIGIN + base), url.href);
      assert.match(match[2] ?? "2026-01-01", /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/);
      assert.ok(!seen.has(url.href), `twice: ${url.href}`);
      seen.add(url.href);
      const html = await readFile(join(folder, decodeURIComponent(url.pathname), "index.html"), "utf8");
      assert.ok(!/<meta name="robots" content="noindex">/.test(html), `${url.href} asks not to be listed`);
    }
  });
}

/** What libxml2 says of a sitemap and the schema of sitemaps.org, which lies in an npm package. */
function againstSchema(file) {
  const schema = join(HERE, "node_modules", "sitemap", "schema", "sitemap.xsd");
  return execFileSync("xmllint", ["--noout", "--nonet", "--schema", schema, file], { encoding: "utf8", stdio: "pipe" });
}

test("sitemaps are valid against their schema", async () => {
  againstSchema(join(DEMO, "sitemap.xml"));
  againstSchema(join(BELOW, "careers", "sitemap.xml"));
  const wrong = join(HERE, "out", "wrong-sitemap.xml");
  const frame = (entry) => `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${entry}</urlset>\n`;
  for (const entry of ["<url><lastmod>2026-11-26</lastmod></url>", "<url><loc>https://example.com/</loc><lastmod>today</lastmod></url>"]) {
    await writeFile(wrong, frame(entry));
    assert.throws(() => againstSchema(wrong), /fails to validate/, entry);
  }
});

test("structured data has the types of schema.org", async (t) => {
  const found = [];
  // The gallery holds the demo's pages too.
  const demo = await pages(DEMO);
  for (const [folder, prefix] of [[DEMO, ""], [GALLERY, "gallery"]]) {
    for (const [url, html] of await pages(folder)) {
      if (folder === GALLERY && demo.has(url)) continue;
      for (const [, json] of html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)) {
        found.push([prefix + url, JSON.parse(json)]);
      }
    }
  }
  assert.ok(found.length > 80, `${found.length} pages`);
  const one = ([where, data], index) => `// ${where}\nexport const page${index}: Graph = ${JSON.stringify(data)};\n`;
  const none_such = { "@context": "https://schema.org", "@graph": [{ "@type": "Article", headlin: "a wrong name" }] };
  const out = join(HERE, "out", "structured-data");
  await mkdir(out, { recursive: true });
  const check = async (name, data) => {
    await writeFile(join(out, `${name}.ts`), `import type { Graph } from "schema-dts";\n${data.map(one).join("")}`);
    try {
      execFileSync(join(HERE, "node_modules", ".bin", "tsc"), ["--noEmit", "--strict", "--skipLibCheck", "--ignoreConfig", "--module", "esnext", "--moduleResolution", "bundler", join(out, `${name}.ts`)], { encoding: "utf8" });
      return "";
    } catch (error) {
      return error.stdout || String(error);
    }
  };
  assert.match(await check("wrong", [["wrong", none_such]]), /headlin/, "a wrong name is found");
  const said = await check("pages", found);
  none(said.split("\n").filter((line) => /error/.test(line)), "schema-dts");
  t.diagnostic(`${found.length} graphs`);
});

test("feeds are read without a warning by feedparser", async () => {
  const python = `
import json, sys, feedparser
feed = feedparser.parse(sys.argv[1])
print(json.dumps({"bozo": bool(feed.bozo), "why": str(feed.get("bozo_exception", "")), "version": feed.version,
  "entries": [{"title": e.get("title"), "link": e.get("link"), "id": e.get("id"), "date": bool(e.get("published_parsed")) and bool(e.get("updated_parsed")),
    "text": len(e.content[0].value) if e.get("content") else 0} for e in feed.entries]}))`;
  const read = (file) => JSON.parse(execFileSync("python3", ["-c", python, file], {
    encoding: "utf8", env: { ...process.env, PYTHONPATH: join(HERE, "node_modules", ".python") },
  }));
  for (const folder of [DEMO, join(BELOW, "careers")]) {
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith("atom.xml"));
    assert.ok(files.length >= 1);
    for (const file of files) {
      const feed = read(join(folder, file));
      assert.ok(!feed.bozo, `${file}: ${feed.why}`);
      assert.equal(feed.version, "atom10");
      assert.ok(feed.entries.length > 5);
      for (const entry of feed.entries) {
        assert.ok(entry.title && entry.date && entry.text > 200 && entry.link === entry.id, JSON.stringify(entry));
        assert.ok(existsSync(join(folder === DEMO ? DEMO : BELOW, new URL(entry.link).pathname, "index.html")), entry.link);
      }
    }
  }
  const wrong = join(HERE, "out", "wrong.xml");
  await writeFile(wrong, "<feed xmlns='http://www.w3.org/2005/Atom'><title>x & y</title></feed>");
  assert.ok(read(wrong).bozo, "a wrong feed is found");
});
