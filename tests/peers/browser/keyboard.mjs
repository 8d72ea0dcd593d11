// All feeds with the keyboard alone, from sign-in to receipt; first each form that is empty is checked.

import { check, run, same, settings } from "./browser.mjs";
import { Keyboard } from "./hands.mjs";
import { problems } from "./problems.mjs";
import { begin, everyFeed, fill, finish, participant } from "./way.mjs";

await run(async (browser) => {
  await everyFeed(browser, (page) => new Keyboard(page), async (hand, name, person) => {
    await skip(hand);
    await begin(hand, name, settings.virs);
    // A form that is filled with everything known may be right as it is.
    if (!settings.feeds[name].whole) {
      await hand.press(hand.page.getByRole("button", { name: "Patikrinti ir tęsti" }));
      await problems(hand);
    }
    await fill(hand, name);
    if (name === "virs") {
      await removeAgain(hand);
      await participant(hand, suggested(hand));
    }
    await finish(hand, name, person);
  });
});

/** The first stop of a page leads past everything that is the same on every page. */
async function skip(hand) {
  const { page } = hand;
  await page.goto(`${settings.origin}/pradzia`);
  const link = page.getByRole("link", { name: "Pereiti prie turinio" });
  await page.keyboard.press("Tab");
  check(await link.evaluate((element) => element === document.activeElement), "the first stop is the skip link");
  check((await link.boundingBox()).y >= 0, "the skip link is seen when it has the focus");
  await page.keyboard.press("Enter");
  await page.waitForURL(/#turinys$/);
  await page.keyboard.press("Tab");
  check(await page.evaluate(() => document.querySelector("main").contains(document.activeElement)), "the skip link leads into the content");
}

/** A record too many is added and taken away: the focus stays where something happened. */
async function removeAgain(hand) {
  const { page } = hand;
  const count = await page.locator("#skiltis-vip fieldset.record").count();
  await hand.press(page.getByRole("button", { name: "Pridėti priemonę" }));
  await page.waitForURL(new RegExp(`#vip-${count}$`));
  await hand.press(page.getByRole("button", { name: `Pašalinti: Priemonė ${count + 1}`, exact: true }));
  await page.waitForURL(/#skiltis-vip$/);
  same(await page.evaluate(() => document.activeElement.id), "skiltis-vip", "focus after taking a record away");
  same(await page.locator("#skiltis-vip fieldset.record").count(), count, "records");
}

/** Entities are offered while a name is typed: Escape sends them away, the arrows and Enter choose one. */
function suggested(hand) {
  const { page } = hand;
  return async (field, beginning, code) => {
    await hand.type(field, beginning);
    const option = page.getByRole("option").filter({ hasText: code });
    await option.waitFor();
    await page.keyboard.press("Escape");
    check(!(await option.isVisible()), "Escape sends the list away");
    await page.keyboard.type(settings.participant.name.slice(-1));
    await option.waitFor();
    check(/^Rasta: \d+/.test(await field.locator("xpath=../span[@role='status']").textContent()), "how many were found is told");
    for (let turn = 0; (await option.getAttribute("aria-selected")) !== "true"; turn += 1) {
      check(turn < 20, "the arrows do not reach the entity");
      await page.keyboard.press("ArrowDown");
    }
    same(await field.getAttribute("aria-activedescendant"), await option.getAttribute("id"), "the choice that is told");
    await page.keyboard.press("Enter");
    check(!(await option.isVisible()), "the list is gone");
    check(await field.evaluate((element) => element === document.activeElement), "the field keeps the focus");
  };
}
