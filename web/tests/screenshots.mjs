// The pictures that README and docs show, of a hub that is running: node tests/screenshots.mjs ADDRESS USER FOLDER
// The password is read from the standard input. Chromium is Debian's.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [address, user, folder] = process.argv.slice(2);
const password = readFileSync(0, "utf8").trim();
const pictures = [
  { name: "overview", path: "/" },
  { name: "node", path: "/nodes/1" },
  { name: "requests", path: "/requests" },
  { name: "overview-dark", path: "/", dark: true },
];

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"],
});
for (const { name, path, dark } of pictures) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: dark ? "dark" : "light",
    locale: "en-GB",
  });
  const page = await context.newPage();
  await page.goto(address);
  await page.locator("input").nth(0).fill(user);
  await page.locator("input[type=password]").fill(password);
  await page.keyboard.press("Enter");
  await page.locator("nav").first().waitFor();
  await page.goto(address + path);
  await page.locator("h1").waitFor();
  await page.waitForLoadState("load");
  await page.waitForTimeout(1000);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(`${name}.png`);
  await context.close();
}
await browser.close();
