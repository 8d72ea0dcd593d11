// All seven feeds with mouse and typing, from sign-in to receipt: first with everything wrong that can be, then corrected. Every page on the
// way is looked at.

import { check, look, run, settings } from "./browser.mjs";
import { Mouse } from "./hands.mjs";
import { begin, correct, everyFeed, fillWrong, finish } from "./way.mjs";

await run(async (browser) => {
  const receipts = new Set();
  await everyFeed(browser, (page) => new Mouse(page), async (hand, name, person) => {
    const { page } = hand;
    if (receipts.size === 0) await look(page, "start-empty");
    await begin(hand, name, settings.virs, look);
    await look(page, `${name}-3-form`);
    const wrong = await fillWrong(hand, name);
    await correct(hand, wrong, { look: () => look(page, `${name}-4-problems`) });
    const receipt = await finish(hand, name, person, { look });
    await page.goto(`${settings.origin}/pradzia`);
    check(await page.getByRole("link", { name: `${settings.feeds[name].title} ${receipt}` }).isVisible(), `${receipt} is on the start page`);
    receipts.add(receipt);
  });
  check(receipts.size === 7, "seven receipts");
});
