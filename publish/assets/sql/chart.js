// A chart of a result: bars for its first column of numbers, by its first other column. The same list as charts that are drawn beforehand, so a
// library of two hundred kilobytes has nothing to add.
import { element, isNumeric, readable } from "./text.js";

const BARS = 30;
const SVG = "http://www.w3.org/2000/svg";

/** The chart, or nothing where there is nothing to compare. */
export function chart({ columns, rows }) {
  const first = columns.findIndex((column) => !isNumeric(column) && column.kind !== "boolean");
  const label = first >= 0 ? first : 0;
  // Names of columns, or their titles in either language.
  const isMeasure = (column, place) => place !== label && isNumeric(column) && !/metai|kodas|^year|\(year\)|code|_nr$|^nr\.?$/i.test(column.name);
  const measure = columns.findIndex(isMeasure);
  if (measure < 0 || rows.length < 2) return null;
  const shown = rows.slice(0, BARS).map((row) => ({ label: row[label], value: row[measure], size: Number(row[measure] ?? 0) }));
  if (shown.some(({ size }) => size < 0) || new Set(shown.map((bar) => bar.label)).size < shown.length) return null;
  const most = Math.max(...shown.map(({ size }) => size));
  if (!(most > 0)) return null;
  const bars = shown.map((bar) => element("li", {}, element("span", {}, readable(bar.label, columns[label])), element("span", { class: "value" }, readable(bar.value, columns[measure])), drawn(bar.size / most)));
  const rest = rows.length > BARS ? [element("figcaption", {}, `⟦Pavaizduotos pirmosios ${BARS} eilučių.⟧`)] : [];
  const title = `${columns[measure].name}: ${columns[label].name}`;
  return element("figure", { class: "chart", "aria-label": `⟦Diagrama. ${title}⟧` }, element("p", { class: "axis" }, title), element("ul", { class: "bars" }, ...bars), ...rest);
}

function drawn(part) {
  const [svg, bar] = ["svg", "rect"].map((name) => document.createElementNS(SVG, name));
  for (const [key, value] of Object.entries({ class: "bar", "aria-hidden": "true", viewBox: "0 0 100 14", preserveAspectRatio: "none" })) svg.setAttribute(key, value);
  for (const [key, value] of Object.entries({ class: "s0", width: (part * 100).toFixed(2), height: "14" })) bar.setAttribute(key, value);
  svg.append(bar);
  return svg;
}
