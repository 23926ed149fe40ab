// Pictures of every page from the mock hub, and what axe says of each: `npm run build && npm run pictures [page…]`.
// `press`: what is pressed then, told by its role and place, which is the same in every language.
// Widths 1440 and 390, light and dark; they land in web/pictures/. It ends with 1 if axe found anything or the browser logged an error.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const language = process.env.LANGUAGE_TAG ?? "en";
// The operation of that place in the bar of a selection: a button, or where there is no room for it, in a menu of so many.
const operation = (size, place, all) =>
  size === "wide" ? [`region button ${place}`] : ["main [aria-haspopup=menu]", `menuitem ${place - all - 1}`];
const pages = {
  sign_in: "",
  overview: "/",
  nodes: "/nodes",
  node: "/nodes/8",
  trust: { path: "/nodes/8", press: ["tab 4"] },
  add_trust: { path: "/nodes/8", press: ["tab 4", "tabpanel button 1", "radio 3"] },
  remove_trust: { path: "/nodes/8", press: ["tab 4", "tabpanel button 3", "radio 3"] },
  trusted: { path: "/nodes/8", press: ["tab 4", "tabpanel button 1", "radio 3", "dialog submit", "wait"] },
  install: { path: "/nodes/12", press: ["tabpanel button 4"] },
  waiting: "/nodes/6",
  selected: { path: "/nodes", press: ["main checkbox 3", "main checkbox 5"] },
  select_all: { path: "/nodes", press: ["main checkbox 1", "region button 1"] },
  selected_menu: { path: "/nodes?state=waiting", press: ["main checkbox 1", "main [aria-haspopup=menu]"] },
  inventory_selected: {
    path: "/nodes",
    press: ["main checkbox 1", "region button 1", "main [aria-haspopup=menu]", "menuitem -9", "dialog submit", "wait"],
  },
  reload_selected: { path: "/nodes", press: ["main checkbox 1", "main [aria-haspopup=menu]", "menuitem -7"] },
  move_selected: { path: "/nodes", press: ["main checkbox 1", "main [aria-haspopup=menu]", "menuitem -10"] },
  block_selected: {
    path: "/nodes",
    press: ["main checkbox 1", "region button 1", "main [aria-haspopup=menu]", "menuitem -3"],
  },
  approve_selected: { path: "/requests?state=all", press: (size) => ["main checkbox 1", ...operation(size, 1, 3)] },
  reject_selected: { path: "/requests", press: (size) => ["main checkbox 1", ...operation(size, 2, 3)] },
  revoke_selected: {
    path: "/certificates?status=all",
    press: ["main checkbox 1", "main [aria-haspopup=menu]", "menuitem -2"],
  },
  take_back: { path: "/authority/challenges", press: ["main checkbox 1"] },
  suspended_certificate: { path: "/certificates?status=suspended", press: ["tbody a[id]"] },
  revoke: { path: "/certificates", press: ["tbody a[id]", "complementary button 3"] },
  release: { path: "/certificates?status=suspended", press: ["tbody a[id]", "complementary button 3"] },
  revoked_certificate: { path: "/certificates?status=revoked&sort=subject", press: ["tbody a[id]"] },
  failing_certificate: { path: "/certificates?text=cucm-02", press: ["tbody tr:nth-child(2) a[id]"] },
  slot_certificates: "/certificates?node=8&slot=tomcat",
  new_node: "/nodes/new",
  clusters: "/clusters",
  cluster: "/clusters/1",
  cluster_problems: "/clusters/3?problem=any",
  cluster_trust: "/clusters/4/trust",
  cluster_large_trust: "/clusters/2/trust",
  cluster_trust_missing: { path: "/clusters/4/trust", press: ["table button 2"] },
  cluster_jobs: "/clusters/2/jobs",
  cluster_failed: "/clusters/2/jobs?state=failed",
  cluster_nodes: "/clusters/4/nodes",
  cluster_move: { path: "/clusters/5/nodes", press: ["main button 1"] },
  cluster_empty: "/clusters/5",
  cluster_no_trust: "/clusters/5/trust",
  certificates_of_day:
    "/certificates?cluster=1&status=current&expires_after=2020-01-01T00:00:00Z&expires_before=2099-01-01T00:00:00Z&sort=not_after",
  certificates: "/certificates",
  certificate: "/certificates/FIRST",
  requests: "/requests",
  request: "/requests/40",
  orders: "/orders",
  failed_orders: "/orders?state=failed",
  retry_failed: { path: "/orders?state=failed", press: ["main button 1"] },
  order: "/orders/24",
  generations: "/authority",
  endpoints: "/authority/endpoints",
  endpoint: "/authority/endpoints/old-copiers",
  challenges: "/authority/challenges",
  crls: "/authority/crls",
  audit: "/audit",
  audit_event: "/audit/178",
  audit_search: "/audit?action=certificate.issued&since=2020-01-01",
  audit_nothing: "/audit?text=nobody",
  revoked_node: "/nodes/15",
  lost: "/there-is-none",
  users: "/users",
  add_user: { path: "/users", press: ["main button 1"] },
  user: "/users/maria",
  account: "/account",
};
// "tab 4": the fourth tab; "tabpanel button 1": the first button in the tab's panel; "menuitem -1": the last in the menu;
// "main [aria-haspopup=menu]": a selector.
async function press(page, what) {
  if (what === "wait") return page.waitForTimeout(9000);
  if (what === "dialog submit") return page.click("role=dialog >> button[type=submit]");
  if (what.includes("[")) return page.click(what);
  const words = what.split(" ");
  const number = Number(words.pop());
  const place = number > 0 ? number - 1 : number;
  return page.click(`${words.map((role) => `role=${role}`).join(" >> ")} >> nth=${place}`);
}
const wanted = process.argv.slice(2);
const chosen = Object.entries(pages).filter(([name]) => wanted.length === 0 || wanted.includes(name));
const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };

