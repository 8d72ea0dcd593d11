// Everything a page can be beside the way of a feed: wrong values, nothing there, somebody else's, refused. Each is looked at.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, look, run, same, settings, signIn, visitor } from "./browser.mjs";
import { Mouse } from "./hands.mjs";
import { kinds } from "./kinds.mjs";
import { problems } from "./problems.mjs";
import { begin, fill, finish } from "./way.mjs";

await run(async (browser) => {
  await outside(browser);
  await roles(browser);
  const people = {};
  for (const role of ["km", "virs", "istaiga"]) {
    people[role] = new Mouse(await visitor(browser));
    await signIn(people[role], settings.people[role]);
  }
  await changes(people.virs);
  await wrongFee(people.km);
  const receipt = await ownData(people.virs);
  const address = people.virs.page.url().split("?")[0];
  await read(people, address);
  await clarify(people, address);
  await removal(people.virs);
  await lists(people, receipt);
  await account(people.km, settings.people.km);
  await refused(people);
});

/** Who is not signed in. */
async function outside(browser) {
  const page = await visitor(browser);
  const hand = new Mouse(page);
  await page.goto(`${settings.origin}/prisijungti`);
  await look(page, "signin");
  await hand.type(page.getByLabel("Prisijungimo vardas"), "niekas");
  await hand.type(page.getByLabel("Slaptažodis"), "ne toks slaptažodis");
  await hand.type(page.getByLabel("Vienkartinis kodas"), "123 456");
  await page.getByRole("button", { name: "Prisijungti", exact: true }).click();
  await page.waitForFunction(() => document.activeElement?.id === "klaidos");
  same(await page.getByLabel("Prisijungimo vardas").inputValue(), "niekas", "the name that was typed");
  same(await page.getByLabel("Slaptažodis").inputValue(), "", "no password comes back");
  await look(page, "signin-wrong");
  await page.getByRole("link", { name: "Pagalba" }).click();
  await page.waitForURL("**/pagalba");
  await look(page, "help");
  await page.goto(`${settings.origin}/nera-tokio`);
  await page.getByRole("heading", { name: "Puslapis nerastas" }).waitFor();
  await look(page, "trouble-404");
  check((await page.getByRole("button", { name: "Atsijungti" }).count()) === 0, "nobody is signed in");
  await page.goto(`${settings.origin}/pradzia`);
  check(page.url().endsWith("/prisijungti"), "whoever is not signed in is asked to");
  await page.context().close();
}

/** In whose name: two mandates, none. */
async function roles(browser) {
  const two = new Mouse(await visitor(browser));
  await signIn(two, settings.people.two);
  await look(two.page, "roles");
  await two.page.getByRole("radio").last().click();
  await two.page.getByRole("button", { name: "Tęsti" }).click();
  await two.page.waitForURL("**/pradzia");
  await two.page.getByRole("link", { name: "Keisti rolę" }).click();
  await two.page.waitForURL("**/vaidmuo");
  await two.page.context().close();
  const none = new Mouse(await visitor(browser));
  await signIn(none, settings.people.none);
  await look(none.page, "roles-none");
  await none.page.goto(`${settings.origin}/nera-tokio`);
  await none.page.getByRole("banner").getByRole("link", { name: "Pasirinkti rolę" }).waitFor();
  await isKnown(none.page);
  await look(none.page, "trouble-404-no-role");
  await none.page.context().close();
}

/** Who is signed in sees so on every page, and how to end it. */
async function isKnown(page, role = "") {
  const banner = page.getByRole("banner");
  check(/Ąžuolas Išgalvotasis/.test(await banner.textContent()), `who is signed in stands on ${page.url()}`);
  check((await banner.textContent()).includes(role), `the role stands on ${page.url()}`);
  check(await banner.getByRole("button", { name: "Atsijungti" }).isVisible(), `the way out is on ${page.url()}`);
}

/** What registers changed is a task with its day, each thing until somebody says that they looked at it. */
async function changes({ page }) {
  const task = page.getByRole("region", { name: "Patikrinkite, kas pasikeitė registruose" });
  const items = task.getByRole("listitem");
  const told = (item) => item.locator("span").first().textContent();
  same(await items.count(), 2, "changes");
  check(/^Licencijos, pranešta .*vėluojama 6 dienas\)$/.test(await told(items.first())), "a day that has passed is told so");
  check(/^Dalyviai, Vadovai, pranešta .* d\. \(liko 14 dienų\)$/.test(await told(items.last())), "how many days are left");
  await look(page, "start-changes");
  await task.getByRole("button", { name: "Patikrinome: Licencijos" }).click();
  await page.waitForFunction(() => document.activeElement?.id === "pranesimas");
  check(/^Dalyviai, Vadovai/.test(await told(items.first())) && (await items.count()) === 1, "the other thing is still to be looked at");
  await task.getByRole("button", { name: "Patikrinome: Dalyviai, Vadovai" }).click();
  await task.waitFor({ state: "detached" });
  await look(page, "start-looked");
}

