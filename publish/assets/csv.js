// What files of comma-separated values need that browsers write, as publish/src/formats/csv.rs needs it.

/** Behind an apostrophe where a spreadsheet would run it as a formula; telephone numbers stay. */
export function guarded(text) {
  const bare = text.replace(/^'+/, "");
  const isRun = /^[\t\r\n]/.test(bare) || /^[\s\p{C}]*[=+\-@＝＋－＠﹦﹢﹣﹫]/u.test(bare);
  return isRun && !/^\+\d[\d \u{a0}]*$/u.test(bare) ? `'${text}` : text;
}
