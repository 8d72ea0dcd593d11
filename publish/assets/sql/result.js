// A result on a page: what came out, in words, as a table, as a chart and as files.
import { chart } from "./chart.js";
import { FORMATS } from "./downloads.js";
import { element, isNumeric, readable, rowsInWords } from "./text.js";

/** Rows of a result that a page shows; its files have all of them. */
const SHOWN = 500;

/** Shows it in `place`; gives what a status says of it. `name` is what its files are called. */
export function show(place, result, { name, caption, empty = "⟦Nieko nerasta.⟧" }) {
  if (!result.rows.length) {
    place.replaceChildren(element("p", { class: "note" }, empty));
    place.hidden = false;
    return empty;
  }
  const count = rowsInWords(result.rows.length);
  const parts = [table(result, caption)];
  if (result.rows.length > SHOWN) parts.push(element("p", { class: "note" }, `⟦Rodomos pirmosios ${readable(SHOWN)} iš ${count}; failuose yra visos.⟧`));
  parts.push(downloads(result, name, caption));
  const drawn = chart(result);
  if (drawn) parts.push(drawn);
  place.replaceChildren(...parts);
  place.hidden = false;
  return count;
}

function table({ columns, rows }, caption) {
  const className = (column) => (isNumeric(column) ? "number" : column.kind === "date" ? "date" : null);
  const head = element("tr", {}, ...columns.map((column) => element("th", { scope: "col", class: className(column) }, column.name)));
  const line = (row) => element("tr", {}, ...row.map((value, place) => element("td", { class: className(columns[place]) }, readable(value, columns[place]))));
  const body = element("tbody", {}, ...rows.slice(0, SHOWN).map(line));
  const whole = element("table", {}, element("caption", {}, caption), element("thead", {}, head), body);
  return element("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": caption }, whole);
}

function downloads(result, name, caption) {
  const line = (format) => {
    const button = element("button", { type: "button", class: "button quiet" }, format.title);
    button.addEventListener("click", async () => save(await format.write(result, caption), `${name}.${format.extension}`));
    return element("li", {}, button, " ", element("span", { class: "minor" }, format.hint));
  };
  return element("section", { "aria-label": "⟦Rezultato atsisiuntimas⟧" }, element("h2", {}, "⟦Atsisiųsti rezultatą⟧"), element("ul", { class: "files" }, ...FORMATS.map(line)));
}

function save(blob, name) {
  const address = URL.createObjectURL(blob);
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
