// All seven feeds with the keyboard alone, from sign-in to receipt; first each form is checked while it is empty.

import { check, run, same, settings } from "./browser.mjs";
import { Keyboard } from "./hands.mjs";
import { problems } from "./problems.mjs";
import { begin, everyFeed, fill, finish } from "./way.mjs";

await run(async (browser) => {
  await everyFeed(browser, (page) => new Keyboard(page), async (hand, name, person) => {
    await skip(hand);
    await begin(hand, name, settings.virs);
    await hand.press(hand.page.getByRole("button", { name: "Tikrinti ir tęsti" }));
    await problems(hand);
    await fill(hand, name);
    if (name === "virs") await removeAgain(hand);
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
  const count = await page.locator("#skiltis-tirazai fieldset.record").count();
  await hand.press(page.getByRole("button", { name: "Pridėti: tiražas" }));
  await page.waitForURL(new RegExp(`#tirazai-${count}$`));
  await hand.press(page.getByRole("button", { name: `Pašalinti: Tiražas ${count + 1}`, exact: true }));
  await page.waitForURL(/#skiltis-tirazai$/);
  same(await page.evaluate(() => document.activeElement.id), "skiltis-tirazai", "focus after taking a record away");
  same(await page.locator("#skiltis-tirazai fieldset.record").count(), count, "records");
}
