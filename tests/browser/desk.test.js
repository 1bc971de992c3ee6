// The editor's desk before outside judges: reports against the SARIF schema, a page of findings in a
// browser, and data files and front matter against the schemas that the program writes for editors.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import Ajv from "ajv";
import Ajv2020 from "ajv/dist/2020.js";
import { parse as toml } from "smol-toml";
import { parse as yaml } from "yaml";
import { violations } from "./support/axe.js";
import { launch, open, overflow, sound } from "./support/browser.js";
import { PROGRAM, SHOTS } from "./support/built.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const RULES = join(ROOT, "src/check/rules");

let folder;
before(async () => { folder = await mkdtemp(join(tmpdir(), "desk-")); });
after(() => rm(folder, { recursive: true, force: true }));

/** A copy of the demo with findings of every level, in text and in data. */
async function troubled() {
  const site = join(folder, "troubled");
  await mkdir(site, { recursive: true });
  for (const part of ["site.toml", "content", "static"]) await cp(join(ROOT, part), join(site, part), { recursive: true });
  await writeFile(join(site, "content/guides/naïve café, 100%.md"),
    "---\ntitle: \"Bad <b>page</b>\"\nauthors: [nobody-knows]\n---\n## `a` & <b>b</b>\n\n## a & b\n\nIt pays $90,000, see [here](nowhere.md).\n");
  await writeFile(join(site, "content/guides/ours.md"),
    "---\ntitle: Ours\n---\nIt pays $90,000, see [here](../_index.md).\n");
  return site;
}

function report(site, format) {
  const run = spawnSync(PROGRAM, ["check", "--root", site, "--format", format, "--today", "2028-06-01", "--no-cache"],
    { encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, GITHUB_ACTIONS: "" } });
  assert.equal(run.status, 1, run.stderr);
  return run.stdout;
}

test("reports in SARIF are valid, and each result has a place", async (t) => {
  const schema = JSON.parse(await readFile(process.env.SARIF_SCHEMA, "utf8"));
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false });
  const validate = ajv.compile(schema);
  const site = await troubled();
  const log = JSON.parse(report(site, "sarif"));
  assert.ok(validate(log), JSON.stringify(validate.errors?.slice(0, 5), null, 1));
  const { results, tool } = log.runs[0];
  assert.ok(results.length > 30);
  assert.deepEqual(new Set(results.map((result) => result.level)), new Set(["error", "warning", "note"]));
  const prints = results.map((result) => result.partialFingerprints["guidepost/v1"]);
  assert.equal(new Set(prints).size, prints.length, "each result is known by a fingerprint of its own");
  for (const result of results) {
    assert.equal(tool.driver.rules[result.ruleIndex].id, result.ruleId);
    const { artifactLocation: { uri }, region } = result.locations[0].physicalLocation;
    const text = await readFile(join(site, decodeURIComponent(uri)), "utf8");
    if (region) assert.ok(text.split("\n").length >= region.startLine && region.endColumn >= 1, uri);
  }
  assert.ok(results.some((result) => result.locations[0].physicalLocation.artifactLocation.uri.includes("%25")));
  // The validator can refuse.
  assert.ok(!validate({ ...log, version: "1.0" }));
  t.diagnostic(`${results.length} results of ${tool.driver.rules.length} rules`);
});

test("the page of findings stands alone, reads well and holds nobody's HTML", async () => {
  const file = join(folder, "findings.html");
  const html = report(await troubled(), "html");
  await writeFile(file, html);
  assert.ok(!/<script|<link|src=|url\(/i.test(html), "it needs no other file");
  const browser = await launch();
  try {
    for (const [name, options] of [["desk", {}], ["desk-dark-small", { viewport: { width: 360, height: 740 }, colorScheme: "dark" }]]) {
      const page = await open(browser, "file://", options);
      await page.goto(pathToFileURL(file).href);
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(await overflow(page), []);
      sound(page, name);
      await mkdir(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `${name}.png`) });
      const text = await page.innerText("main");
      assert.match(text, /Data, settings and pages without an author/);
      assert.match(text, /salaries\.csv/);
      assert.equal(await page.locator("b").count(), 0, "what somebody typed is shown, not obeyed");
      await page.context().close();
    }
  } finally {
    await browser.close();
  }
});

