// A figure of a statistic leads to the report with the rows that were counted: as many as it says.

import { check, look, run, settings, visitor } from "./browser.mjs";

await run(async (browser) => {
  const page = await visitor(browser);
  for (const { page: statistic, address, rows } of settings.opened) {
    await page.goto(`${settings.origin}/${statistic}`);
    await page.locator(`td a[href="../ataskaita/index.html#${address}"]`).click();
    await page.waitForFunction(() => !/^(|Vykdoma…|Atsisiunčiami.*)$/.test(document.getElementById("busena")?.textContent ?? ""));
    const said = await page.locator("#busena").textContent();
    check(said.startsWith(`${rows} (`), `${address}: ${said} instead of ${rows}`);
    check(page.url().includes("#kas=") && (await page.locator(".criterion").count()) > 0, "what was asked can be changed");
  }
  await look(page, "behind");
});
