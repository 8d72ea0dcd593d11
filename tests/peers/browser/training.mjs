// The training environment as those who practise see it: accounts on the helper's page, there and back to sign, the notice everywhere.

import { check, look, run, settings, visitor } from "./browser.mjs";

const NOTICE = "Mokomoji aplinka: duomenys sugalvoti, parašai ir gavimo numeriai negalioja";

await run(async (browser) => {
  let page = await visitor(browser, { others: [settings.helper] });
  await page.goto(settings.helper);
  await noticed(page);
  await look(page, "training-start");
  await page.getByRole("link", { name: "Pratimai Kultūros ministerijai" }).click();
  await look(page, "training-exercise");
  await page.goto(settings.helper);
  const cells = page.getByRole("row").filter({ hasText: "ministerija" }).filter({ hasText: "mokomes-ministerija" }).locator("code");
  const [login, password, code] = await cells.allInnerTexts();
  const entity = await page.getByRole("row").filter({ hasText: "transliuotojas" }).locator("td").last().innerText();
  const opening = page.context().waitForEvent("page");
  await page.getByRole("link", { name: "Atverti duomenų teikimą" }).click();
  const helper = page;
  page = await opening;
  await noticed(page);
  await helper.close();
  await look(page, "training-signin");
  await page.getByLabel("Prisijungimo vardas").fill(login);
  await page.getByLabel("Slaptažodis").fill(password);
  await page.getByLabel("Vienkartinis kodas").fill(code);
  await page.getByRole("button", { name: "Prisijungti", exact: true }).click();
  await page.waitForURL("**/pradzia");
  await noticed(page);
  await look(page, "training-home");
  await page.getByRole("link", { name: "Metinė įmoka" }).click();
  await page.getByRole("searchbox").fill(entity);
  await page.getByRole("button", { name: "Ieškoti" }).click();
  await page.getByRole("button", { name: "Pasirinkti" }).first().click();
  await page.getByLabel("Metinės įmokos dydis").fill("1250,00");
  await page.getByLabel("Nustatymo (pakeitimo) data").fill("2026-01-15");
  await page.getByLabel("Galiojimo data").fill("2026-12-31");
  await page.getByLabel("Dokumento numeris").fill("MOK-1");
  await page.getByRole("button", { name: "Patikrinti ir tęsti" }).click();
  await page.getByRole("button", { name: "Duomenys teisingi – eiti pasirašyti" }).click();
  await page.getByRole("button", { name: "Pasirašyti Registrų centro modulyje" }).click();
  await page.getByRole("heading", { name: "Pasirašykite dokumentą (mokomasis parašas)" }).waitFor();
  await noticed(page);
  await look(page, "training-sign");
  await page.getByLabel("Kas pasirašo").selectOption(login);
  await page.getByRole("button", { name: "Pasirašyti (mokomasis parašas)" }).click();
  // With scripts the page where one comes back sends itself on.
  await page.getByText("Duomenys pateikti").waitFor();
  await noticed(page);
  await look(page, "training-receipt");
});

/** The notice stands there once, seen on a small screen and on paper. */
async function noticed(page) {
  const notice = page.getByText(NOTICE);
  check((await notice.count()) === 1, `the notice on ${page.url()}`);
  await page.setViewportSize({ width: 390, height: 800 });
  check(await notice.isVisible(), `the notice on a small screen: ${page.url()}`);
  await page.emulateMedia({ media: "print" });
  check(await notice.isVisible(), `the notice on paper: ${page.url()}`);
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize({ width: 1280, height: 900 });
}
