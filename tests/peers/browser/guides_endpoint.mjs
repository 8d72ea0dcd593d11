// Pictures of the form endpoint for guides: each group's way, step by step, as its guide tells it.

import { run, settings, signIn, visitor } from "./browser.mjs";
import { Camera, told } from "./guides.mjs";
import { Mouse } from "./hands.mjs";
import { begin, fill, finish } from "./way.mjs";

await run(async (browser) => {
  await signingIn(browser);
  const virs = await person(browser, "virs");
  await ownData(virs);
  await circulation(virs);
  const km = await person(browser, "km");
  await feed(km, "imokos");
  await clarification(km, virs);
  await form(km, "auditai");
  await reports(km, "km");
  for (const [role, name] of [["lrtk", "pazeidimai_lrtk"], ["zeit", "pazeidimai_zeit"], ["viea", "etika"]]) {
    const one = await person(browser, role);
    await start(one, role);
    await form(one, name);
    await one.page.context().close();
  }
  await together(await person(browser, "istaiga"));
  const administrator = await person(browser, "administratorius");
  await start(administrator, "administratorius");
  await administration(administrator, await person(browser, "kitas"));
  const analyst = await person(browser, "analitikas");
  await start(analyst, "analitikas");
  await ownReport(analyst);
  told();
});

/** Somebody who is signed in, with a camera. */
async function person(browser, name) {
  const hand = new Mouse(await visitor(browser));
  await signIn(hand, settings.people[name]);
  hand.camera = new Camera(hand.page);
  await hand.camera.read();
  return hand;
}

function main(page) {
  return page.getByRole("main");
}

async function signingIn(browser) {
  const page = await visitor(browser);
  const camera = new Camera(page);
  await page.goto(`${settings.origin}/prisijungti`);
  await camera.take("prisijungimas", page.locator("header"), page.getByRole("button", { name: "Prisijungti", exact: true }));
  await page.goto(`${settings.origin}/pagalba`);
  await camera.read();
  await page.goto(`${settings.origin}/nera-tokio`);
  await camera.read();
  await page.context().close();
  const { page: roles, camera: other } = await person(browser, "two");
  await other.take("vaidmuo", roles.locator("h1"), main(roles));
  await roles.context().close();
}

/** The start page of a role. */
async function start({ page, camera }, name) {
  await page.goto(`${settings.origin}/pradzia`);
  await camera.take(`${name}-pradzia`, page.locator("header"), main(page));
}

/** The VIRS's own data from the task that registers give it to the receipt. */
async function ownData(hand) {
  const { page, camera } = hand;
  await start(hand, "virs");
  await page.getByRole("button", { name: /^Patikrinome: / }).first().click();
  await page.locator("#pranesimas").waitFor();
  await camera.read();
  await begin(hand, "virs");
  const registers = page.locator("details.registers");
  if (!(await registers.evaluate((one) => one.open))) await registers.locator("summary").click();
  await camera.take("virs-registrai", page.locator("h1"), registers);
  for (const [name, section, picture] of [["priemonę", "vip", "priemone"], ["atsakingą asmenį", "atsakingi", "asmuo"], ["dalyvį", "dalyviai", "dalyvis"]]) {
    await page.getByRole("button", { name: `Pridėti ${name}`, exact: true }).click();
    await page.waitForURL(new RegExp(`#${section}-\\d+$`));
    const record = page.locator(`#skiltis-${section} fieldset.record`).last();
    if (section === "dalyviai") await record.getByLabel("Dalyvio rūšis").selectOption({ index: 1 });
    await camera.take(`virs-${picture}`, record);
  }
  await page.getByRole("button", { name: "Patikrinti ir tęsti" }).click();
  await page.locator("#klaidos").waitFor();
  await camera.take("klaidos", page.locator("h1"), page.locator("#klaidos"));
  for (const section of ["vip", "atsakingi", "dalyviai"]) await removeNew(page, section);
  await fill(hand, "virs");
  await page.getByRole("button", { name: "Išsaugoti juodraštį" }).click();
  await page.locator("#pranesimas").waitFor();
  await camera.take("formos-pabaiga", page.locator("#skiltis-priedai"), page.locator(".actions"));
  await page.goto(`${settings.origin}/pradzia`);
  await camera.take("juodrastis", page.getByRole("heading", { name: "Pradėta, bet nepateikta" }), page.getByRole("region", { name: "Juodraščiai" }));
  await page.getByRole("link", { name: /^Tęsti: / }).first().click();
  await page.waitForURL(/\/pateiktis\/\d+$/);
  await finish(hand, "virs", settings.people.virs, { look: stations(camera, {}) });
  hand.submission = page.url().split("?")[0];
}

/** Takes an added record out; with something in it, the page asks first. */
async function removeNew(page, section) {
  const record = page.locator(`#skiltis-${section} fieldset.record`).last();
  await record.getByRole("button", { name: /^Pašalinti/ }).click();
  await page.waitForURL(new RegExp(`#(skiltis-)?${section}(-\\d+)?$`));
  const yes = page.getByRole("button", { name: /^Taip, pašalinti/ });
  if (await yes.count()) await yes.click();
  await page.waitForURL(new RegExp(`#skiltis-${section}$`));
}

