// Each exercise of each role, done as its text says: the text drives it. A step is a line of a numbered list on the helper's page; its labels in
// bold are pressed, filled, ticked or looked for as the words around them say. What a text asks for without a label stands below, step by step:
// an exercise with a heading or a step that is not known here fails.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { check, look, run, same, settings, visitor } from "./browser.mjs";

const SIGNING = "Kaip pasirašyti ir pateikti";
const HOUR = 3_600_000;
// At the same time, but for those who need what others have handed in; the last exercise of administrators takes a mandate away.
const ROLES = [["virs"], ["km", "lrtk", "zeit", "viea", "istaiga", "analitikas"], ["administratorius"]];
const FEWEST_QUESTIONS = 5;

/** A day as fields want it; days are those of Vilnius. */
function day(offset) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Vilnius" }).format(new Date(Date.now() + offset * 24 * HOUR));
}

/** What texts call values. */
const VALUES = new Map([
  ["vakar diena", () => day(-1)],
  ["užvakar diena", () => day(-2)],
  ["rytojaus diena", () => day(1)],
  ["diena po savaitės", () => day(7)],
  ["diena po metų", () => day(365)],
  ["tas pats kaip prisijungiant", (one) => one.password],
]);
const ANY = /^bet kur(is|i)$/;
const TICKED = "pažymėkite";

const whole = (text) => new RegExp(`^\\s*${escaped(text)}\\s*$`);
const within = (text) => new RegExp(`(^|[^\\p{L}])${escaped(text)}(?!\\p{L})`, "u");
// Behind a label may stand its unit, that it is optional, or what it is about.
const begins = (text) => new RegExp(`^\\s*${escaped(text)}\\s*([(:]|$)`);
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const quoted = (step) => /„([^“]+)“/.exec(plain(step))[1];
const plain = (step) => step.map((part) => part.text).join("");
const labels = (step) => step.filter((part) => part.bold).map((part) => part.text);

/** Somebody who practises: the exercise in one window, the endpoint in another. */
class Somebody {
  constructor(browser) {
    this.browser = browser;
  }

  async begin(role) {
    this.helper = await visitor(this.browser, { others: [settings.helper] });
    await this.helper.goto(settings.helper);
    await this.helper.locator(`a[href="/pratimai/${role}"]`).click();
    this.sections = await this.helper.evaluate(read);
  }

  /** Signs in with the account of this name, as it stands on the page of the exercise. */
  async signIn(login, step) {
    const row = this.helper.getByRole("row").filter({ hasText: `mokomes-${login}` });
    const [, password, code] = await row.locator("code").allInnerTexts();
    this.password = password;
    const [heading, name, secret, once, button] = labels(step);
    await this.see(heading);
    for (const [label, value] of [[name, login], [secret, password], [once, code]]) await (await this.field(label)).fill(value);
    await this.press(button);
  }

  /** Does what a step says, label by label. */
  async follow(step) {
    let near = null;
    for (const [place, part] of step.entries()) {
      if (!part.bold) continue;
      const before = step.slice(0, place).map((one) => one.text).join("");
      const sentence = before.slice(Math.max(before.lastIndexOf(". "), before.lastIndexOf(": ")) + 1);
      const value = /^ – (.+?)(?:;|\.(?:\s|$))/.exec(step[place + 1]?.text ?? "");
      if (/(^|\s)Jei\s/.test(sentence)) continue;
      else if (value && /(žpildykite laukus|Pataisykite):/.test(before)) await this.fill(part.text, value[1]);
      else if (/(pauskite|paudžia|tverkite|, tada –|, po to)\s*$/.test(sentence)) await this.press(part.text, near, /Meniu spauskite\s*$/.test(sentence));
      else if (/Pažymėkite\s*$/.test(sentence)) await (await this.field(part.text)).check();
      else if (/(^|\s)prie\s*$/i.test(sentence)) near = part.text;
      else if (/uslapyje\s*$/.test(sentence)) await this.page.getByRole("heading", { level: 1, name: part.text, exact: true }).waitFor();
      else if (/kyri(uje|ų)\s*$/.test(sentence)) await this.page.getByRole("heading", { name: part.text, exact: true }).first().waitFor();
      else await this.see(part.text);
    }
  }

  async see(text) {
    await this.page.getByText(within(text)).filter({ visible: true }).first().waitFor();
  }

