// The portal in English: the search, a list of one's own and a spreadsheet's CSV work below en/ as they do beside it, and each page leads to its
// Lithuanian one and back.

import { check, run, same, settings, visitor } from "./browser.mjs";

const START = `${settings.origin}/public/en/index.html`;

await run(async (browser) => {
  const page = await visitor(browser);
  await found(page);
  await switched(page);
  await matched(page);
  await forSpreadsheets(page);
});

/** What is typed leads to the English page. */
async function found(page) {
  await page.goto(START);
  same(await page.evaluate(() => document.documentElement.lang), "en", "language of the page");
  await page.getByRole("combobox", { name: "What are you looking for?" }).fill(settings.code);
  await page.waitForFunction(() => document.querySelector("[role=status]").textContent !== "");
  check(/^Found/.test(await page.getByRole("status").textContent()), "it is said in English how many are found");
  await page.getByRole("listbox").getByRole("option").first().click();
  await page.waitForURL(`${settings.origin}/public/en/virs/${settings.code}.html`);
  same(await page.getByRole("heading", { level: 1 }).textContent(), settings.virs, "whose page it is");
}

/** Each page has its other language. */
async function switched(page) {
  await page.getByRole("link", { name: "Lietuviškai" }).click();
  await page.waitForURL(`${settings.origin}/public/virs/${settings.code}.html`);
  await page.getByRole("link", { name: "English" }).click();
  await page.waitForURL(`${settings.origin}/public/en/virs/${settings.code}.html`);
}

/** A pasted code is found in tables that lie outside en/, and leads to the English page. */
async function matched(page) {
  await page.goto(`${settings.origin}/public/en/sutikrinti.html`);
  await page.getByRole("textbox", { name: "Codes or names" }).fill(settings.code);
  await page.getByRole("button", { name: settings.check }).click();
  await page.getByText("Found 1 of 1.").waitFor();
  const link = page.locator("#rezultatas tbody").getByRole("link");
  check((await link.getAttribute("href")).endsWith(`/public/en/virs/${settings.code}.html`), "the VIRS has an English page");
}

/** The file that a script makes of a published one is there, too. */
async function forSpreadsheets(page) {
  await page.goto(`${settings.origin}/public/en/duomenys/virs.html`);
  const download = page.waitForEvent("download");
  await page.locator("[data-csv]").first().click();
  check(/\.csv$/.test((await download).suggestedFilename()), "a CSV file");
}
