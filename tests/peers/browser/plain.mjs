// All feeds where scripts do not run: first with everything wrong that can be, which the server tells; then corrected and handed in.

import { check, run, settings } from "./browser.mjs";
import { Mouse } from "./hands.mjs";
import { begin, correct, everyFeed, fillWrong, finish, participant } from "./way.mjs";

await run(async (browser) => {
  await everyFeed(browser, (page) => new Mouse(page), async (hand, name, person) => {
    await begin(hand, name, settings.virs);
    check(await hand.page.evaluate(() => document.getElementById("klaidos") === null), "nothing is wrong yet");
    await correct(hand, await fillWrong(hand, name), { scripts: false });
    if (name === "virs") await participant(hand, found(hand));
    await finish(hand, name, person, { scripts: false });
  }, { scripts: false });
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
