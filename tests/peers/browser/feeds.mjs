// All feeds with mouse and typing, from sign-in to receipt: first with everything wrong that can be, then corrected. Every page on the
// way is looked at.

import { check, look, run, same, settings } from "./browser.mjs";
import { Mouse } from "./hands.mjs";
import { begin, correct, everyFeed, fillWrong, finish, participant } from "./way.mjs";

await run(async (browser) => {
  const receipts = new Set();
  await everyFeed(browser, (page) => new Mouse(page), async (hand, name, person) => {
    const { page } = hand;
    if (receipts.size === 0) await look(page, "start-empty");
    await begin(hand, name, settings.virs, look);
    await look(page, `${name}-3-form`);
    const wrong = await fillWrong(hand, name);
    await correct(hand, wrong, { look: () => look(page, `${name}-4-problems`) });
    if (name === "virs") await participant(hand, suggested(hand));
    const receipt = await finish(hand, name, person, { look });
    await page.goto(`${settings.origin}/pradzia`);
    check(await page.getByRole("link", { name: `${settings.feeds[name].title} ${receipt}` }).isVisible(), `${receipt} is on the start page`);
    receipts.add(receipt);
  });
  same(receipts.size, Object.keys(settings.feeds).length, "receipts");
});

/** A button lists the entities whose name begins so; and they are offered while it is typed: one is clicked. */
function suggested(hand) {
  const { page } = hand;
  return async (field, beginning, code) => {
    await hand.type(field, beginning);
    await hand.press(page.getByRole("button", { name: /^Rasti juridinį asmenį/ }).last());
    await page.waitForFunction(() => document.activeElement?.id === "rasta");
    check(await page.getByRole("button", { name: new RegExp(`, kodas ${code}$`) }).isVisible(), "the entity is found");
    await look(page, "virs-found-entities");
    await hand.type(field, beginning);
    const option = page.getByRole("option").filter({ hasText: code });
    await option.waitFor();
    check((await field.getAttribute("aria-expanded")) === "true", "the list is told of");
    await look(page, "virs-suggested");
    await hand.press(option);
    check(!(await option.isVisible()), "the list is gone");
  };
}