/** Another password: first with a wrong one of before, then with the right one. */
async function account(hand, person) {
  const { page } = hand;
  await page.goto(`${settings.origin}/pradzia`);
  await page.getByRole("link", { name: "pasikeiskite slaptažodį" }).click();
  await page.waitForURL("**/paskyra#keisti");
  await look(page, "account");
  for (const [old, where] of [["ne toks slaptažodis", "klaidos"], [person.password, "pranesimas"]]) {
    const offered = await page.locator("#naujasis").textContent();
    await hand.type(page.getByLabel("Dabartinis slaptažodis"), old);
    await hand.type(page.getByLabel("Naujas slaptažodis", { exact: true }), offered);
    await page.getByRole("button", { name: "Pakeisti slaptažodį" }).click();
    await page.waitForFunction((id) => document.activeElement?.id === id, where);
    await look(page, `account-${where}`);
  }
  check(await page.getByText("Slaptažodis pakeistas").isVisible(), "the password was changed");
}

/** A fee with everything wrong that can be. */
async function wrongFee(hand) {
  const { page } = hand;
  await page.goto(`${settings.origin}/teikti/imokos`);
  await hand.type(page.getByRole("searchbox"), "tokio tikrai nėra");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Nerasta" }).waitFor();
  await look(page, "search-nothing");
  await begin(hand, "imokos", settings.virs);
  await staysAwake(hand);
  const wrong = { suma: "dvylika", nustatymo_data: "2099-01-01", galiojimo_data: "2020-01-01", dokumento_nr: settings.secret, institucijos_kodas: "188604956" };
  for (const [column, value] of Object.entries(wrong)) await hand.type(page.locator(`[id="imokos-0-${column}"]`), value);
  // While typing, where scripts run.
  await page.getByLabel("Dokumentas (neprivaloma)").click();
  await page.getByText("Rašykite skaičių, pvz., 1250,50.").waitFor();
  await page.getByText("Patikrinkite kodą: skaitmenys nesutampa.").waitFor();
  same(await page.locator("#imokos-0-suma").getAttribute("aria-invalid"), "true", "what is wrong while typing");
  await look(page, "imokos-typing");
  // Leaving without saving: the browser asks, and stays.
  const asked = page.waitForEvent("dialog");
  const leaving = page.getByRole("link", { name: "Pagalba" }).click();
  const dialog = await asked;
  same(dialog.type(), "beforeunload", "the browser asks before what was typed is lost");
  await dialog.dismiss();
  await leaving;
  await page.getByRole("button", { name: "Patikrinti ir tęsti" }).click();
  const ids = await problems(hand);
  same(ids, Object.keys(wrong).map((column) => `imokos-0-${column}`).sort((one, other) => order(one) - order(other)), "what is wrong");
  for (const [column, value] of Object.entries(wrong)) same(await page.locator(`[id="imokos-0-${column}"]`).inputValue(), value, `what was typed into ${column}`);
  await look(page, "imokos-wrong");
  await attachments(hand);
  // The draft goes, but not by one wrong click.
  await page.getByText("Ištrinti juodraštį").click();
  await look(page, "imokos-discard");
  await page.getByRole("button", { name: "Taip, ištrinti" }).click();
  await page.waitForURL(/\/pradzia\?istrinta=1$/);
  await page.waitForFunction(() => document.activeElement?.id === "pranesimas");
  check((await page.getByText("Pradėta, bet nepateikta").count()) === 0, "no draft is left");
}

/** Whoever types keeps the session awake, though nothing is sent otherwise. */
async function staysAwake({ page }) {
  await page.evaluate(() => { const now = Date.now.bind(Date); Date.now = () => now() + 200_000; });
  const asked = page.waitForResponse(/\/budeti$/);
  await page.locator("#imokos-0-dokumento_nr").pressSequentially("1");
  same((await asked).status(), 200, "the session is awake");
  check(!(await page.locator("#prisijungimas").isVisible()), "nobody is told that it ended");
}

