// A newcomer's way: the first circulation of a small newspaper, with the keyboard alone, from the address to the receipt. Counted are pages that
// are loaded, fields that are filled and buttons that are pressed; time depends on the machine, these do not.

import { check, run, same, settings, signIn, visitor } from "./browser.mjs";
import { Keyboard } from "./hands.mjs";
import { finish, put } from "./way.mjs";

const MOST_LOADS = 6;
// Name, password, code; day, copies, advertising; the signed file.
const MOST_FIELDS = 7;
// Sign in; begin; check; go to sign; take the document; hand in.
const MOST_PRESSES = 6;

class Newcomer extends Keyboard {
  fields = 0;
  presses = 0;

  async press(target) {
    this.presses += 1;
    await super.press(target);
  }

  async type(field, text) {
    this.fields += 1;
    await super.type(field, text);
  }

  async select(field, value) {
    this.fields += 1;
    await super.select(field, value);
  }

  async tick(box) {
    this.fields += 1;
    await super.tick(box);
  }

  async upload(field, file) {
    this.fields += 1;
    await super.upload(field, file);
  }
}

await run(async (browser) => {
  const page = await visitor(browser);
  const hand = new Newcomer(page);
  const loads = [];
  page.on("response", (response) => {
    const shown = response.request().isNavigationRequest() && response.status() === 200 && response.headers()["content-type"].startsWith("text/html");
    if (shown) loads.push(new URL(response.url()).pathname);
  });
  await signIn(hand, settings.people.virs);
  await hand.press(page.getByRole("button", { name: `Pildyti: ${settings.feeds.tirazai.title}`, exact: true }));
  await page.waitForURL(/\/pateiktis\/\d+$/);
  same(await page.locator("#tirazai-0-vip_nr").inputValue(), settings.outlet, "the only newspaper is chosen");
  for (const [column, value] of [["data", "2026-06-30"], ["tirazas", "900"], ["su_reklama", "ne"]]) await put(hand, `tirazai-0-${column}`, value);
  await finish(hand, "tirazai", settings.people.virs);
  check(loads.length <= MOST_LOADS, `${loads.length} pages: ${loads}`);
  check(hand.fields <= MOST_FIELDS, `${hand.fields} fields`);
  check(hand.presses <= MOST_PRESSES, `${hand.presses} buttons`);
});
