// Where scripts do not run: the VIRS's own data, and the funds of an institution.

import { check, run, settings, signIn, visitor } from "./browser.mjs";
import { Mouse } from "./hands.mjs";
import { problems } from "./problems.mjs";
import { begin, fill, finish, participant } from "./way.mjs";

await run(async (browser) => {
  for (const [role, name] of [["virs", "virs"], ["istaiga", "lesos"]]) {
    const person = settings.people[role];
    const hand = new Mouse(await visitor(browser, { scripts: false }));
    const { page } = hand;
    await signIn(hand, person);
    await begin(hand, name, settings.virs);
    check(await page.evaluate(() => document.getElementById("klaidos") === null), "nothing is wrong yet");
    await page.getByRole("button", { name: "Tikrinti ir tęsti" }).click();
    await problems(hand, { scripts: false });
    await fill(hand, name);
    if (name === "virs") await participant(hand, found(hand));
    await finish(hand, name, person, { scripts: false });
    await page.context().close();
  }
});

/** A button looks for the entity, another takes it over. */
function found(hand) {
  const { page } = hand;
  return async (field, beginning, code) => {
    const record = (await field.getAttribute("id")).split("-").slice(0, 2).join("-");
    await hand.type(field, beginning);
    await hand.press(page.locator(`[id="${record}"]`).getByRole("button", { name: /^Rasti juridinį asmenį/ }));
    await page.waitForURL(/#rasta$/);
    check(await page.evaluate(() => document.activeElement.id === "rasta"), "what was found has the focus");
    await hand.press(page.getByRole("button", { name: new RegExp(`^Parinkti: .*, kodas ${code}$`) }));
    await page.waitForURL(new RegExp(`#${record}$`));
  };
}