/** Every schema, ready to judge, by its name. */
async function judges() {
  const target = join(folder, "schemas");
  execFileSync(PROGRAM, ["schema", "--root", ROOT, "--write", target]);
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allowUnionTypes: true, allErrors: true });
  const judges = new Map();
  for (const name of await readdir(target)) {
    judges.set(name.replace(/\.json$/, ""), ajv.compile(JSON.parse(await readFile(join(target, name), "utf8"))));
  }
  return judges;
}

/** What a file says, as data: dates as they are written. */
function data(path, text) {
  const plain = (value) => {
    if (value instanceof Date) return value.toISOString().slice(0, 10);
    if (Array.isArray(value)) return value.map(plain);
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
    return typeof value === "bigint" ? Number(value) : value;
  };
  return plain(path.endsWith(".toml") ? toml(text) : yaml(text, { schema: "core" })) ?? {};
}

/** The name of the schema of a file of a site, and its data; nothing for files that have none. */
function subject(path, text) {
  const inData = path.match(/^content\/data\/([a-z]+)(?:\.(?:toml|ya?ml)$|\/[^/]+\.(?:toml|ya?ml)$)/);
  if (inData) return [inData[1], data(path, text)];
  if (!/^content\/.*\.md$/.test(path)) return undefined;
  const [, fence, block] = text.match(/^\ufeff?(---|\+\+\+)\r?\n([\s\S]*?\r?\n)?\1\s*(?:\r?\n|$)/) ?? [];
  if (!fence) return undefined;
  const inner = text.slice(text.indexOf("\n") + 1, text.indexOf(`\n${fence}`, 3) + 1);
  return [/_index\.md$/.test(path) ? "section" : "front-matter", data(fence === "+++" ? "x.toml" : "x.yaml", inner)];
}