function order(id) {
  return ["suma", "nustatymo_data", "galiojimo_data", "dokumento_nr", "institucija", "institucijos_kodas"].indexOf(id.split("-").pop());
}

async function attachments(hand) {
  const { page } = hand;
  const [text, document] = ["pastaba.pdf", "Įsakymas.pdf"].map((name) => join(settings.files, name));
  writeFileSync(text, "tai ne PDF");
  writeFileSync(document, "%PDF-1.7\n");
  await page.getByLabel("Pridėti dokumentą").setInputFiles(text);
  await page.getByRole("button", { name: "Įkelti" }).click();
  same(await problems(hand), ["priedas"], "what is wrong");
  await look(page, "attachment-refused");
  await page.getByLabel("Pridėti dokumentą").setInputFiles(document);
  await page.getByRole("button", { name: "Įkelti" }).click();
  await page.getByRole("link", { name: "Įsakymas.pdf" }).waitFor();
  await look(page, "attachment");
  await page.getByRole("button", { name: "Pašalinti: Įsakymas.pdf" }).click();
  await page.waitForFunction(() => !document.body.textContent.includes("Įsakymas.pdf"));
}

/** The VIRS's own data: a record in each part, first with nothing in it, then handed in after a file that is no container. */
async function ownData(hand) {
  const { page } = hand;
  await begin(hand, "virs", settings.virs);
  await kinds(hand);
  for (const name of ["priemonę", "atsakingą asmenį", "dalyvį"]) await page.getByRole("button", { name: `Pridėti ${name}`, exact: true }).click();
  await hand.type(page.locator("#virs-0-virs_nuo"), "");
  await page.getByRole("button", { name: "Patikrinti ir tęsti" }).click();
  const ids = await problems(hand);
  check(["virs", "vip", "atsakingi", "dalyviai"].every((section) => ids.some((id) => id.startsWith(`${section}-`))), `something is wrong in each part: ${ids}`);
  await look(page, "virs-all-wrong");
  for (const section of ["vip", "atsakingi", "dalyviai"]) {
    // Nothing was typed into it: nobody is asked.
    await page.locator(`#skiltis-${section}`).getByRole("button", { name: /^Pašalinti/ }).last().click();
    await page.waitForURL(new RegExp(`#skiltis-${section}$`));
  }
  await fill(hand, "virs");
  await page.getByRole("button", { name: "Išsaugoti juodraštį" }).click();
  await page.waitForFunction(() => document.activeElement?.id === "pranesimas");
  await look(page, "virs-saved");
  return finish(hand, "virs", settings.people.virs, {
    before: async () => {
      const junk = join(settings.files, "ne.asice");
      writeFileSync(junk, "PK");
      await page.getByLabel("Pasirašytas failas (.asice)").setInputFiles(junk);
      await page.getByRole("button", { name: "Pateikti", exact: true }).click();
      same(await problems(hand), ["konteineris"], "what is wrong");
      await look(page, "sign-wrong");
    },
  });
}

/** The same submission as others see it. */
async function read({ km, istaiga }, address) {
  await km.page.goto(address);
  await km.page.getByText(settings.secret).first().waitFor();
  await look(km.page, "view-ministry");
  await istaiga.page.goto(address);
  await istaiga.page.getByText("(nerodoma)").first().waitFor();
  check(!(await istaiga.page.content()).includes(settings.secret), "no code is shown to an institution");
  await look(istaiga.page, "view-institution");
}

async function clarify({ km, virs }, address) {
  await km.page.goto(address);
  await km.type(km.page.getByLabel("Ką patikslinti"), "Patikslinkite veiklos pradžią.");
  await km.type(km.page.getByLabel("Iki kada"), "2020-01-01");
  await km.page.getByRole("button", { name: "Išsiųsti prašymą" }).click();
  same(await problems(km), ["iki"], "what is wrong");
  same(await km.page.getByLabel("Ką patikslinti").inputValue(), "Patikslinkite veiklos pradžią.", "the question");
  await look(km.page, "clarify-wrong");
  await km.type(km.page.getByLabel("Iki kada"), "2099-01-31");
  await km.page.getByRole("button", { name: "Išsiųsti prašymą" }).click();
  await km.page.waitForURL(`${address}?paprasyta=1`);
  await km.page.waitForFunction(() => document.activeElement?.id === "pranesimas");
  await virs.page.goto(address);
  await look(virs.page, "view-asked");
  await virs.page.getByRole("button", { name: "Taisyti" }).click();
  await virs.page.getByText("Taisote anksčiau pateiktus duomenis.").waitFor();
  await look(virs.page, "virs-correct");
  await virs.page.goto(`${settings.origin}/pradzia`);
  await virs.page.getByRole("heading", { name: "Prašoma patikslinti" }).waitFor();
  await look(virs.page, "start-full");
}

