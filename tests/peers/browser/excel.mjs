// Files for a Lithuanian spreadsheet: of a published table, and of a pasted list; without scripts the page says how to import the published one.

import { check, run, settings, visitor } from "./browser.mjs";

async function save(page, button, path) {
  const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
  await file.saveAs(path);
  return file.suggestedFilename();
}

await run(async (browser) => {
  const page = await visitor(browser);
  await page.goto(`${settings.origin}/public/${settings.page}`);
  const button = page.getByRole("button", { name: /CSV lietuviškai „Excel“/ });
  check((await save(page, button.first(), settings.csv)).endsWith(".excel.csv"), "it is called what it is");
  if (settings.xlsx) {
    await page.goto(`${settings.origin}/public/sutikrinti.html`);
    check(await page.getByRole("button", { name: "Išsaugoti XLSX" }).isHidden(), "nothing to save yet");
    await page.getByRole("textbox").first().fill(settings.list);
    await page.getByRole("button", { name: "Sutikrinti" }).click();
    await page.getByText(/^Rasta \d+ iš/).waitFor();
    await save(page, page.getByRole("button", { name: "Išsaugoti XLSX" }), settings.xlsx);
  }
  const plain = await visitor(browser, { scripts: false });
  await plain.goto(`${settings.origin}/public/${settings.page}`);
  check(await plain.getByRole("button", { name: /Excel/ }).first().isHidden(), "no button that does nothing");
  check(await plain.getByText("„Duomenys“ → „Iš teksto / CSV“").first().isVisible(), "how to import it is said");
});