/** Pictures on the way from a filled form to the receipt, under these names. */
function stations(camera, names) {
  const { page } = camera;
  const takes = {
    "5-review": async () => names.review && camera.take(names.review, page.locator("h1"), main(page)),
    "6-sign": async () => {
      const help = page.locator("#kuo");
      if (names.sign) await camera.take(names.sign, page.locator("h1"), page.getByRole("button", { name: "Pateikti", exact: true }));
      await help.locator("summary").click();
      if (names.tools) await camera.take(names.tools, help);
    },
    "7-receipt": async () => names.receipt && camera.take(names.receipt, page.locator("h1"), page.locator("dl.facts").first()),
  };
  return async (_, station) => {
    await camera.read();
    await takes[station.split("-").slice(-2).join("-")]?.();
  };
}

/** Circulation, typed into a page that was saved in another window meanwhile. */
async function circulation(hand) {
  const { page, camera } = hand;
  await begin(hand, "tirazai");
  await camera.take("virs-tirazas", page.locator("h1"), page.locator("#skiltis-tirazai"));
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByRole("button", { name: "Išsaugoti juodraštį" }).click();
  await other.locator("#pranesimas").waitFor();
  await other.close();
  await hand.type(page.locator("#tirazai-0-tirazas"), "1500");
  await page.getByRole("button", { name: "Išsaugoti juodraštį" }).click();
  await page.getByRole("heading", { name: "Tai, ką įrašėte, dar neišsaugota" }).waitFor();
  await camera.take("neissaugota", page.locator("h1"), page.getByRole("button", { name: "Atmesti" }));
  await page.goto(`${settings.origin}/pradzia`);
  await camera.read();
}

/** A feed of an institution from the start page to the receipt, with what all of them have in common. */
async function feed(hand, name) {
  const { page, camera } = hand;
  await start(hand, settings.feeds[name].role);
  await page.goto(`${settings.origin}/teikti/${name}`);
  await hand.type(page.getByRole("searchbox"), "tokio tikrai nėra");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Nerasta" }).waitFor();
  await camera.read();
  await begin(hand, name, settings.virs, async (_, station) => {
    if (station.endsWith("2-found")) await camera.take("paieska", page.locator("h1"), page.locator("#rasta"));
  });
  await fill(hand, name);
  await camera.take("km-imoka", page.locator("h1"), page.locator("#skiltis-imokos"));
  await camera.take("priedas", page.locator("#skiltis-priedai"), page.locator(".actions"));
  await finish(hand, name, settings.people.km, { look: stations(camera, { review: "perziura", sign: "pasirasymas", tools: "kuo-pasirasyti", receipt: "pateikta" }) });
}

/** The form of a feed, filled. */
async function form(hand, name) {
  const { page, camera } = hand;
  await begin(hand, name, settings.virs, () => camera.read());
  await fill(hand, name);
  await camera.take(`forma-${name.replaceAll("_", "-")}`, page.locator("h1"), page.locator("section.part").first());
}

