// The way of a feed from the start page to the receipt.

import { join } from "node:path";
import { check, same, settings, sign } from "./browser.mjs";

/**
 * What each feed is filled with: sections to add a record to, then values by the field's id. A value is chosen, ticked or typed,
 * whatever the field is; "*" is the first choice there is.
 */
export const FEEDS = {
  imokos: {
    title: "Metinė įmoka",
    values: { "imokos-0-suma": "4321,50", "imokos-0-nustatymo_data": "2026-01-15", "imokos-0-galiojimo_data": "2026-12-31", "imokos-0-dokumento_nr": "ĮV-2026-7" },
  },
  auditai: {
    title: "Tiražo patikrinimas",
    values: {
      "auditai-0-vip_nr": "*", "auditai-0-data": "2026-05-05", "auditai-0-institucija": "Audito įstaiga", "auditai-0-institucijos_kodas": settings.entity,
      "auditai-0-isvada": "*",
    },
  },
  pazeidimai_lrtk: {
    title: "Profesinės veiklos pažeidimas (LRTK)",
    values: {
      "pazeidimai_lrtk-0-pazeidimas": "*", "pazeidimai_lrtk-0-priemone": "*", "pazeidimai_lrtk-0-sprendimo_data": "2026-04-01",
      "pazeidimai_lrtk-0-dokumento_nr": "LRTK-7",
    },
  },
  pazeidimai_zeit: {
    title: "Profesinės veiklos pažeidimas (ŽEIT)",
    values: {
      "pazeidimai_zeit-0-pazeidimas": "*", "pazeidimai_zeit-0-priemone": "*", "pazeidimai_zeit-0-sprendimo_data": "2026-04-01",
      "pazeidimai_zeit-0-dokumento_nr": "ŽEIT-7",
    },
  },
  etika: {
    title: "Profesinės etikos nesilaikymas",
    values: { "etika-0-etikos_kategorija": "*", "etika-0-pripazinimo_data": "2026-03-03", "etika-0-dokumento_nr": "VIEA-7" },
  },
  lesos: {
    title: "VIRS skirtos lėšos",
    values: { "lesos-0-sutarties_rusis": "*", "lesos-0-suma": "777,77", "lesos-0-data": "2026-02-02" },
  },
  virs: {
    title: "VIRS duomenys",
    own: true,
    values: { "virs-0-virs_nuo": "2019-01-01", "virs-0-veiklos_rusys": "leidejas" },
    // Of each section the record that was added last.
    added: [
      ["vip", "Pridėti: priemonė", {
        vip_pavadinimas: "Žvaigždė ir ąžuolas", ikurimo_data: "2020-01-01", registravimo_data: "2020-02-01", vip_rusis: "laikrastis", vip_kategorija: "regionine",
      }],
      ["atsakingi", "Pridėti: atsakingas asmuo", { vip_nr: "*", vardas: "Ūla", pavarde: "Išgalvotoji", asmens_kodas: settings.secret, nuo: "2024-01-01" }],
      ["tirazai", "Pridėti: tiražas", { vip_nr: "*", data: "2026-06-30", tirazas: "1500", su_reklama: "*" }],
    ],
  },
};

/** Puts a value into a field, whatever it is. */
export async function put(hand, id, value) {
  const field = hand.page.locator(`[id="${id}"]`);
  await field.waitFor();
  const kind = await field.evaluate((element) => element.type ?? element.tagName.toLowerCase());
  if (kind === "select-one") {
    const first = () => field.locator("option").nth(1).getAttribute("value");
    await hand.select(field, value === "*" ? await first() : value);
  } else if (kind === "radio" || kind === "checkbox") {
    const name = await field.getAttribute("name");
    const box = value === "*" ? field : hand.page.locator(`input[name="${name}"][value="${value}"]`);
    if (!(await box.isChecked())) await hand.tick(box);
    check(await box.isChecked(), `${id} is ticked`);
  } else {
    await hand.type(field, value);
  }
}

