// How somebody works with a page: with a mouse, or with the keyboard alone.

import { check, same } from "./browser.mjs";

// Tab stops within one field: year, month, day and the calendar of a date.
const MOST_STOPS_IN_A_FIELD = 4;

/** Moves the mouse, clicks, types. */
export class Mouse {
  constructor(page) {
    this.page = page;
  }

  async press(target) {
    await target.click();
  }

  async type(field, text) {
    if ((await field.getAttribute("type")) === "date") {
      await field.fill(text);
      return;
    }
    await field.click();
    await field.press("Control+a");
    if (text === "") await field.press("Delete");
    await field.pressSequentially(text);
  }

  async select(field, value) {
    await field.selectOption(value);
  }

  async tick(box) {
    await box.click();
  }

  async upload(field, file) {
    await field.setInputFiles(file);
  }
}

/** Has no mouse. Every stop on the way is looked at: the focus must be seen, and go on in the order of the page. */
export class Keyboard {
  constructor(page) {
    this.page = page;
    // While somebody listens, windows to choose a file are caught. Listening only when one is about to open may be too late for it.
    page.on("filechooser", () => {});
  }

  async press(target) {
    await this.reach(target);
    await this.page.keyboard.press("Enter");
  }

  async type(field, text) {
    await this.reach(field);
    const { keyboard } = this.page;
    if ((await field.getAttribute("type")) === "date") {
      // As Chromium asks for it here: month, day, year.
      const [year, month, day] = text.split("-");
      await keyboard.type(month + day + year);
    } else {
      await keyboard.press("Control+a");
      await keyboard.type(text);
    }
    same(await field.inputValue(), text, "what was typed");
  }

  async select(field, value) {
    await this.reach(field);
    const places = await field.evaluate((select) => Array.from(select.options, (option) => option.value));
    check(places.includes(value), `no choice ${value}`);
    while ((await field.inputValue()) !== value) {
      const now = places.indexOf(await field.inputValue());
      await this.page.keyboard.press(now < places.indexOf(value) ? "ArrowDown" : "ArrowUp");
      check(places.indexOf(await field.inputValue()) !== now, "the arrows choose nothing");
    }
  }

  async tick(box) {
    const { keyboard } = this.page;
    if ((await box.getAttribute("type")) === "checkbox") {
      await this.reach(box);
      await keyboard.press("Space");
    } else {
      const group = this.page.locator(`input[type=radio][name="${await box.getAttribute("name")}"]`);
      await this.reach(group);
      await keyboard.press("Space");
      for (let turn = 0; !(await box.isChecked()); turn += 1) {
        check(turn < (await group.count()), "the arrows do not reach the choice");
        await keyboard.press("ArrowDown");
      }
    }
    check(await box.isChecked(), "not ticked");
  }

  async upload(field, file) {
    await this.reach(field);
    const chooser = this.page.waitForEvent("filechooser");
    await this.page.keyboard.press("Space");
    await (await chooser).setFiles(file);
  }

  /** Goes to one of these elements with Tab, or with Shift+Tab when all of them lie behind. */
  async reach(targets) {
    await targets.first().waitFor();
    const behind = await targets.last().evaluate((target) => {
      const here = document.activeElement;
      return here !== document.body && target !== here && !(target.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_PRECEDING) && !here.contains(target);
    });
    const key = behind ? "Shift+Tab" : "Tab";
    for (let stops = 0; !(await targets.evaluateAll((all) => all.includes(document.activeElement))); stops += 1) {
      check(stops < 1000, `${key} does not lead to ${targets}`);
      await this.page.evaluate(() => { window.before = document.activeElement; });
      let pressed = 0;
      do {
        check(pressed < MOST_STOPS_IN_A_FIELD + 1, `${key} does not leave ${await this.focused()}`);
        await this.page.keyboard.press(key);
        pressed += 1;
      } while (await this.page.evaluate(() => document.activeElement === window.before && window.before.matches("[type=date]")));
      const wrong = await this.page.evaluate(stop, behind);
      check(!wrong, `${wrong}: ${await this.focused()} at ${this.page.url()}`);
    }
  }

  focused() {
    return this.page.evaluate(() => document.activeElement.outerHTML.slice(0, 200));
  }
}

/** Runs in the page: what is wrong with where the focus is now, after `window.before`. */
function stop(backwards) {
  const here = document.activeElement;
  if (here === document.body) return "the focus is nowhere";
  const { before } = window;
  const order = backwards ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
  if (before !== document.body && !(before.compareDocumentPosition(here) & order)) return "the focus jumps back";
  const style = getComputedStyle(here);
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return "the focus is not seen";
  const { left, top, right, bottom } = here.getBoundingClientRect();
  if (right - left < 1 || bottom - top < 1 || bottom <= 0 || right <= 0 || top >= innerHeight || left >= innerWidth) return "what has the focus is not on the screen";
  const [x, y] = [(Math.max(left, 0) + Math.min(right, innerWidth)) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2];
  const seen = document.elementFromPoint(x, y);
  if (!seen || !(here.contains(seen) || seen.contains(here))) return `something covers what has the focus (${seen?.outerHTML.slice(0, 80)})`;
  return null;
}
