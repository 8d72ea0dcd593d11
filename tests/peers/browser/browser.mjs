// What the scripts of this folder share: the browser and what must hold on every page of it, people who sign in, a signer.
//
// The test that starts a script writes its settings (JSON) in the first line of the standard input. A script asks for a signature with a line
// {"sign": personal code, "document": file, "out": container} and goes on when a line comes back. An exception, or anything that was not
// right on any page, ends it with exit code 1.

import { createHmac } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const require = createRequire(process.env.VIRSIS_NODE_MODULES + "/");
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// Those of them that scheme and width have a part in; the others read the same document each time.
const RULES_OF_LOOKS = ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable"];
// Nothing that the browser does on its own account, and no sandbox, which needs more rights than a container has.
export const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync",
];
/** Of this machine. */
export const CHROMIUM = process.env.VIRSIS_CHROMIUM || "/usr/bin/chromium";
export const WIDE = { width: 1280, height: 900 };
// WCAG 2.2, 1.4.10: 320 px without scrolling sideways.
const NARROW = { width: 320, height: 640 };
// WCAG 2.2, 2.5.8.
const SMALLEST_TARGET = 24;
// A test waits for what shall happen; how long only matters when it never does.
const PATIENCE = 60_000;

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
export const settings = JSON.parse((await lines.next()).value);
mkdirSync(settings.screenshots, { recursive: true });

/** Everything that was not right, in words. */
const troubles = [];

/** Notes what is wrong, and goes on. */
export function complain(wrong, what) {
  if (wrong) troubles.push(what);
}

export function check(holds, what) {
  if (!holds) throw new Error(what);
}

export function same(found, wanted, what) {
  check(JSON.stringify(found) === JSON.stringify(wanted), `${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
}

/** Runs a script from a new browser to its end. */
export async function run(script) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: ARGUMENTS });
  try {
    await script(browser);
  } catch (error) {
    troubles.push(error.stack);
    for (const [place, page] of browser.contexts().flatMap((context) => context.pages()).entries()) {
      const path = join(settings.screenshots, `${settings.name}-failed-${place}.png`);
      await page.screenshot({ path, fullPage: true }).then(() => troubles.push(`${page.url()} is on ${path}`), () => {});
    }
  }
  await browser.close();
  for (const trouble of new Set(troubles)) console.log(trouble);
  process.exit(troubles.length ? 1 : 0);
}

/** A new person's browser: nothing remembered, every trouble noted. `others` are hosts beside ours that may be asked. */
export async function visitor(browser, { scripts = true, others = [] } = {}) {
  const context = await browser.newContext({ locale: "lt-LT", viewport: WIDE, javaScriptEnabled: scripts, reducedMotion: "reduce" });
  context.setDefaultTimeout(PATIENCE);
  const refused = new Set();
  const origins = [settings.origin, ...others];
  context.on("request", (request) => {
    if (!origins.includes(new URL(request.url()).origin)) troubles.push(`a request to another host: ${request.url()}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 500) troubles.push(`${response.url()} answers ${response.status()}`);
    if (response.request().resourceType() === "document" && response.status() >= 400) refused.add(response.url());
  });
  context.on("console", (message) => {
    // The browser says so of every page whose status is 4xx, which is right for such a page.
    const told = message.text().startsWith("Failed to load resource") && refused.has(message.location().url);
    const ours = message.page()?.url().startsWith(settings.origin);
    if (ours && ["error", "warning"].includes(message.type()) && !told) troubles.push(`console of ${message.page()?.url()}: ${message.text()}`);
  });
  context.on("weberror", (error) => troubles.push(`a script failed: ${error.error().stack}`));
  const page = await context.newPage();
  return page;
}

