// A pasted list: found by code, by name however it is written, told what is not found; saved for a spreadsheet; and no request that holds any of it.

import { check, look, run, same, settings, visitor } from "./browser.mjs";

await run(async (browser) => {
  const page = await visitor(browser);
  const asked = [];
  page.on("request", (request) => asked.push(`${request.url()} ${request.postData() ?? ""}`));
  await page.goto(`${settings.origin}/public/sutikrinti.html`);
  const { by_code, by_name, typed_name, unknown } = settings;
  await page.getByRole("textbox", { name: "Kodai arba pavadinimai" }).fill(`${by_code.code}\n  ${typed_name}\n\n${unknown}\n`);
  asked.length = 0;
  await page.getByRole("button", { name: "Sutikrinti" }).click();
  await page.getByText("Rasta 2 iš 3.").waitFor();
  const rows = await page.locator("#rezultatas tbody tr").all();
  same(rows.length, 3, "a row for each line");
  for (const [row, { code, name, owners }] of [[rows[0], by_code], [rows[1], by_name]]) {
    const cells = await row.locator("th, td").allTextContents();
    same(cells.slice(1, 3), [name, code], "what was found");
    for (const owner of owners) check(cells[3].includes(owner), `${code} is owned by ${owner}`);
    check((await row.getByRole("link").getAttribute("href")).endsWith(`/public/virs/${code}.html`), "the VIRS has a page");
  }
  check((await rows[2].textContent()).includes("nerasta"), "what is not found is said");
  // Two whole tables, whatever the list holds.
  same(asked.length, 2, `requests: ${asked.join(", ")}`);
  for (const typed of [by_code.code, encodeURIComponent(unknown), unknown]) check(!asked.some((one) => one.includes(typed)), "nothing typed was sent");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /Išsaugoti CSV/ }).click();
  await (await download).saveAs(settings.saved);
  await look(page, "match");
});
