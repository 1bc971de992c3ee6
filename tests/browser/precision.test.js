// How often the editor's desk is wrong: every finding in texts that others wrote for other ends, each
// with a verdict in `precision/verdicts.tsv`. No text is kept here; they come out of registry packages.
//
// A finding is known by its text, its rule and the line that it is on. `UPDATE=1` adds findings that
// nobody has judged yet with the verdict `?`, with which this fails, and drops what is found no more.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { PROGRAM } from "./support/built.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = join(HERE, "../..");
const VERDICTS = join(HERE, "precision/verdicts.tsv");
const HEAD = ["text", "rule", "level", "line", "hash", "verdict", "why"];

// What a file has that was no page of a site: nobody is its author, and nothing links to it.
const FRAME = ["author-missing", "description-missing", "few-internal-links", "orphan-page"];

/** The README of a Python package stands in its description, after the headers. */
async function fromWheel(name) {
  const folder = join(HERE, "node_modules/.python");
  const info = (await readdir(folder)).find((entry) => entry.startsWith(`${name}-`) && entry.endsWith(".dist-info"));
  const text = await readFile(join(folder, info, "METADATA"), "utf8");
  return text.slice(text.indexOf("\n\n") + 2);
}

async function fromCrate(name) {
  const metadata = execFileSync("cargo", ["metadata", "--locked", "--quiet", "--format-version", "1"], { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 28 });
  const found = JSON.parse(metadata).packages.find((of) => of.name === name);
  return readFile(found.manifest_path.replace(/Cargo\.toml$/, "README.md"), "utf8");
}

const fromPackage = (name, file = "README.md") => readFile(join(HERE, "node_modules", name, file), "utf8");

const TEXTS = {
  axios: () => fromPackage("axios"),
  commander: () => fromPackage("commander", "Readme.md"),
  "node-style-guide": () => fromPackage("node-style-guide", "Readme.md"),
  semver: () => fromPackage("semver"),
  winston: () => fromPackage("winston"),
  encoding_rs: () => fromCrate("encoding_rs"),
  rich: () => fromWheel("rich"),
};

let folder;
before(async () => { folder = await mkdtemp(join(tmpdir(), "precision-")); });
after(() => rm(folder, { recursive: true, force: true }));

/** Every finding on a site, as a list. */
function findings(site, ...more) {
  const run = spawnSync(PROGRAM, ["check", "--root", site, "--format", "json", "--today", "2026-11-26", "--no-cache", ...more],
    { encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, GITHUB_ACTIONS: "" } });
  assert.ok(run.status < 2, run.stderr);
  return JSON.parse(run.stdout);
}

const key = (row) => [row.text, row.rule, row.level, row.line, row.hash].join("\t");

/** The judged findings. */
async function judged() {
  const [head, ...lines] = (await readFile(VERDICTS, "utf8").catch(() => `${HEAD.join("\t")}\n`)).trimEnd().split("\n");
  assert.equal(head, HEAD.join("\t"));
  return lines.map((line) => Object.fromEntries(line.split("\t").map((cell, at) => [HEAD[at], cell])));
}

test("the manual and the demo have no finding", () => {
  assert.deepEqual(findings(ROOT), []);
});

test("of a hundred warnings in other people's texts two at most are wrong, and each is judged", async (t) => {
  const site = join(folder, "site");
  await mkdir(join(site, "content/guides"), { recursive: true });
  await writeFile(join(site, "site.toml"), "title = \"Texts\"\nbase_url = \"https://texts.example/\"\n");
  const lines = new Map();
  for (const [name, text] of Object.entries(TEXTS)) {
    const written = await text();
    const path = `content/guides/${name.replaceAll("_", "-")}.md`;
    await writeFile(join(site, path), written);
    lines.set(path, [name, written.split("\n")]);
  }
  const found = findings(site, "--skip", FRAME.join(",")).filter((of) => lines.has(of.location.path)).map((of) => {
    const [text, all] = lines.get(of.location.path);
    const line = of.location.line ?? 0;
    const hash = createHash("sha256").update((all[line - 1] ?? "").trim()).digest("hex").slice(0, 8);
    return { text, rule: of.code, level: of.severity, line: String(line), hash };
  });
  // A line may have a finding twice; it has one verdict.
  const keys = [...new Set(found.map(key))];
  const known = new Map((await judged()).map((row) => [key(row), row]));
  if (process.env.UPDATE) {
    const rows = keys.map((of) => [of, known.get(of)?.verdict ?? "?", known.get(of)?.why ?? ""].join("\t"));
    await mkdir(join(HERE, "precision"), { recursive: true });
    await writeFile(VERDICTS, [HEAD.join("\t"), ...rows].join("\n") + "\n");
    return;
  }
  assert.deepEqual(keys.filter((of) => !known.has(of)), [], "findings without a verdict");
  assert.deepEqual([...known.keys()].filter((of) => !keys.includes(of)), [], "verdicts on what is found no more");
  const rows = [...known.values()];
  for (const row of rows) assert.match(row.verdict, /^(right|wrong)$/, key(row));
  for (const row of rows.filter((row) => row.verdict === "wrong")) assert.ok(row.why, `${key(row)}: why?`);
  const count = (level, verdict) => rows.filter((row) => row.level === level && (!verdict || row.verdict === verdict)).length;
  for (const level of ["error", "warning", "info"]) t.diagnostic(`${level}: ${count(level)}, wrong: ${count(level, "wrong")}`);
  assert.ok(count("warning") > 50, "enough warnings to tell a share");
  assert.ok(count("warning", "wrong") <= 0.02 * count("warning"), `${count("warning", "wrong")} of ${count("warning")} warnings are wrong`);
});