/** What holds now goes only after a question on the form, and another on the review. */
async function removal(hand) {
  const { page } = hand;
  await begin(hand, "virs", settings.virs);
  const record = await page.locator("#skiltis-atsakingi fieldset.record").last().getAttribute("id");
  await page.locator(`[id="${record}"]`).getByRole("button", { name: /^Pašalinti: / }).click();
  await page.waitForURL(new RegExp(`#${record}$`));
  await look(page, "virs-asked");
  await page.getByRole("button", { name: /^Taip, pašalinti: / }).click();
  await page.waitForURL(/#skiltis-atsakingi$/);
  await page.getByRole("button", { name: "Patikrinti ir tęsti" }).click();
  await page.getByRole("heading", { name: "Bus pašalinta: 1" }).waitFor();
  await look(page, "virs-removes");
  await page.getByRole("button", { name: "Duomenys teisingi – eiti pasirašyti" }).click();
  check(await page.getByRole("checkbox", { name: /^Taip, pašalinti/ }).evaluate((box) => box.matches(":invalid")), "it must be confirmed");
  await page.getByRole("checkbox", { name: /^Taip, pašalinti/ }).check();
  await page.getByRole("button", { name: "Duomenys teisingi – eiti pasirašyti" }).click();
  await page.getByRole("heading", { level: 1, name: "Pasirašykite dokumentą" }).waitFor();
}

async function lists({ km, virs, istaiga }, receipt) {
  await virs.page.getByRole("link", { name: "Pateikimai", exact: true }).click();
  await virs.page.getByRole("link", { name: receipt }).waitFor();
  await look(virs.page, "list-own");
  await km.page.goto(`${settings.origin}/pateikimai`);
  await look(km.page, "list-all");
  await istaiga.page.goto(`${settings.origin}/pateikimai`);
  await istaiga.type(istaiga.page.getByLabel("VIRS kodas"), settings.entity);
  await istaiga.page.getByRole("button", { name: "Rodyti" }).click();
  await istaiga.page.getByText("Pateikimų nėra.").waitFor();
  await look(istaiga.page, "list-empty");
}

/** What is not for this person, or too late. */
async function refused({ istaiga, km }) {
  await istaiga.page.goto(`${settings.origin}/teikti/virs`);
  await istaiga.page.getByRole("heading", { name: "Neturite teisės" }).waitFor();
  await isKnown(istaiga.page, "Lėšas skirianti įstaiga: Pavyzdinė institucija");
  await look(istaiga.page, "trouble-403");
  await begin(km, "imokos", settings.virs);
  const other = await km.page.context().newPage();
  await other.goto(km.page.url());
  await other.getByRole("button", { name: "Išsaugoti juodraštį" }).click();
  await other.locator("#pranesimas").waitFor();
  await km.page.getByRole("button", { name: "Išsaugoti juodraštį" }).click();
  await km.page.getByRole("heading", { name: "Puslapis pasenęs" }).waitFor();
  await isKnown(km.page, "Kultūros ministerija: Pavyzdinė institucija");
  await look(km.page, "trouble-409");
  // What was typed into an old page is shown beside what is saved, and comes into the draft when somebody says so.
  await km.page.goto(other.url());
  await other.getByRole("button", { name: "Išsaugoti juodraštį" }).click();
  await other.locator("#pranesimas").waitFor();
  await km.type(km.page.locator("#imokos-0-dokumento_nr"), "ĮV-77");
  await km.page.getByRole("button", { name: "Išsaugoti juodraštį" }).click();
  await km.page.getByRole("heading", { name: "Tai, ką įrašėte, dar neišsaugota" }).waitFor();
  await look(km.page, "typed");
  await km.page.getByRole("button", { name: "Įrašyti į juodraštį" }).click();
  await km.page.getByText("grąžinta į juodraštį").waitFor();
  same(await km.page.locator("#imokos-0-dokumento_nr").inputValue(), "ĮV-77", "what was typed");
  await km.page.getByRole("button", { name: "Atsijungti" }).click();
  await km.page.waitForURL("**/prisijungti");
}