/** The ministry asks, the VIRS finds the task. */
async function clarification(km, virs) {
  await km.page.goto(`${settings.origin}/pateikimai`);
  await km.camera.take("pateikimai", km.page.locator("h1"), main(km.page));
  await km.page.goto(virs.submission);
  await km.type(km.page.getByLabel("Ką patikslinti"), "Patikslinkite veiklos pradžią.");
  await km.type(km.page.getByLabel("Iki kada"), "2099-01-31");
  await km.camera.take("km-patikslinti", km.page.getByRole("heading", { name: "Prašyti patikslinti" }), km.page.getByRole("button", { name: "Išsiųsti prašymą" }));
  await km.page.getByRole("button", { name: "Išsiųsti prašymą" }).click();
  await km.page.waitForURL(`${virs.submission}?paprasyta=1`);
  const { page, camera } = virs;
  await page.goto(`${settings.origin}/pradzia`);
  await camera.take("virs-patikslinti", page.getByRole("heading", { name: "Prašoma patikslinti" }), page.locator("section[aria-labelledby=uzduotys]"));
  await page.goto(virs.submission);
  await camera.read();
  await page.getByRole("button", { name: "Taisyti" }).click();
  await page.getByText("Taisote anksčiau pateiktus duomenis.").waitFor();
  await camera.read();
  const record = page.locator("#skiltis-atsakingi fieldset.record").last();
  await record.getByRole("button", { name: /^Pašalinti: / }).click();
  const yes = page.getByRole("button", { name: /^Taip, pašalinti: / });
  await yes.waitFor();
  await camera.take("virs-pasalinti", page.locator("#skiltis-atsakingi .question"));
  await yes.click();
  await page.waitForURL(/#skiltis-atsakingi$/);
  // To the page of signing, which asks whether this answers the request.
  await page.getByRole("button", { name: "Patikrinti ir tęsti" }).click();
  await page.getByRole("heading", { level: 1, name: "Peržiūrėkite duomenis" }).waitFor();
  await camera.read();
  await page.getByRole("checkbox", { name: /^Taip, pašalinti/ }).check();
  await page.getByRole("button", { name: "Duomenys teisingi – eiti pasirašyti" }).click();
  await page.getByRole("heading", { level: 1, name: "Pasirašykite dokumentą" }).waitFor();
  await camera.read();
  await page.goto(`${settings.origin}/paskyra`);
  await camera.take("paskyra", page.locator("h1"), main(page));
}

async function reports({ page, camera }, name) {
  await page.goto(`${settings.origin}/ataskaitos`);
  await camera.take(`${name}-ataskaitos`, page.locator("h1"), page.locator("ul.choose li").nth(3));
  await page.goto(`${settings.origin}/ataskaitos/nezinomi_savininkai`);
  await camera.read();
  await page.getByRole("button", { name: "Rodyti", exact: true }).click();
  await page.getByRole("heading", { name: "Rezultatas" }).waitFor();
  await camera.take("ataskaita", page.locator("h1"), page.getByRole("heading", { name: "Rezultatas" }));
}

/** A report of one's own. */
async function ownReport({ page, camera }) {
  await page.goto(`${settings.origin}/ataskaitos`);
  await camera.read();
  await page.goto(`${settings.origin}/ataskaitos/sudaryti/savininkas`);
  await camera.take("sudaryti", page.locator("h1"), page.locator("fieldset.record").first());
  await page.getByRole("button", { name: "Rodyti", exact: true }).click();
  await page.getByRole("heading", { name: "Rezultatas" }).waitFor();
  await camera.read();
}

/** What an administrator looks at, and what takes two of them. */
async function administration(one, other) {
  const { page, camera } = one;
  const to = async (name) => {
    await page.getByRole("navigation", { name: "Administravimas" }).getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
  };
  await page.getByRole("link", { name: "Administravimas" }).first().click();
  await page.getByRole("heading", { level: 1, name: "Šaltiniai ir naktys" }).waitFor();
  await camera.take("administravimas", page.locator("h1"), page.getByRole("region", { name: "Šaltinių lentelė" }).locator("tbody tr").nth(4));
  await page.getByRole("link", { name: /^Kodėl ir ką daryti/ }).click();
  await one.type(page.getByLabel("Priežastis"), "VRK patvirtino, kad senos kampanijos išimtos.");
  await one.type(page.getByLabel("Jūsų slaptažodis"), settings.people.administratorius.password);
  await camera.take("israsas", page.locator("h1"), page.getByRole("button", { name: "Siūlyti priimti" }));
  await page.getByRole("button", { name: "Siūlyti priimti" }).click();
  await page.getByRole("button", { name: "Atšaukti pasiūlymą" }).waitFor();
  await camera.read();
  await other.page.goto(page.url());
  await other.camera.take("siulymas", other.page.locator("h1"), other.page.getByRole("button", { name: "Patvirtinti" }));
  await other.page.context().close();
  await to("Įgaliojimai");
  await camera.take("igaliojimai", page.locator("h1"), page.getByRole("region", { name: "Įgaliojimai" }));
  await page.getByRole("region", { name: "Įgaliojimai" }).getByRole("link").first().click();
  await page.getByRole("heading", { level: 1, name: "Įgaliojimas" }).waitFor();
  await camera.read();
  await to("Įgaliojimai");
  await page.getByRole("link", { name: "Siūlyti naują įgaliojimą" }).click();
  await camera.take("naujas-igaliojimas", page.locator("h1"), page.getByRole("button", { name: "Siūlyti", exact: true }));
  await to("Laiškai");
  await camera.take("laiskai", page.locator("h1"), page.locator("ul.found"));
  await to("Veiksmų žurnalas");
  await camera.take("zurnalas", page.locator("h1"), page.getByRole("region", { name: "Žurnalo įrašai" }));
  await to("Naujienų peržiūra");
  await camera.read();
  await to("Klasifikatoriai ir formos");
  await camera.read();
}

/** An institution with two submissions that wait for one signature. */
async function together(hand) {
  const { page, camera } = hand;
  await start(hand, "istaiga");
  for (let count = 0; count < 2; count += 1) {
    await begin(hand, "lesos", settings.virs, () => camera.read());
    await fill(hand, "lesos");
    if (count === 0) await camera.take("forma-lesos", page.locator("h1"), page.locator("section.part").first());
    await page.getByRole("button", { name: "Patikrinti ir tęsti" }).click();
    await page.getByRole("heading", { level: 1, name: "Peržiūrėkite duomenis" }).waitFor();
    await page.getByRole("button", { name: "Duomenys teisingi – eiti pasirašyti" }).click();
    await page.getByRole("heading", { level: 1, name: "Pasirašykite dokumentą" }).waitFor();
    await camera.read();
  }
  await page.goto(`${settings.origin}/pradzia`);
  await camera.read();
  await page.getByRole("link", { name: "Pasirašyti visus kartu" }).click();
  await page.waitForURL("**/pasirasyti-kartu");
  await camera.take("kartu", page.locator("h1"), page.getByRole("link", { name: "Atsisiųsti visus (ZIP)" }));
}
