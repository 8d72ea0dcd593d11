// The portal's search in both of its places: by everything that something is found by, with keyboard and mouse, on all screens; what is
// said when nothing is found or a file cannot be read; and the list alone, where no script runs.

import { check, look, run, same, settings, visitor } from "./browser.mjs";

const START = `${settings.origin}/public/index.html`;
const FIELD = { name: "Ko ieškote?" };

await run(async (browser) => {
  const page = await visitor(browser);
  await page.goto(START);
  await sameWords(page);
  for (const wish of settings.wishes) await find(page, wish);
  await keyboard(page);
  await narrowed(page);
  await told(page);
  await open(page);
  await lateAndFailing(page);
  await withoutScripts(browser);
});

function field(page) {
  return page.getByRole("combobox", FIELD);
}

function options(page) {
  return page.getByRole("listbox").getByRole("option");
}

async function type(page, text) {
  await field(page).fill(text);
  await page.waitForFunction(() => document.querySelector("[role=status]").textContent !== "");
}

/** The script makes the words that the program makes. */
async function sameWords(page) {
  const made = await page.evaluate(async (examples) => {
    const { words } = await import("./assets/search.js");
    return examples.map(([text]) => words(text));
  }, settings.words);
  settings.words.forEach(([text, expected], place) => same(made[place], expected, `words of ${JSON.stringify(text)}`));
}

/** What is typed leads to its own page, or to one of these VIRS. */
async function find(page, { typed, codes, leads }) {
  await page.goto(START);
  await type(page, typed);
  await options(page).first().waitFor();
  const href = await options(page).first().getAttribute("href");
  const pages = leads ? [leads] : codes.map((code) => `virs/${code}.html`);
  check(pages.some((path) => href.endsWith(`/public/${path}`)), `${typed} leads to ${href}`);
  check(/^Rasta/.test(await page.getByRole("status").textContent()), "it is said how many are found");
  await options(page).first().click();
  await page.waitForURL(new RegExp(`/public/(${pages.join("|")})$`));
}

/** Without a mouse: down, up, Escape, Enter. */
async function keyboard(page) {
  const [{ typed, codes }] = settings.wishes;
  await page.goto(START);
  await field(page).focus();
  await page.keyboard.type(typed);
  await options(page).first().waitFor();
  same(await field(page).getAttribute("aria-expanded"), "true", "the list is open");
  await page.keyboard.press("ArrowDown");
  const active = await field(page).getAttribute("aria-activedescendant");
  same(await page.locator(`#${active}`).getAttribute("aria-selected"), "true", "the first is chosen");
  check(await field(page).evaluate((input) => input === document.activeElement), "the field keeps the focus");
  await page.keyboard.press("ArrowUp");
  same(await field(page).getAttribute("aria-activedescendant"), null, "above the first is the field");
  await page.keyboard.press("Escape");
  check(await page.getByRole("listbox").isHidden(), "Escape closes the list");
  same(await field(page).inputValue(), typed, "and keeps what was typed");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/public/virs/(${codes.join("|")})\\.html$`));
}

/** Whoever presses the button comes to the list, where the same is found. */
async function narrowed(page) {
  await page.goto(START);
  await type(page, "uab");
  await options(page).first().waitFor();
  await look(page, "search-home-found");
  await page.getByRole("button", { name: "Ieškoti" }).click();
  await page.waitForURL(/\/public\/virs\/index\.html#q=uab$/);
  await options(page).first().waitFor();
  await look(page, "search-list-found");
}

async function told(page) {
  await page.goto(START);
  await type(page, "qqqqqq wwwwww");
  same(await page.getByRole("status").textContent(), "Nieko nerasta. Patikrinkite rašybą arba ieškokite pagal kodą.", "nothing is found");
  check(await page.getByRole("listbox").isHidden(), "there is no list");
  await type(page, "<img src=x onerror=alert(1)>");
  same(await page.locator("main img").count(), 0, "what is typed stays text");
}

/** In the open tier the same field finds nobody. */
async function open(page) {
  await page.goto(`${settings.origin}/open/index.html`);
  await type(page, settings.person);
  check(/^Nieko nerasta/.test(await page.getByRole("status").textContent()), "a natural person is found in the open tier");
}

async function lateAndFailing(page) {
  await page.goto(START);
  const [{ typed }] = settings.wishes;
  // The answer to the first letter comes after that to the whole.
  const first = new RegExp("/paieska/[^/]*\\.json$");
  let held = true;
  await page.route(first, async (route) => {
    if (held) {
      held = false;
      await new Promise((done) => setTimeout(done, 1500));
    }
    await route.continue();
  });
  await field(page).fill("a");
  await page.waitForTimeout(400);
  await field(page).fill("qqqqqq");
  await page.getByRole("status").getByText("Nieko nerasta").waitFor();
  await page.waitForTimeout(2000);
  check(/^Nieko nerasta/.test(await page.getByRole("status").textContent()), "a late answer is not shown");
  await page.unroute(first);
  // Fulfilled, not aborted: the browser would complain on its console.
  await page.route(/\/paieska/, (route) => route.fulfill({ status: 200, contentType: "application/json", body: "{" }));
  await page.goto(START);
  await field(page).fill(typed);
  await page.getByRole("status").getByText("Paieška neveikia, naudokitės sąrašu.").waitFor();
  await page.unroute(/\/paieska/);
}

async function withoutScripts(browser) {
  const page = await visitor(browser, { scripts: false });
  await page.goto(START);
  check(await page.locator("form.search").isHidden(), "no field that does nothing");
  check(await page.locator("noscript kbd").first().isVisible(), "what to do instead");
  await page.getByRole("link", { name: "Atverti abėcėlinį VIRS sąrašą" }).click();
  await page.waitForURL(/\/public\/virs\/index\.html$/);
  check((await page.locator("nav.letters a").count()) > 3, "letters");
  await page.locator("ul.entities a").first().click();
  await page.waitForURL(/\/public\/virs\/[0-9]+\.html$/);
}
