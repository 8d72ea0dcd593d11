// What a page says is wrong, and how it says so.

import { check } from "./browser.mjs";

/**
 * The summary of the page that is shown now: it has the focus (where scripts run), and each of its links leads to a field that is marked
 * as wrong and has the same words beside it. Gives the ids of the fields.
 */
export async function problems(hand, { scripts = true } = {}) {
  const { page } = hand;
  const summary = page.locator("#klaidos");
  await summary.waitFor();
  check(/^Yra klaid/.test(await page.title()), "the title tells that something is wrong");
  if (scripts) await page.waitForFunction(() => document.activeElement?.id === "klaidos");
  const links = await summary.getByRole("link").all();
  check(links.length > 0, "the summary has links");
  const ids = [];
  for (const link of links) {
    const id = (await link.getAttribute("href")).slice(1);
    const message = (await link.textContent()).trim();
    ids.push(id);
    await hand.press(link);
    const field = page.locator(`[id="${id}"]`);
    await field.waitFor();
    check(await field.evaluate((element) => element === document.activeElement), `the link leads to ${id}`);
    const isInput = await field.evaluate((element) => element.matches("input, select, textarea"));
    if (!isInput) {
      // Something is missing altogether: the words stand in that part of the page.
      check(await field.getByText(message, { exact: true }).isVisible(), `„${message}“ stands in ${id}`);
      continue;
    }
    // Whether one of several is wrong is said of them together.
    check(await field.evaluate((element) => (element.closest("[role=radiogroup]") ?? element).ariaInvalid === "true"), `aria-invalid of ${id}`);
    const told = await field.evaluate((element) => {
      const describing = [element, element.closest("fieldset.choices")].map((one) => one?.getAttribute("aria-describedby") ?? "").join(" ");
      return describing.split(" ").filter(Boolean).map((name) => document.getElementById(name)).filter((one) => one.matches(".error")).map((one) => one.textContent);
    });
    // In the summary the sentence goes on after the record's name.
    check(told.length === 1 && message.toLowerCase().endsWith(told[0].toLowerCase()), `${id} is described by its message: ${told}`);
  }
  // The same link leads there a second time, too.
  await hand.press(links[0]);
  check(await page.evaluate((id) => document.activeElement.id === id, ids[0]), `the link leads to ${ids[0]} again`);
  return ids;
}
