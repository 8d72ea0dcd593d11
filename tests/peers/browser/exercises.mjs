// Each exercise of each role, done as its text says: the text drives it (practice.mjs). What a text asks for without a label stands below, step by
// step: an exercise with a heading or a step that is not known here fails.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { check, look, run, same, settings, visitor } from "./browser.mjs";
import { SIGNING, SIGN_IN, Somebody, WAYS_TO_SIGN, followed, labels, plain, quoted } from "./practice.mjs";

// At the same time, but for those who need what others have handed in; the last exercise of administrators takes a mandate away.
const ROLES = [["virs"], ["km", "lrtk", "zeit", "viea", "istaiga", "analitikas"], ["administratorius"]];
const FEWEST_QUESTIONS = 5;

/** The VIRS that is handed in about is found by its code, which stands below the accounts. */
const search = async (one, step) => {
  const about = await one.helper.getByText("VIRS, su kuriais mokomasi").innerText();
  const code = new RegExp(`„${quoted(step)}“[^;]*?kodas (\\d{9})`).exec(about)[1];
  await one.page.getByRole("searchbox").fill(code);
  await one.follow(step);
};
const openNewest = (title) => async (one, step) => {
  await one.follow(step);
  await one.open(title);
};
const goOn = (one, step) => one.handIn(...labels(step));
const handedInAbout = [followed, search, followed, followed];
const corrected = (title) => [openNewest(title), followed, followed, goOn];
/** In the row of somebody, the organisation is pressed. */
const openMandate = async (one, step) => {
  await one.follow(step);
  const [, name] = /parašyta „([^“]+)“/.exec(plain(step));
  await one.open(name);
};
const command = async (_, step) => {
  const { text } = step.find((part) => part.code);
  const words = text.replace("demo/virsis.toml", settings.configuration).split(" ");
  same(words.shift(), "virsis", "the program of a command");
  check(execFileSync(settings.virsis, words, { env: {} }).length > 0, `${text} says nothing`);
};
const asSecond = (doing) => async (one, step) => doing(one.second, step);

