// All seven feeds with mouse and typing, from sign-in to receipt; every page on the way is looked at, the form once empty and once with
// everything that is wrong with an empty one.

import { check, look, run, settings, signIn, visitor } from "./browser.mjs";
import { Mouse } from "./hands.mjs";
import { problems } from "./problems.mjs";
import { FEEDS, begin, fill, finish, participant } from "./way.mjs";

const FEEDS_OF = { virs: ["virs"], km: ["imokos", "auditai"], lrtk: ["pazeidimai_lrtk"], zeit: ["pazeidimai_zeit"], viea: ["etika"], istaiga: ["lesos"] };

await run(async (browser) => {
  const handed = [];
  for (const [role, names] of Object.entries(FEEDS_OF)) {
    const person = settings.people[role];
    const hand = new Mouse(await visitor(browser));
    const { page } = hand;
    await signIn(hand, person);
    if (role === "km") await look(page, "start-empty");
    for (const name of names) {
      await begin(hand, name, settings.virs, look);
      await look(page, `${name}-3-form`);
      await page.getByRole("button", { name: "Tikrinti ir tęsti" }).click();
      await problems(hand);
      await look(page, `${name}-4-problems`);
      await fill(hand, name);
      if (name === "virs") await participant(hand, suggested(hand));
      const receipt = await finish(hand, name, person, { look });
      await page.goto(`${settings.origin}/pradzia`);
      check(await page.getByRole("link", { name: `${FEEDS[name].title} ${receipt}` }).isVisible(), `${receipt} is on the start page`);
      handed.push(receipt);
    }
    await page.getByRole("button", { name: "Atsijungti" }).click();
    await page.waitForURL("**/prisijungti");
    check((await page.context().cookies()).length === 0, "signing out leaves no cookie");
    await page.context().close();
  }
  check(new Set(handed).size === Object.keys(FEEDS).length, "seven receipts");
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
