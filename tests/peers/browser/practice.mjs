// Somebody who does an exercise of the training environment as its text says. A step is a line of a numbered list on the helper's page; its
// labels in bold are pressed, filled, ticked or looked for as the words around them say.

import { readFileSync } from "node:fs";
import { check, settings, visitor } from "./browser.mjs";

export const SIGNING = "Kaip pasirašyti ir pateikti";
const DAY = 24 * 3_600_000;

/** A day as fields want it, counted from today's in Vilnius. */
function day(offset) {
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Vilnius" }).format(new Date());
  return new Date(Date.parse(today) + offset * DAY).toISOString().slice(0, 10);
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
export const quoted = (step) => /„([^“]+)“/.exec(plain(step))[1];
export const plain = (step) => step.map((part) => part.text).join("");
export const labels = (step) => step.filter((part) => part.bold).map((part) => part.text);

/** Somebody who practises: the exercise in one window, the endpoint in another. */
export class Somebody {
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

export const followed = (one, step) => one.follow(step);

export const SIGN_IN = [
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
export const WAYS_TO_SIGN = [
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
