// One headless browser for a test file, and pages that notice what a reader never should.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const FLAGS = [
  "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--hide-scrollbars",
];

/** Starts the system's Chromium; `CHROMIUM` names another. */
export function launch(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    chromiumSandbox: false,
    args: [...FLAGS, ...more],
  });
}

/**
 * A page in a context of its own whose `faults` gathers console errors, refused policies, uncaught
 * errors, failed requests and requests to any other host.
 */
export async function open(browser, origin, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  return watch(await context.newPage(), origin);
}

/** Makes an open page gather its faults. */
export function watch(page, origin) {
  const faults = [];
  page.faults = faults;
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      faults.push(`console: ${message.text()} ${message.location().url}`);
    }
  });
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:") && !url.startsWith("blob:")) faults.push(`request to ${url}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && !response.url().includes("/404")) faults.push(`${response.status()} ${response.url()}`);
  });
  return page;
}

/** Fails with all faults of a page, and forgets them. */
export function sound(page, where) {
  const faults = page.faults.splice(0);
  assert.deepEqual(faults, [], `${where}: faults`);
}

/** How much wider than the window a page is, and what sticks out. */
export function overflow(page) {
  return page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const wide = [...document.querySelectorAll("body *")].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && (box.right > root.clientWidth + 1 || box.left < -1);
    });
    return [`${root.scrollWidth} > ${root.clientWidth}`, ...wide.slice(0, 8).map((element) => element.outerHTML.slice(0, 120))];
  });
}
