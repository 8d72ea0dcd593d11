// Pages of a release as everybody meets them: judged by axe on wide and narrow, light and dark screens, printed, and by Lighthouse in light and dark; what they
// ask for, and how much comes over the wire. `pages` are looked at, `kinds` are those of them that Lighthouse judges, too.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { ARGUMENTS, CHROMIUM, WIDE, check, complain, picture, run, same, settings, violations, visitor } from "./browser.mjs";

const require = createRequire(process.env.VIRSIS_NODE_MODULES + "/");
// As most telephones are.
const PHONE = { width: 390, height: 844 };
// A4 at 96 dots per inch.
const PAPER = { width: 794, height: 1123 };
// A page with its style and scripts.
const MOST_BYTES = 100_000;
// What makes a browser prefer each.
const SCHEMES = { light: [], dark: ["--force-dark-mode"] };
// What is wanted of each category, in hundredths.
const WANTED = { accessibility: 100, "best-practices": 95 };
// Told, not asked for: it falls when other tests have the cores.
const TOLD = "performance";
// A busy machine makes any page slow; it is not slow every time.
const TRIES = 4;

await run(async (browser) => {
  const page = await visitor(browser);
  await lost(page);
  for (const path of settings.pages) await judge(page, path);
  for (const path of settings.kinds) await lighthouse(path);
});

/** Where there is no page, one says so, with its style and ways out, however deep the address. */
async function lost(page) {
  const answer = await page.goto(`${settings.origin}/public/virs/ne/tokio.html`);
  same([answer.status(), await page.title()], [404, "Puslapio nėra – VIRSIS"], "a lost address");
  await page.getByRole("link", { name: "VIRS sąrašas" }).click();
  await page.waitForURL(/\/public\/virs\/index\.html$/);
}

/** One page on all screens and on paper. */
async function judge(page, path) {
  const name = `quality-${path.replaceAll("/", "-").replace(/\.html$/, "")}`;
  let bytes = 0;
  const counted = [];
  page.on("response", weigh);
  function weigh(response) {
    if (["document", "stylesheet", "script"].includes(response.request().resourceType())) counted.push(response.body().then((body) => (bytes += body.length), () => {}));
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: "light", media: "screen" });
  await page.goto(`${settings.origin}/${path}`, { waitUntil: "networkidle" });
  page.off("response", weigh);
  await Promise.all(counted);
  complain(bytes > MOST_BYTES, `${path}: ${bytes} bytes with style and scripts`);
  for (const colorScheme of ["light", "dark"]) {
    for (const viewport of [WIDE, PHONE]) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      const way = `${path} ${colorScheme} ${viewport.width}`;
      for (const violation of await violations(page, colorScheme === "light" && viewport === WIDE)) complain(true, `${way}: ${violation}`);
      await fits(page, way);
      if (colorScheme === "light" || viewport === WIDE) await picture(page, join(settings.screenshots, `${name}-${colorScheme}-${viewport.width}.png`));
    }
  }
  await page.setViewportSize(PAPER);
  await page.emulateMedia({ colorScheme: "light", media: "print" });
  await fits(page, `${path} on paper`);
}

/** Nothing is cut at the right edge, on paper not even what scrolls by itself on a screen. */
async function fits(page, way) {
  const wide = await page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const out = Array.from(document.querySelectorAll("body *")).filter((one) => one.getBoundingClientRect().right > clientWidth + 1);
    return scrollWidth > clientWidth ? `${scrollWidth} of ${clientWidth}: ${out.slice(-1).map((one) => one.outerHTML.slice(0, 160))}` : "";
  });
  complain(wide, `${way}: wider than it may be: ${wide}`);
}

/** One page by Lighthouse, in light and dark, each in a browser of its own. */
async function lighthouse(path) {
  for (const scheme of Object.keys(SCHEMES)) await audit(path, scheme);
}

/** One good try of several counts, as a busy machine spoils some. */
async function audit(path, scheme) {
  let told = "";
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const found = await measure(path, SCHEMES[scheme]);
    console.error(`${path} ${scheme}: ${TOLD} ${Math.round(found.categories[TOLD].score * 100)}`);
    const missed = Object.keys(WANTED).filter((name) => !(found.categories[name].score * 100 >= WANTED[name]));
    if (missed.length === 0) return;
    told = missed.map((name) => `${path} ${scheme}: ${name} ${found.categories[name].score} ${failed(found, name)}`).join("\n");
  }
  complain(told, told);
}

function failed(found, category) {
  const audits = found.categories[category].auditRefs.filter(({ weight }) => weight > 0).map(({ id }) => found.audits[id]);
  return audits.filter(({ score }) => score !== null && score < 1).map(({ id, score, displayValue }) => `${id} ${score} ${displayValue ?? ""}`).join(", ");
}

async function measure(path, flags) {
  const out = join(settings.files, "lighthouse.json");
  const options = ["--quiet", "--output=json", `--output-path=${out}`, `--only-categories=${[...Object.keys(WANTED), TOLD]}`, `--chrome-flags=--headless ${[...ARGUMENTS, ...flags].join(" ")}`];
  const command = [join(require.resolve("lighthouse/package.json"), "../cli/index.js"), `${settings.origin}/${path}`, ...options];
  const child = spawn(process.execPath, command, { env: { ...process.env, CHROME_PATH: CHROMIUM }, stdio: ["ignore", "ignore", "inherit"] });
  const code = await new Promise((done) => child.on("close", done));
  check(code === 0, `Lighthouse ended with ${code} on ${path}`);
  return JSON.parse(readFileSync(out, "utf8"));
}
