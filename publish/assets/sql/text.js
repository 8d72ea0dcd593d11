// Elements and values as the pages of SQL write them.

const SPACE = "\u{a0}";
const COMMA = "⟦,⟧";

/** An element with attributes (those that are null are left out) and what is in it; texts stay texts. */
export function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

export const isNumeric = ({ kind }) => ["integer", "float", "decimal"].includes(kind);

/** A value as people write it: `−88 114,30`, in English with a point; a year stays together. */
export function readable(value, column = { kind: "integer" }) {
  if (value === null) return "–";
  if (column.kind === "boolean") return value ? "⟦taip⟧" : "⟦ne⟧";
  if (!isNumeric(column)) return String(value);
  const printed = column.kind === "float" ? String(Math.round(value * 1e4) / 1e4) : String(value);
  if (!/^-?\d+(\.\d+)?$/.test(printed)) return printed;
  const [whole, fraction = ""] = printed.replace("-", "").split(".");
  const places = column.kind === "decimal" && column.scale > 2 ? fraction.replace(/0+$/, "") : fraction;
  const grouped = whole.length > 4 || places ? whole.replace(/\B(?=(\d{3})+$)/g, SPACE) : whole;
  return (printed.startsWith("-") ? "−" : "") + grouped + (places ? COMMA + places : "");
}

/** A count of rows; the forms of the noun are one, few, many, in English one, many. */
export function rowsInWords(count) {
  const forms = "⟦eilutė|eilutės|eilučių⟧".split("|");
  const noun = { one: forms[0], few: forms[1] }[new Intl.PluralRules("⟦lt⟧").select(count)] ?? forms.at(-1);
  return `${readable(count)}${SPACE}${noun}`;
}

/** What a script of the page reads from it. */
export const data = (id) => JSON.parse(document.getElementById(id).textContent);
