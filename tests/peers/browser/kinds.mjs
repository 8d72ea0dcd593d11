// A choice shows the fields that belong to it, at once; what is hidden is not handed in, and nobody is left to wonder.

import { check, look, same } from "./browser.mjs";
import { remove } from "./way.mjs";

const PERSON = ["vardas", "pavarde", "asmens_kodas"];
const FOREIGN = ["gimimo_data", "valstybe"];
const FIRM = ["dal_kodas", "dal_pavadinimas", "dal_forma"];
const ALL = [...PERSON, ...FOREIGN, ...FIRM, "registras"];
const OF_KIND = { "": [], F: PERSON, UF: [...PERSON, ...FOREIGN], J: FIRM, UJ: ["valstybe", ...FIRM, "registras"] };

/** In a draft of the VIRS's own data, with a participant that is taken away again. */
export async function kinds(hand) {
  const { page } = hand;
  await page.getByRole("button", { name: "Pridėti dalyvį", exact: true }).click();
  await page.waitForURL(/#dalyviai-\d+$/);
  const record = new URL(page.url()).hash.slice(1);
  const field = (column) => page.locator(`#${record}-${column}`);
  const kind = field("dalyvio_rusis");
  const told = page.locator(`#${record} [data-told]`);
  const shows = async (code) => {
    for (const column of ALL) {
      const belongs = OF_KIND[code].includes(column);
      same([await field(column).isVisible(), await field(column).isEnabled()], [belongs, belongs], `${column} of kind „${code}“ is seen and sent`);
    }
  };
  await shows("");
  await look(page, "kinds-none");
  await kind.focus();
  for (const code of ["UF", "J", "UJ", "F", "", "F"]) {
    await kind.selectOption(code);
    await shows(code);
    check(await kind.evaluate((element) => element === document.activeElement), "the focus stays where the choice was made");
    same((await told.textContent()).trim(), "Rodomi pasirinktai rūšiai skirti laukai.", "what a screen reader says");
  }
  const name = field("vardas");
  check(await name.evaluate((element) => element.required), "what the kind demands is required");
  check(!(await page.locator(`label[for=${record}-vardas] .minor`).isVisible()), "and not called optional");
  await hand.type(name, "Ūla");
  await kind.selectOption("J");
  await page.getByText("Paslėptų laukų reikšmės nebus išsaugotos: Vardas.").waitFor();
  await look(page, "kinds-lost");
  // It is not lost before it is saved: somebody may have chosen the wrong kind.
  await kind.selectOption("F");
  same(await name.inputValue(), "Ūla", "what was typed, the kind chosen again");
  await save(page);
  same(await name.inputValue(), "Ūla", "what was saved");
  await shows("F");
  await kind.selectOption("J");
  await save(page);
  await shows("J");
  await page.getByText("Ištrinta, nes pagal pasirinkimą nepildoma: Vardas.").waitFor();
  await page.getByText(/^Juodraštis išsaugotas.* Dalis reikšmių ištrinta, nes pagal pasirinkimą nepildoma: „Dalyvis \d+“\.$/).waitFor();
  await look(page, "kinds-left-out");
  await kind.selectOption("F");
  same(await name.inputValue(), "", "what was hidden is gone");
  await remove(hand, record);
}

async function save(page) {
  const saved = page.waitForEvent("load");
  await page.getByRole("button", { name: "Išsaugoti juodraštį" }).click();
  await saved;
  await page.waitForFunction(() => document.activeElement?.id === "pranesimas");
}
