// A browser that is told what to do in lines of JSON on standard input, one answer a line: {"page": 0, "do": "click", "with":
// ["role=button[name='Sign in']"]}. What it does are the methods of Playwright's pages; what `own` has is its own. Used by
// tests/lib/browser.py.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const pages = [];

const own = {
  // A window of its own, as another person's browser.
  async open({ language = "en", width = 1280, height = 900 }) {
    const context = await browser.newContext({ locale: language, viewport: { width, height }, reducedMotion: "reduce", ignoreHTTPSErrors: true });
    const page = await context.newPage();
    page.setDefaultTimeout(40_000);
    const problems = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      // The server's own refusals are shown on the page, where tests look for them.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) problems.push(message.text());
    });
    pages.push({ page, problems });
    return pages.length - 1;
  },
  async axe({ page }) {
    await page.mouse.move(0, 0);
    if (!(await page.evaluate("typeof window.axe === 'object'"))) await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`);
  },
  // Clicks, and tells what is in the file that comes of it.
  async download({ page }, selector) {
    const [file] = await Promise.all([page.waitForEvent("download"), page.click(selector)]);
    return readFileSync(await file.path(), "utf8");
  },
  async shut({ page }) {
    await page.context().close();
  },
  async problems({ problems }) {
    return problems.splice(0);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { page: number, do: verb, with: given = [] } = JSON.parse(line);
  let answer;
  try {
    const place = pages[number];
    if (verb === "open") answer = { value: await own.open(given[0] ?? {}) };
    else if (verb in own) answer = { value: await own[verb](place, ...given) };
    else {
      const value = await place.page[verb](...given);
      answer = { value: value === undefined || typeof value !== "object" || Array.isArray(value) ? value : null };
    }
  } catch (error) {
    answer = { error: String(error.message ?? error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
await browser.close();