/** The one-time code of this moment (RFC 6238). */
function oneTimeCode(address) {
  const letters = new URL(address).searchParams.get("secret");
  const bits = Array.from(letters, (letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", secret).update(step).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** Signs somebody in, with the hand of somebody who uses a mouse or a keyboard. */
export async function signIn(hand, person) {
  const { page } = hand;
  await page.goto(settings.origin);
  await hand.type(page.getByLabel("Prisijungimo vardas"), person.login);
  await hand.type(page.getByLabel("Slaptažodis"), person.password);
  await hand.type(page.getByLabel("Vienkartinis kodas"), oneTimeCode(person.totp));
  await hand.press(page.getByRole("button", { name: "Prisijungti", exact: true }));
  await page.waitForURL(/\/(pradzia|vaidmuo)$/);
  await keptCookie(page);
}

/** The session's cookie is there, as `__Host-` demands (RFC 6265bis, 4.1.3.2), and no script reads it. */
export async function keptCookie(page, name = "__Host-virsis") {
  const cookies = await page.context().cookies();
  same(cookies.map((cookie) => cookie.name), [name], "cookies");
  const [{ secure, httpOnly, sameSite, path, domain }] = cookies;
  same({ secure, httpOnly, sameSite, path, domain }, { secure: true, httpOnly: true, sameSite: "Lax", path: "/", domain: new URL(settings.origin).hostname }, name);
}

/** Has a document signed; gives the container's path. */
export async function sign(person, document) {
  const out = document.replace(/\.pdf$/, ".asice");
  console.log(JSON.stringify({ sign: person.code, document, out }));
  same((await lines.next()).value, "signed", "the signer");
  return out;
}

/** Takes a picture for people to look at. A busy machine draws no picture now and then; nothing is judged by pictures, so that fails nothing. */
export async function picture(page, path, options = {}) {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const isTaken = await page.screenshot({ path, timeout: PATIENCE / 2, ...options }).then(() => true, () => false);
    if (isTaken) return;
  }
  console.error(`no picture of ${page.url()}`);
}

/** Looks at a page as people with other eyes, screens and hands would: wide and narrow, light and dark. */
export async function look(page, name) {
  const wrong = [];
  for (const colorScheme of ["light", "dark"]) {
    for (const viewport of [WIDE, NARROW]) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      const way = `${name}-${colorScheme}-${viewport.width}`;
      const first = colorScheme === "light" && viewport === WIDE;
      for (const violation of await violations(page, first)) wrong.push(`${way}: ${violation}`);
      for (const other of await page.evaluate(measures, { smallest: SMALLEST_TARGET })) wrong.push(`${way}: ${other}`);
      await picture(page, join(settings.screenshots, `${way}.png`), { fullPage: true });
    }
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: "light", media: "print" });
  await picture(page, join(settings.screenshots, `${name}-print.png`), { fullPage: true });
  await page.emulateMedia({ media: "screen" });
  same(await page.evaluate(() => document.documentElement.lang), "lt", "language of the page");
  check(/^.+ – VIRSIS( duomenų teikimas|, .+ dalis)$/.test(await page.title()), `${name}: its title says nothing`);
  troubles.push(...wrong);
}

/** What axe says of the page: by all rules the first time, then by those that looks have a part in. */
export async function violations(page, first) {
  const runOnly = first ? { type: "tag", values: RULES } : { type: "rule", values: RULES_OF_LOOKS };
  // Not through the page, whose policy forbids scripts from elsewhere.
  await page.evaluate(AXE);
  const found = await page.evaluate((only) => window.axe.run(document, { runOnly: only, resultTypes: ["violations"] }), runOnly);
  return found.violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => `${node.html} ${node.failureSummary}`).join("\n")}`);
}

/** Runs in the page. Links within a sentence may be as small as its letters. */
function measures({ smallest }) {
  const wrong = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const wide = Array.from(document.querySelectorAll("main *, header *, footer *")).filter((one) => one.getBoundingClientRect().right > root.clientWidth && !one.closest(".scroll"));
    wrong.push(`wider than the screen: ${wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(" ")}`);
  }
  for (const one of document.querySelectorAll("a, button, input, select, textarea, summary, [tabindex='0']")) {
    const { width, height } = one.getBoundingClientRect();
    const inSentence = one.matches("a") && getComputedStyle(one).display === "inline" && one.closest("p, li, td, th, dd");
    const hidden = one.matches("[type=hidden], [aria-hidden=true], .skip, [hidden], [hidden] *");
    if (!inSentence && !hidden && (width < smallest || height < smallest)) wrong.push(`too small to hit: ${width}×${height} ${one.outerHTML.slice(0, 160)}`);
  }
  return wrong;
}
