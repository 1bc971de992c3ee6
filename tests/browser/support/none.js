// Findings as lines, so that a failure reads like a report.
import assert from "node:assert/strict";

/** Fails with every finding on a line of its own. */
export function none(found, where) {
  if (found.length > 0) assert.fail(`${found.length} findings: ${where}\n  ${found.map((one) => one.slice(0, 400)).join("\n  ")}`);
}
