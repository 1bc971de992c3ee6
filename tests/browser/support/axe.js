// axe-core with the rules of WCAG 2.2 AA and its good practice; a finding is a failure.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Violations on the page as lines: rule, selector, what is wrong. */
export async function violations(page) {
  await page.evaluate(source);
  return page.evaluate(async (tags) => {
    const { violations: found } = await globalThis.axe.run(document, {
      runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], iframes: false,
    });
    return found.flatMap((rule) => rule.nodes.map((node) =>
      `${rule.id} at ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`));
  }, TAGS);
}