const mock = spawn(process.execPath, [here("../mock/server.mjs")], {
  env: { ...process.env, PORT: "0" },
  stdio: ["ignore", "pipe", "inherit"],
});
const base = await new Promise((resolve) =>
  mock.stdout.on("data", (data) => resolve(/http:\/\/[\d.:]+/.exec(String(data))[0])),
);
mkdirSync(here("../pictures"), { recursive: true });
let troubles = 0;
const complain = (text) => {
  troubles += 1;
  console.log(text);
};

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
try {
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const scheme of ["light", "dark"]) {
      const context = await browser.newContext({
        viewport,
        colorScheme: scheme,
        locale: language,
        reducedMotion: "reduce",
      });
      const page = await context.newPage();
      page.on("pageerror", (error) => complain(`${size} ${scheme}: ${error}`));
      page.on("console", (message) => {
        if (message.type() === "error" && !message.text().includes("401"))
          complain(`${size} ${scheme} ${page.url()}: ${message.text()}`);
      });
      for (const [name, chosenPage] of chosen) {
        const { path, press: asked = [] } = typeof chosenPage === "string" ? { path: chosenPage } : chosenPage;
        const presses = typeof asked === "function" ? asked(size) : asked;
        if (path !== "") {
          const signedIn = (await context.cookies()).length > 0;
          if (!signedIn) {
            await page.goto(base);
            await page.fill("input[name=username]", "admin");
            await page.fill("input[name=password]", "anything");
            await page.click("button[type=submit]");
            await page.waitForSelector("nav");
          }
        }
        let address = base + path;
        if (path.includes("FIRST")) {
          await page.goto(`${base}/certificates`);
          address = base + (await page.getAttribute("tbody a", "href"));
        }
        await page.goto(address);
        await page.waitForSelector("h1", { state: "attached" });
        for (const what of presses) await press(page, what);
        await page.mouse.move(0, 0);
        await page.waitForLoadState("load");
        await page.waitForFunction(
          () => document.querySelectorAll("[aria-busy=true],.mantine-Loader-root").length === 0,
        );
        await page.waitForTimeout(300);
        await page.screenshot({ path: here(`../pictures/${name}-${size}-${scheme}.png`), fullPage: size === "narrow" });
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (overflow > 0) complain(`${name} ${size}: ${overflow} px wider than the screen`);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
        for (const { id, help, nodes } of violations) {
          complain(`${name} ${size} ${scheme}: ${id}: ${help}`);
          for (const { html, failureSummary } of nodes.slice(0, 3)) {
            console.log(
              `    ${html.slice(0, 200)}\n      ${failureSummary.split("\n").slice(1, 3).join(" ").trim().slice(0, 240)}`,
            );
          }
        }
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  mock.kill();
}
console.log(troubles === 0 ? "no findings" : `${troubles} findings`);
process.exitCode = troubles === 0 ? 0 : 1;
