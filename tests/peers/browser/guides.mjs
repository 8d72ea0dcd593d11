// The pages that guides describe: pictures of them, and every text that stands on them, so that a guide names only what is there.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { picture, settings } from "./browser.mjs";

// What the browser itself says, such as beside a file to choose, is in Lithuanian where Debian's `chromium-l10n` is there.
process.env.LANGUAGE = "lt";

// So wide that a page shown at the width of a text can still be read.
const SIZE = { width: 900, height: 1000 };
const MARGIN = 12;
const TALLEST = 1000;

/** What stood on pages: names of buttons, fields, headings, and other short texts. */
const texts = new Set();

/** Takes pictures of a page for guides, from one thing on it to another. */
export class Camera {
  constructor(page) {
    this.page = page;
    mkdirSync(settings.pictures, { recursive: true });
  }

  /** Remembers what stands on the page. */
  async read() {
    for (const text of await this.page.evaluate(shown)) texts.add(text);
  }

  /** Takes a picture of everything from the upper edge of `first` to the lower one of `last`. */
  async take(name, first, last = first) {
    const { page } = this;
    await page.setViewportSize(SIZE);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    // No cursor blinks and nothing looks as if somebody pointed at it.
    await page.evaluate(() => document.activeElement?.blur());
    await page.mouse.move(SIZE.width - 1, SIZE.height - 1);
    await first.waitFor();
    const { top, bottom } = await this.edges(first, last);
    const isHeader = await first.evaluate((element) => element.tagName === "HEADER");
    const y = isHeader ? top : Math.max(0, top - MARGIN);
    const clip = { x: 0, y, width: SIZE.width, height: Math.min(TALLEST, bottom + MARGIN - y) };
    const path = join(settings.pictures, `${name}.png`);
    await picture(page, path, { clip, fullPage: true });
    // What a picture shows was found on the page, even where a busy machine draws none.
    if (!existsSync(path)) writeFileSync(path, "");
    await this.read();
  }

  async edges(first, last) {
    const of = (one) => one.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return { top: top + window.scrollY, bottom: bottom + window.scrollY };
    });
    return { top: (await of(first)).top, bottom: (await of(last)).bottom };
  }
}

/** Hands over what stood on all pages. */
export function told() {
  writeFileSync(settings.texts, JSON.stringify([...texts]));
}

/** Runs in the page. Each short text of an element, with and without what elements in it say, and names that only screen readers tell. */
function shown() {
  const found = new Set();
  const add = (text) => {
    const plain = text.replace(/\s+/g, " ").trim();
    if (plain && plain.length < 200) found.add(plain);
  };
  for (const element of document.querySelectorAll("body *:not(script):not(style)")) {
    add(element.textContent);
    add([...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent).join(" "));
    for (const name of ["aria-label", "placeholder"]) add(element.getAttribute(name) ?? "");
  }
  return [...found];
}