/** For each role its exercises by their headings, and what is done in each step. */
const WAYS = {
  virs: {
    "1 pratimas. Pateikite tiražą": [followed, followed],
    [SIGNING]: WAYS_TO_SIGN,
    "2 pratimas. Suklyskite tyčia": [
      followed,
      followed,
      async (one, step) => {
        await one.follow(step);
        await one.page.locator("#klaidos a").click();
        check(await one.page.evaluate(() => document.activeElement.type === "date"), "the field that is wrong has the focus");
      },
      followed,
      followed,
    ],
    "3 pratimas. Pataisykite, ką pateikėte": [
      openNewest("Tiražas"),
      followed,
      async (one, step) => {
        await goOn(one, step);
        await one.press("Pateikimai", null, true);
        same(await one.page.locator("tbody tr").count(), 2, "submissions");
      },
    ],
    "4 pratimas. Pridėkite leidinį": [
      followed,
      async (one, step) => {
        await one.follow(step);
        check(await one.page.evaluate(() => document.activeElement.matches("fieldset.record")), "the new record has the focus");
      },
      followed,
      async (one, step) => {
        await goOn(one, step);
        const record = one.page.locator("main").getByText("Mokomasis žurnalas");
        await record.waitFor();
        await one.page.getByText(/VIP-\d{6}/).last().waitFor();
      },
    ],
  },
  km: {
    "1 pratimas. Pateikite metinę įmoką": handedInAbout,
    [SIGNING]: WAYS_TO_SIGN,
    "2 pratimas. Paprašykite patikslinti": [openNewest("Tiražas"), followed, followed],
    "3 pratimas. Parenkite ataskaitą": [followed, followed],
  },
  lrtk: {
    "1 pratimas. Pateikite pažeidimą": handedInAbout,
    [SIGNING]: WAYS_TO_SIGN,
    "2 pratimas. Raskite ir pataisykite": corrected("(LRTK)"),
  },
  zeit: {
    "1 pratimas. Pateikite pažeidimą": handedInAbout,
    [SIGNING]: WAYS_TO_SIGN,
    "2 pratimas. Raskite ir pataisykite": corrected("(ŽEIT)"),
  },
  viea: {
    "1 pratimas. Pateikite priskyrimą": handedInAbout,
    [SIGNING]: WAYS_TO_SIGN,
    "2 pratimas. Raskite ir pataisykite": corrected("Profesinės etikos nesilaikymas"),
  },
  istaiga: {
    "1 pratimas. Pateikite skirtas lėšas": handedInAbout,
    [SIGNING]: WAYS_TO_SIGN,
    "2 pratimas. Ko jūsų rolė nemato": [openNewest("Leidėjo ir leidinių duomenys"), followed],
  },
  analitikas: {
    "1 pratimas. Parenkite ataskaitą": [followed, followed, followed],
    "2 pratimas. Sudarykite savo ataskaitą": [
      followed,
      async (one, step) => {
        const boxes = one.page.getByRole("group", { name: labels(step)[0], exact: true }).getByRole("checkbox");
        for (const place of [0, 2]) await boxes.nth(place).check();
      },
      followed,
    ],
  },
  administratorius: {
    "1 pratimas. Perskaitykite būklę": [followed, followed],
    "2 pratimas. Kur dingsta laiškai": [
      followed,
      async () => {
        const there = () => readdirSync(settings.letters).filter((name) => name.endsWith(".eml"));
        while (there().length === 0) await new Promise((done) => setTimeout(done, 100));
        const letters = there();
        const text = readFileSync(join(settings.letters, letters[0]), "utf8").split("\r\n\r\n")[1];
        check(text.startsWith("Mokomoji aplinka: duomenys sugalvoti"), `the first line of a letter: ${text.slice(0, 80)}`);
      },
    ],
    "3 pratimas. Tas pats serveryje": [command, command, command],
    "4 pratimas. Nuspręskite dviese": [
      openMandate,
      followed,
      async (one, step) => {
        one.second = new Somebody(one.browser);
        await one.second.begin("administratorius");
        one.second.page = await visitor(one.browser, { others: [settings.helper] });
        await one.second.page.goto(`${settings.origin}/prisijungti`);
        await one.second.signIn(quoted(step), one.sections[0].steps[2]);
        await one.second.follow(step);
        await one.second.open(labels(step).at(-1));
      },
      asSecond(async (one, step) => {
        const [field, button] = labels(step);
        await (await one.field(field)).fill(one.password);
        await one.press(button);
      }),
    ],
    "5 pratimas. Baikite įgaliojimą": [openMandate, followed],
  },
};
/** How one sees that it worked, where it is more than labels on the page. */
const ENDS = {
  "2 pratimas. Paprašykite patikslinti": async (one, end, others) => {
    const [sent, ...there] = labels(end);
    await one.see(sent);
    check(await one.page.evaluate(() => document.activeElement.id === "pranesimas"), "that it was sent has the focus");
    await others.virs.page.goto(`${settings.origin}/pradzia`);
    for (const label of there) await others.virs.see(label);
  },
  "2 pratimas. Ko jūsų rolė nemato": async (one, end) => {
    await one.follow(end);
    for (const absent of ["Pasirašytas failas (.asice)", "Taisyti"]) same(await one.page.getByText(absent, { exact: true }).count(), 0, absent);
  },
  "2 pratimas. Sudarykite savo ataskaitą": async (one, end) => {
    await one.follow(end);
    same(await one.page.locator("thead th").count(), 2, "columns");
    check(await one.page.evaluate(() => document.activeElement.id === "rezultatas"), "what was found has the focus");
  },
  "2 pratimas. Raskite ir pataisykite": async (one, end) => {
    await one.follow(end);
    same(await one.page.getByRole("heading", { name: "Istorija" }).locator("xpath=..").getByRole("listitem").count(), 2, "submissions of the history");
  },
  "4 pratimas. Nuspręskite dviese": async (one) => {
    await one.press("Administravimas", null, true);
    await one.page.getByRole("row").filter({ hasText: "Baigti įgaliojimą" }).getByText("atmesta").waitFor();
  },
  "5 pratimas. Baikite įgaliojimą": async (one, end, others) => {
    await one.follow(end);
    same(await one.page.getByText("Mokinė Septintoji").count(), 0, "the mandate is in no list");
    await others.istaiga.page.goto(`${settings.origin}/pradzia`);
    await others.istaiga.see("Galiojančių įgaliojimų neturite");
  },
};

await run(async (browser) => {
  const others = {};
  for (const roles of ROLES) await Promise.all(roles.map((role) => practise(browser, role, others)));
});

/** All exercises of a role, from the first step to the last question. */
async function practise(browser, role, others) {
  const one = new Somebody(browser);
  others[role] = one;
  await one.begin(role);
  const ways = { "Kaip prisijungti": SIGN_IN, ...WAYS[role] };
  same(one.sections.map((section) => section.title), Object.keys(ways), `headings of the exercises of ${role}`);
  for (const { title, steps, end } of one.sections) {
    same(steps.length, ways[title].length, `steps of „${title}“ (${role})`);
    for (const [place, step] of steps.entries()) await at(`${role}, ${title}, step ${place + 1}: ${plain(step)}`, () => ways[title][place](one, step));
    if (end) await at(`${role}, ${title}: ${plain(end)}`, () => (ENDS[title] ?? followed)(one, end, others));
  }
  const questions = one.helper.locator("details");
  check((await questions.count()) >= FEWEST_QUESTIONS, `questions for ${role}`);
  await questions.first().locator("summary").click();
  check(await questions.first().locator("p").first().isVisible(), "the answer");
  if (role === "virs") await look(one.helper, "exercise");
}

/** Whatever goes wrong in a step is told with the step. */
async function at(place, doing) {
  try {
    await doing();
  } catch (error) {
    error.stack = `${place}\n${error.stack}`;
    throw error;
  }
}
