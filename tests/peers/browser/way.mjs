// The way of a feed from the start page to the receipt.

import { join } from "node:path";
import { check, same, settings, sign, signIn, visitor } from "./browser.mjs";
import { problems } from "./problems.mjs";

/** Does something with every feed, one after another; each role has a browser of its own. */
export async function everyFeed(browser, makeHand, work, { scripts = true } = {}) {
  for (const role of new Set(Object.values(settings.feeds).map((feed) => feed.role))) {
    const person = settings.people[role];
    const hand = makeHand(await visitor(browser, { scripts }));
    await signIn(hand, person);
    for (const [name, feed] of Object.entries(settings.feeds)) if (feed.role === role) await work(hand, name, person);
    await hand.press(hand.page.getByRole("button", { name: "Atsijungti" }));
    await hand.page.waitForURL("**/prisijungti");
    check((await hand.page.context().cookies()).length === 0, "signing out leaves no cookie");
    await hand.page.context().close();
  }
}

/** Puts a value into a field, whatever it is; "*" is the first choice there is. */
export async function put(hand, id, value) {
  const field = hand.page.locator(`[id="${id}"]`);
  await field.waitFor();
  const kind = await field.evaluate((element) => element.type ?? element.tagName.toLowerCase());
  if (kind === "select-one") {
    const first = () => field.locator("option").nth(1).getAttribute("value");
    await hand.select(field, value === "*" ? await first() : value);
    await showChosen(hand, field);
  } else if (kind === "radio" || kind === "checkbox") {
    const name = await field.getAttribute("name");
    const box = value === "*" ? field : hand.page.locator(`input[name="${name}"][value="${value}"]`);
    // What is suggested below the field before comes a moment later, and moves what a hand was about to tick: people look and tick again.
    for (let attempt = 0; attempt < 2 && !(await box.isChecked()); attempt += 1) await hand.tick(box);
    check(await box.isChecked(), `${id} is ticked`);
  } else {
    await hand.type(field, value);
  }
}

/** Takes out what was chosen; of radio buttons nothing is chosen before somebody does. */
async function empty(hand, id) {
  const field = hand.page.locator(`[id="${id}"]`);
  const kind = await field.evaluate((element) => element.type);
  if (kind === "select-one") await hand.select(field, "");
  if (kind !== "checkbox") return;
  const ticked = hand.page.locator(`input[type=checkbox][name="${await field.getAttribute("name")}"]:checked`);
  while ((await ticked.count()) > 0) await ticked.first().uncheck();
}

/** Where no script shows the fields of what was chosen, a button does. */
async function showChosen(hand, field) {
  const button = field.locator("xpath=ancestor::fieldset[1]").getByRole("button", { name: "Rodyti pasirinktai rūšiai skirtus laukus" });
  if ((await button.count()) === 0) return;
  const shown = hand.page.waitForEvent("load");
  await hand.press(button);
  await shown;
}

/** Begins a draft: from the start page to the form. */
export async function begin(hand, name, virs, look = async () => {}) {
  const { page } = hand;
  const { title, own } = settings.feeds[name];
  await page.goto(`${settings.origin}/pradzia`);
  if (own) {
    await hand.press(page.getByRole("button", { name: `Pildyti: ${title}`, exact: true }));
  } else {
    await hand.press(page.getByRole("link", { name: title, exact: true }));
    await page.waitForURL(`**/teikti/${name}`);
    await look(page, `${name}-1-search`);
    await hand.type(page.getByRole("searchbox"), virs.name);
    await page.keyboard.press("Enter");
    await page.waitForURL(/ieskoti=/);
    check(await page.evaluate(() => document.activeElement.id === "rasta"), "what was found has the focus");
    await look(page, `${name}-2-found`);
    await hand.press(page.getByRole("button", { name: `Pasirinkti: ${virs.name}`, exact: true }));
  }
  await page.waitForURL(/\/pateiktis\/\d+$/);
}

/** Fills the form: everything a feed needs, in a new record of each part. Gives the places of the records. */
export async function fill(hand, name) {
  const places = [];
  for (const section of settings.feeds[name].sections) {
    const place = await record(hand, section);
    for (const [column, value] of section.right) await put(hand, `${place}-${column}`, value);
    places.push(place);
  }
  return places;
}