async function files(root, below = "content") {
  const entries = await readdir(join(root, below), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length).replace(/^\//, ""));
}

test("every schema accepts the files of the demo, and one is there for each", async (t) => {
  const all = await judges();
  const seen = new Map();
  const root = ROOT.replace(/\/$/, "");
  for (const path of await files(root)) {
    const found = subject(path, await readFile(join(root, path), "utf8"));
    if (!found) continue;
    const [name, value] = found;
    const judge = all.get(name);
    assert.ok(judge, `no schema ${name} for ${path}`);
    assert.ok(judge(value), `${path}: ${JSON.stringify(judge.errors?.slice(0, 3), null, 1)}`);
    seen.set(name, (seen.get(name) ?? 0) + 1);
  }
  for (const name of ["front-matter", "section", "roles", "sources", "authors", "courses", "promos", "glossary", "outlook", "images", "quizzes", "paths"]) {
    assert.ok(seen.get(name) > 0, `the demo has no file for ${name}`);
  }
  t.diagnostic([...seen].map(([name, count]) => `${name} ${count}`).join(", "));
});

test("the schema of a row accepts each row of pay in the demo, and no other", async (t) => {
  const judge = (await judges()).get("salary");
  const [head, ...lines] = (await readFile(join(ROOT, "content/data/salaries.csv"), "utf8")).trim().split(/\r?\n/);
  const columns = head.split(",");
  const rows = lines.map((line) => {
    const cells = line.split(",");
    assert.equal(cells.length, columns.length, line);
    const filled = columns.map((name, at) => [name, cells[at]]).filter(([, cell]) => cell !== "");
    return Object.fromEntries(filled.map(([name, cell]) => [name, /^\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell]));
  });
  assert.ok(rows.length > 20);
  for (const row of rows) assert.ok(judge(row), `${JSON.stringify(row)}: ${JSON.stringify(judge.errors)}`);
  const [first] = rows;
  for (const wrong of [{ value: "90,930" }, { value: -1 }, { currency: "XXQ" }, { period: "fortnight" }, { statistic: "avg" }, { as_of: "May 2024" }, { salry: 1 }]) {
    assert.equal(judge({ ...first, ...wrong }), false, JSON.stringify(wrong));
  }
  for (const name of ["role", "place", "value", "source", "as_of"]) {
    const { [name]: _, ...rest } = first;
    assert.equal(judge(rest), false, `without ${name}`);
  }
  t.diagnostic(`${rows.length} rows`);
});

// Rules whose example is wrong in a way that a schema can say, not only in what it refers to.
const EXPRESSIBLE = ["data-unknown-key", "data-type", "unknown-key", "front-matter"];

test("every schema refuses what the rules refuse, where a schema can say so", async (t) => {
  const all = await judges();
  const refused = [];
  const judge = (path, text) => {
    const [name, value] = subject(path, text) ?? [];
    return name ? all.get(name)(value) : undefined;
  };
  for (const rule of EXPRESSIBLE) {
    const text = await readFile(join(RULES, `${rule}.txt`), "utf8");
    const parts = text.split(/^-- (.*) --\n/m).slice(1);
    let told = 0;
    for (let at = 0; at < parts.length; at += 2) {
      const [side, path] = parts[at].split(/ (.*)/);
      if (!path?.startsWith("content/")) continue;
      let verdict;
      try {
        verdict = judge(path, parts[at + 1]);
      } catch (error) {
        // What cannot be read at all needs no schema.
        assert.equal(side, "fails", `${rule}: ${path}: ${error}`);
        verdict = false;
      }
      if (side === "fails") told += verdict === false ? 1 : 0;
      if (side === "passes") assert.notEqual(verdict, false, `${rule}: ${path}`);
    }
    if (told > 0) refused.push(rule);
  }
  assert.deepEqual(refused, EXPRESSIBLE);
  // And beyond the examples: one wrong value of each kind in each file.
  const wrong = [
    ["roles", { nurse: { title: "Nurse", soc_match: "perhaps" } }],
    ["roles", { "No Id": 3 }],
    ["roles", { nurse: {} }],
    ["salaries", { salary: [{ role: "nurse" }] }],
    ["salaries", { salary: [{ role: "a", place: "US", currency: "XXQ", period: "year", statistic: "mean", value: 1, source: "s", as_of: "2026-01" }] }],
    ["outlook", { nurse: { US: { jobs: -1, source: "s" } } }],
    ["sources", { s: { title: "S", url: "example.com" } }],
    ["sources", { s: { title: "S", max_age_days: "many" } }],
    ["authors", { ana: { nam: "Ana" } }],
    ["courses", { c: { title: "C", url: "https://c.example/", starts: "2026-13-01" } }],
    ["promos", { p: { title: "P", cta: { label: "Go" } } }],
    ["glossary", { api: { term: "API" } }],
    ["images", { i: { file: "a.png" } }],
    ["quizzes", { title: "Q", question: [{ id: "a b", text: "?", answer: [] }], outcome: [] }],
    ["paths", { title: "P", step: [{ title: "no id" }] }],
    ["front-matter", { title: "A", published: "2026-13-01" }],
    ["front-matter", { title: "A", draft: "yes" }],
    ["front-matter", { title: "A", sort_by: "date" }],
    ["front-matter", { title: "A", allow: [{ check: "title-long" }] }],
    ["section", { title: "A", defaults: { title: "x" } }],
    ["section", { title: "A", sort_by: "size" }],
  ];
  for (const [name, value] of wrong) assert.equal(all.get(name)(value), false, `${name}: ${JSON.stringify(value)}`);
  t.diagnostic(`${refused.length} rules and ${wrong.length} wrong values refused`);
});
