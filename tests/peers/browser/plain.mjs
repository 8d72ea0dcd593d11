// Where scripts do not run: the VIRS's own data, and the funds of an institution.

import { check, run, settings, signIn, visitor } from "./browser.mjs";
import { Mouse } from "./hands.mjs";
import { problems } from "./problems.mjs";
import { begin, fill, finish } from "./way.mjs";

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
    await finish(hand, name, person, { scripts: false });
    await page.context().close();
  }
});