  /** Presses what bears these words: near others, in the menu, or wherever it is on the page. */
  async press(text, near, inMenu) {
    const scope = near ? this.page.getByRole("listitem").filter({ hasText: near }) : this.page.locator(inMenu ? "header nav" : "body");
    const all = scope.locator("a, button, summary").filter({ visible: true, hasText: whole(text) });
    const inside = scope.locator("main").locator(all);
    await all.first().waitFor();
    const one = (await inside.count()) > 0 ? inside.first() : all.first();
    if (await one.evaluate((element) => element.tagName === "SUMMARY")) return one.click();
    if (text.startsWith("Atsisiųsti")) {
      const [download] = await Promise.all([this.page.waitForEvent("download"), one.click()]);
      return check(readFileSync(await download.path()).length > 100, `${text} gives a file`);
    }
    await Promise.all([this.page.waitForEvent("load"), one.click()]);
  }

  /** The field of these words; where a form has several records, that of the last one. */
  async field(text) {
    const label = this.page.locator("main label").filter({ visible: true, hasText: begins(text) }).last();
    await label.waitFor();
    return this.page.locator(`[id="${await label.getAttribute("for")}"]`);
  }

  async fill(text, value) {
    const legend = this.page.locator("main legend").filter({ hasText: whole(text) });
    if ((await legend.count()) > 0) {
      check(ANY.test(value), `${text} is chosen`);
      return legend.last().locator("xpath=..").getByRole("radio").first().check();
    }
    const field = await this.field(text);
    if (value === TICKED) return field.check();
    if (await field.evaluate((element) => element.tagName === "SELECT")) {
      return field.selectOption(ANY.test(value) ? { index: 1 } : { label: value });
    }
    await field.fill(VALUES.has(value) ? VALUES.get(value)(this) : value);
  }

  /** Opens the newest submission of these data. */
  async open(title) {
    await Promise.all([this.page.waitForEvent("load"), this.page.getByRole("row").filter({ hasText: title }).getByRole("link").first().click()]);
  }

  /** Signs again, from the button of these words to the receipt; `marked` is seen on the review. */
  async handIn(from, marked) {
    const steps = this.sections.find((section) => section.title === SIGNING).steps;
    const first = steps.findIndex((step) => labels(step).includes(from));
    check(first >= 0, `no step of „${SIGNING}“ names ${from}`);
    for (const [place, step] of steps.entries()) {
      if (place < first) continue;
      if (place === 1 && marked) await this.see(marked);
      await (WAYS_TO_SIGN[place] ?? followed)(this, step);
    }
    await this.page.waitForURL(/\?pateikta=1$/);
  }
}

const followed = (one, step) => one.follow(step);

const SIGN_IN = [
  async (one, step) => {
    one.login = quoted(step);
    const [renew] = labels(step);
    await one.helper.getByRole("link", { name: renew, exact: true }).click();
    await one.helper.getByRole("row").filter({ hasText: `mokomes-${one.login}` }).waitFor();
  },
  async (one, step) => {
    const [open] = labels(step);
    const opening = one.helper.context().waitForEvent("page");
    await one.helper.getByRole("link", { name: open, exact: true }).click();
    one.page = await opening;
    await one.page.waitForLoadState();
  },
  (one, step) => one.signIn(one.login, step),
];
const WAYS_TO_SIGN = [
  followed,
  followed,
  followed,
  async (one, step) => {
    const [who, button] = labels(step);
    const field = await one.field(who);
    const name = quoted(step);
    const person = await field.locator("option").filter({ hasText: name }).getAttribute("value");
    await field.selectOption(person);
    await one.press(button);
  },
  // With scripts the page where one comes back sends itself on.
  async () => {},
];
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

/** Runs on the page of an exercise: its headings down to the questions, each with its steps and with how one sees that it worked. */
function read() {
  const parts = (element) => [...element.childNodes].map((node) => ({ text: node.textContent.replace(/\s+/g, " "), bold: node.nodeName === "STRONG", code: node.nodeName === "CODE" }));
  const sections = [];
  for (const one of document.querySelector(".prose").children) {
    if (one.tagName === "H2") {
      if (one.textContent === "Pasitikrinkite") return sections;
      sections.push({ title: one.textContent, steps: [], end: null });
    }
    if (one.tagName === "OL") sections.at(-1).steps.push(...[...one.children].map(parts));
    if (one.tagName === "P" && one.textContent.startsWith("Pavyko, jei")) sections.at(-1).end = parts(one);
  }
  throw new Error("no questions");
}