/** Fills the form with what is wrong, in every field that can be. Gives the fields that must say so, and how to mend each. */
export async function fillWrong(hand, name) {
  const [told, wrong, mending] = [[], [], []];
  for (const section of settings.feeds[name].sections) {
    const place = await record(hand, section);
    const right = new Map(section.right);
    const id = (column) => `${place}-${column}`;
    for (const [column, value] of section.wrong) {
      const before = await hand.page.locator(`[id="${id(column)}"]`).inputValue();
      await put(hand, id(column), value);
      wrong.push([id(column), value]);
      if (right.get(column) !== value) mending.push([id(column), right.get(column) ?? before]);
      right.delete(column);
    }
    for (const [column, value] of right) mending.push([id(column), value]);
    // What the form was filled with is not missing: it is taken out.
    for (const column of section.told) if (!section.wrong.some(([name]) => name === column)) await empty(hand, id(column));
    told.push(...section.told.map(id));
  }
  return { told, wrong, mending };
}

/** The place where to enter: a new record, or the one there is. */
async function record(hand, { name, add }) {
  const { page } = hand;
  if (!add) return `${name}-0`;
  await hand.press(page.getByRole("button", { name: add, exact: true }));
  await page.waitForURL(new RegExp(`#${name}-\\d+$`));
  const place = new URL(page.url()).hash.slice(1);
  check(await page.evaluate((id) => document.activeElement.id === id, place), `the new record ${place} has the focus`);
  return place;
}

/** Everything wrong is said where it is wrong, and nothing else; what was typed is still there. Then it is mended. */
export async function correct(hand, { told, wrong, mending }, options = {}) {
  await hand.press(hand.page.getByRole("button", { name: "Patikrinti ir tęsti" }));
  same((await problems(hand, options)).sort(), told.sort(), "fields that are told to be wrong");
  for (const [id, value] of wrong) same(await hand.page.locator(`[id="${id}"]`).inputValue(), value, `what was typed into ${id}`);
  if (options.look) await options.look();
  for (const [id, value] of mending) await put(hand, id, value);
}

/** A participant that is a legal entity, looked up in the register while its name is typed, and taken away again. `choose` picks it. */
export async function participant(hand, choose) {
  const { page } = hand;
  const { code, name, form } = settings.participant;
  await hand.press(page.getByRole("button", { name: "Pridėti dalyvį", exact: true }));
  await page.waitForURL(/#dalyviai-\d+$/);
  const record = new URL(page.url()).hash.slice(1);
  await put(hand, `${record}-dalyvio_rusis`, "J");
  const field = (column) => page.locator(`[id="${record}-${column}"]`);
  await choose(field("dal_pavadinimas"), name.slice(0, -1), code);
  same([await field("dal_kodas").inputValue(), await field("dal_pavadinimas").inputValue(), await field("dal_forma").inputValue()], [code, name, form], "what the register says");
  await remove(hand, record);
}

/** Takes a record with something in it out again: the page asks first. */
export async function remove(hand, record) {
  const { page } = hand;
  await hand.press(page.locator(`[id="${record}"]`).getByRole("button", { name: /^Pašalinti: / }));
  await page.waitForURL(new RegExp(`#${record}$`));
  await hand.press(page.locator(`[id="${record}"]`).getByRole("button", { name: /^Taip, pašalinti: / }));
  await page.waitForURL(new RegExp(`#skiltis-${record.split("-")[0]}$`));
}

/** From a filled form to the receipt; gives its number. */
export async function finish(hand, name, person, { look = async () => {}, scripts = true, before = async () => {} } = {}) {
  const { page } = hand;
  await hand.press(page.getByRole("button", { name: "Patikrinti ir tęsti" }));
  await page.getByRole("heading", { level: 1, name: "Peržiūrėkite duomenis" }).waitFor();
  await look(page, `${name}-5-review`);
  await hand.press(page.getByRole("button", { name: "Duomenys teisingi – eiti pasirašyti" }));
  await page.getByRole("heading", { level: 1, name: "Pasirašykite dokumentą" }).waitFor();
  await look(page, `${name}-6-sign`);
  await before();
  const downloading = page.waitForEvent("download");
  await hand.press(page.getByRole("link", { name: "Atsisiųsti dokumentą" }));
  const download = await downloading;
  const document = join(settings.files, `${settings.name}-${name}.pdf`);
  await download.saveAs(document);
  await hand.upload(page.getByLabel("Pasirašytas failas (.asice)"), await sign(person, document));
  await hand.press(page.getByRole("button", { name: "Pateikti", exact: true }));
  await page.waitForURL(/\?pateikta=1$/);
  check(!scripts || (await page.evaluate(() => document.activeElement.id === "pranesimas")), "the receipt has the focus");
  await look(page, `${name}-7-receipt`);
  const receipt = await page.locator(".done strong").textContent();
  check(/^VIRSIS-\d{2}-\d{8}$/.test(receipt), `a receipt: ${receipt}`);
  return receipt;
}
