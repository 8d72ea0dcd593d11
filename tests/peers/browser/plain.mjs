// All seven feeds where scripts do not run: first with everything wrong that can be, which the server tells; then corrected and handed in.

import { check, run, settings } from "./browser.mjs";
import { Mouse } from "./hands.mjs";
import { begin, correct, everyFeed, fillWrong, finish } from "./way.mjs";

await run(async (browser) => {
  await everyFeed(browser, (page) => new Mouse(page), async (hand, name, person) => {
    await begin(hand, name, settings.virs);
    check(await hand.page.evaluate(() => document.getElementById("klaidos") === null), "nothing is wrong yet");
    await correct(hand, await fillWrong(hand, name), { scripts: false });
    await finish(hand, name, person, { scripts: false });
  }, { scripts: false });
});
