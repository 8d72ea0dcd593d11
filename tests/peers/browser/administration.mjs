// Administration: every page of it is looked at; what one administrator proposes, another one decides; with a mouse, with the keyboard, without scripts.

import { join } from "node:path";
import { check, look, picture, run, same, settings, signIn, visitor } from "./browser.mjs";
import { Keyboard, Mouse } from "./hands.mjs";

const WHY = "VRK patvirtino, kad senos kampanijos išimtos.";
// A telephone.
const PHONE = { width: 390, height: 844 };

await run(async (browser) => {
  const one = new Mouse(await visitor(browser));
  await signIn(one, settings.people.administratorius);
  await state(one);
  const proposal = await propose(one);
  const other = new Mouse(await visitor(browser, { scripts: false }));
  await signIn(other, settings.people.kitas);
  await decide(other, proposal);
  await mandates(one);
  await letters(one);
  await log(one);
  await texts(one);
});

/** Looks at a page, and on a telephone once more. */
async function see(page, name) {
  await look(page, `admin-${name}`);
  await page.setViewportSize(PHONE);
  await picture(page, join(settings.screenshots, `admin-${name}-${PHONE.width}.png`), { fullPage: true });
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function to(page, name) {
  await page.getByRole("navigation", { name: "Administravimas" }).getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** Sources and nights. */
async function state({ page }) {
  await page.getByRole("navigation", { name: "Pagrindinė navigacija" }).getByRole("link", { name: "Administravimas" }).click();
  await page.getByRole("heading", { level: 1, name: "Šaltiniai ir naktys" }).waitFor();
  await page.getByRole("region", { name: "Naktų lentelė" }).locator("summary").first().click();
  await page.getByText("laidos įrašymas").first().waitFor();
  await see(page, "state");
}

/** With the keyboard alone, a mistake first. */
async function propose(one) {
  const { page } = one;
  await page.getByRole("link", { name: /^Kodėl ir ką daryti/ }).click();
  await page.getByRole("heading", { name: "Pasiūlyti priimti šį išrašą" }).waitFor();
  await see(page, "extract");
  const keys = new Keyboard(page);
  await keys.type(page.getByLabel("Priežastis"), "Žmogus 38501010011 patvirtino.");
  await keys.type(page.getByLabel("Jūsų slaptažodis"), settings.people.administratorius.password);
  await keys.press(page.getByRole("button", { name: "Siūlyti priimti" }));
  await page.waitForFunction(() => document.activeElement?.id === "klaidos");
  await see(page, "extract-wrong");
  await one.type(page.getByLabel("Priežastis"), WHY);
  await one.type(page.getByLabel("Jūsų slaptažodis"), settings.people.administratorius.password);
  await page.getByRole("button", { name: "Siūlyti priimti" }).click();
  await page.getByRole("heading", { name: "Tai Jūsų pasiūlymas" }).waitFor();
  check((await page.getByRole("button", { name: "Patvirtinti" }).count()) === 0, "nobody confirms what is their own");
  await see(page, "proposal-own");
  return page.url();
}

/** Without scripts. */
async function decide(other, proposal) {
  const { page } = other;
  await page.goto(`${settings.origin}/administravimas`);
  await page.getByText("laukia kito administratoriaus").waitFor();
  await page.getByRole("link", { name: /^Priimti atmestą išrašą/ }).click();
  await page.waitForURL(proposal);
  await page.getByText(WHY).waitFor();
  await other.type(page.getByLabel("Jūsų slaptažodis"), "ne tas");
  await page.getByRole("button", { name: "Patvirtinti" }).click();
  await page.getByRole("heading", { name: "Nieko nepakeista" }).waitFor();
  await other.type(page.getByLabel("Jūsų slaptažodis"), settings.people.kitas.password);
  await page.getByRole("button", { name: "Patvirtinti" }).click();
  await page.getByText("patvirtinta:").waitFor();
  await page.goto(`${settings.origin}/administravimas`);
  await page.getByRole("link", { name: /^Priimtas: paims kita naktis/ }).waitFor();
}

async function mandates(one) {
  const { page } = one;
  await to(page, "Įgaliojimai");
  await see(page, "mandates");
  await one.type(page.getByLabel("Organizacija arba žmogus"), "tokios nėra");
  await page.getByRole("button", { name: "Ieškoti" }).click();
  await page.getByText("Tokių įgaliojimų nėra.").waitFor();
  check(page.url().endsWith("/administravimas/igaliojimai"), "what is looked for stands in no address");
  await page.getByRole("link", { name: "Siūlyti naują įgaliojimą" }).click();
  await page.getByRole("heading", { level: 1, name: "Naujas įgaliojimas" }).waitFor();
  await see(page, "mandate-new");
  await one.type(page.getByLabel("Žmogaus asmens kodas"), settings.people.km.code);
  await one.select(page.getByLabel("Rolė"), "lrtk");
  await one.type(page.getByLabel("Organizacijos kodas"), settings.entity);
  await one.type(page.getByLabel("Organizacijos pavadinimas"), "Lietuvos radijo ir televizijos komisija");
  await one.type(page.getByLabel("Priežastis"), "Pavaduoja kolegą, įsakymas Nr. 7.");
  await one.type(page.getByLabel("Jūsų slaptažodis"), settings.people.administratorius.password);
  await page.getByRole("button", { name: "Siūlyti", exact: true }).click();
  await page.getByRole("heading", { name: "Tai Jūsų pasiūlymas" }).waitFor();
  same(await page.getByText(settings.people.km.code).count(), 0, "the code on the page");
  await see(page, "proposal-mandate");
  await to(page, "Įgaliojimai");
  await page.getByRole("region", { name: "Įgaliojimai" }).getByRole("link").first().click();
  await page.getByRole("heading", { name: "Baigti įgaliojimą" }).waitFor();
  await see(page, "mandate");
}

async function letters(one) {
  const { page } = one;
  await to(page, "Laiškai");
  await page.getByText("gavėjo adresas netinkamas").waitFor();
  await see(page, "letters");
  const line = page.getByRole("listitem").filter({ hasText: "prašoma patikslinti" });
  await line.locator("summary").click();
  await one.type(line.getByLabel("Priežastis"), "Įstaigos nebėra, rašyti nėra kam.");
  await line.getByRole("button", { name: "Nebesiųsti" }).click();
  await page.getByText("Laiškas nebesiunčiamas.").waitFor();
  await page.getByRole("button", { name: "Bandyti dabar visus laukiančius" }).click();
  await page.getByText("Laiškai bus siunčiami dar kartą").waitFor();
}

async function log(one) {
  const { page } = one;
  await to(page, "Veiksmų žurnalas");
  await page.getByText("Žurnalas sveikas").waitFor();
  await see(page, "log");
  await one.select(page.getByLabel("Veiksmas"), "propose");
  await page.getByRole("button", { name: "Ieškoti" }).click();
  await page.getByRole("cell", { name: WHY }).waitFor();
  await see(page, "log-found");
}

async function texts({ page }) {
  await to(page, "Naujienų peržiūra");
  await see(page, "news");
  await to(page, "Klasifikatoriai ir formos");
  await see(page, "definitions");
}