/** Begins a draft: from the start page to the form. */
export async function begin(hand, name, virs, look = async () => {}) {
  const { page } = hand;
  const { title, own } = FEEDS[name];
  await page.goto(`${settings.origin}/pradzia`);
  await hand.press(page.getByRole("link", { name: title, exact: true }));
  await page.waitForURL(`**/teikti/${name}`);
  await look(page, `${name}-1-search`);
  if (own) {
    await hand.press(page.getByRole("button", { name: "Pildyti" }));
  } else {
    await hand.type(page.getByRole("searchbox"), virs.name);
    await page.keyboard.press("Enter");
    await page.waitForURL(/ieskoti=/);
    check(await page.evaluate(() => document.activeElement.id === "rasta"), "what was found has the focus");
    await look(page, `${name}-2-found`);
    await hand.press(page.getByRole("button", { name: `Pasirinkti: ${virs.name}`, exact: true }));
  }
  await page.waitForURL(/\/pateiktis\/\d+$/);
}

/** Fills the form: everything a feed has. */
export async function fill(hand, name) {
  const { page } = hand;
  for (const [id, value] of Object.entries(FEEDS[name].values)) await put(hand, id, value);
  for (const [section, button, values] of FEEDS[name].added ?? []) {
    await hand.press(page.getByRole("button", { name: button, exact: true }));
    await page.waitForURL(new RegExp(`#${section}-\\d+$`));
    const place = new URL(page.url()).hash.slice(1);
    check(await page.evaluate((id) => document.activeElement.id === id, place), `the new record ${place} has the focus`);
    for (const [column, value] of Object.entries(values)) await put(hand, `${place}-${column}`, value);
  }
}

/** A participant that is a legal entity, looked up in the register while its name is typed, and taken away again. `choose` picks it. */
export async function participant(hand, choose) {
  const { page } = hand;
  const { code, name, form } = settings.participant;
  await hand.press(page.getByRole("button", { name: "Pridėti: dalyvis", exact: true }));
  await page.waitForURL(/#dalyviai-\d+$/);
  const record = new URL(page.url()).hash.slice(1);
  const field = (column) => page.locator(`[id="${record}-${column}"]`);
  await choose(field("dal_pavadinimas"), name.slice(0, -1), code);
  same([await field("dal_kodas").inputValue(), await field("dal_pavadinimas").inputValue(), await field("dal_forma").inputValue()], [code, name, form], "what the register says");
  await hand.press(page.locator(`[id="${record}"]`).getByRole("button", { name: /^Pašalinti: Dalyvis/ }));
  await page.waitForURL(/#skiltis-dalyviai$/);
}

/** From a filled form to the receipt; gives its number. */
export async function finish(hand, name, person, { look = async () => {}, scripts = true, before = async () => {} } = {}) {
  const { page } = hand;
  await hand.press(page.getByRole("button", { name: "Tikrinti ir tęsti" }));
  await page.getByRole("heading", { level: 1, name: "Peržiūrėkite duomenis" }).waitFor();
  await look(page, `${name}-5-review`);
  await hand.press(page.getByRole("button", { name: "Duomenys teisingi, pasirašyti" }));
  await page.getByRole("heading", { level: 1, name: "Pasirašykite dokumentą" }).waitFor();
  await look(page, `${name}-6-sign`);
  await before();
  const downloading = page.waitForEvent("download");
  await hand.press(page.getByRole("link", { name: "Atsisiųsti dokumentą" }));
  const download = await downloading;
  const document = join(settings.files, `${settings.name}-${name}.pdf`);
  await download.saveAs(document);
  await hand.upload(page.getByLabel("Pasirašytas konteineris"), await sign(person, document));
  await hand.press(page.getByRole("button", { name: "Pateikti", exact: true }));
  await page.waitForURL(/\?pateikta=1$/);
  check(!scripts || (await page.evaluate(() => document.activeElement.id === "pranesimas")), "the receipt has the focus");
  await look(page, `${name}-7-receipt`);
  const receipt = await page.locator(".done strong").textContent();
  check(/^VIRSIS-\d{4}-\d{6}$/.test(receipt), `a receipt: ${receipt}`);
  return receipt;
}
