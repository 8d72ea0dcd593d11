// From a choice to a statement. Names come from the definitions alone; values are bound, or quoted where the statement is shown.
//
// A choice: {table, where: [[column, comparison, value]], columns, group, sums}. With `group` or `sums`, rows are counted and summed up.

/** Types of the columns, as the database has them. */
const TYPES = { text: "VARCHAR", integer: "BIGINT", money: "DECIMAL(18,2)", share: "DECIMAL(13,12)", number: "DECIMAL(18,4)", date: "DATE", boolean: "BOOLEAN" };
const COMPARED = ["integer", "money", "share", "number", "date"];
/** Kinds that may be summed up. */
export const SUMMED = ["integer", "money", "number"];

/** Comparisons: title, kinds of columns that have it, whether it needs a value, its SQL. */
export const COMPARISONS = {
  is: { title: "⟦yra⟧", kinds: ["text", ...COMPARED], value: true, sql: (column, value) => `${column} = ${value}` },
  is_not: { title: "⟦nėra⟧", kinds: ["text", ...COMPARED], value: true, sql: (column, value) => `${column} IS DISTINCT FROM ${value}` },
  has: { title: "⟦turi žodžius⟧", kinds: ["text"], value: true, sql: (column, value) => `contains(lower(strip_accents(${column})), lower(strip_accents(${value})))` },
  least: { title: "⟦ne mažiau kaip (nuo)⟧", kinds: COMPARED, value: true, sql: (column, value) => `${column} >= ${value}` },
  most: { title: "⟦ne daugiau kaip (iki)⟧", kinds: COMPARED, value: true, sql: (column, value) => `${column} <= ${value}` },
  yes: { title: "⟦taip⟧", kinds: ["boolean"], value: false, sql: (column) => column },
  no: { title: "⟦ne⟧", kinds: ["boolean"], value: false, sql: (column) => `NOT ${column}` },
  filled: { title: "⟦nurodyta⟧", kinds: Object.keys(TYPES), value: false, sql: (column) => `${column} IS NOT NULL` },
  empty: { title: "⟦nenurodyta⟧", kinds: Object.keys(TYPES), value: false, sql: (column) => `${column} IS NULL` },
};

const name = (text) => `"${text.replaceAll('"', '""')}"`;
const literal = (text) => `'${text.replaceAll("'", "''")}'`;

/** What a typed value must be, by kind: read it, or say what it should be. */
const READ = {
  text: (typed) => typed,
  integer: (typed) => (/^[−-]?\d{1,18}$/.test(bare(typed)) ? bare(typed).replace("−", "-") : null),
  number: (typed) => (/^[−-]?\d{1,15}(\.\d{1,12})?$/.test(bare(typed)) ? bare(typed).replace("−", "-") : null),
  date: (typed) => (/^\d{4}-\d{2}-\d{2}$/.test(typed.trim()) && !Number.isNaN(Date.parse(typed.trim())) ? typed.trim() : null),
};
const bare = (typed) => typed.replace(/\s/g, "").replace(",", ".");

/** A typed value as a statement takes it. */
export function read(kind, typed, title) {
  const value = (READ[kind] ?? READ.number)(typed);
  const wanted = kind === "date" ? "⟦datą, pvz., 2025-06-30⟧" : kind === "text" ? "⟦reikšmę⟧" : "⟦skaičių, pvz., 2025⟧";
  if (value === null || value === "") throw new Error(`⟦„${title}“: įrašykite ${wanted}.⟧`);
  return value;
}

/** The choice of an address that asks for the rows behind a figure (`eilutes=lesos&metai=2025`): each further part is a column and its value, of a
 * date perhaps the year; nothing means that the column is empty. */
export function counted(asked, definitions) {
  const table = definitions.tables.find((one) => one.name === asked.get("eilutes"));
  const criteria = ([name, value]) => {
    const kind = table?.columns.find((one) => one.name === name)?.kind;
    if (value === "") return [[name, "empty", null]];
    if (kind === "boolean") return [[name, value === "true" ? "yes" : "no", null]];
    if (kind === "date" && /^\d{4}$/.test(value)) return [[name, "least", `${value}-01-01`], [name, "most", `${value}-12-31`]];
    return [[name, "is", value]];
  };
  return { table: table?.name, where: Array.from(asked).filter(([name]) => name !== "eilutes").flatMap(criteria) };
}

/** The statement of a choice, its parameters, and the same statement with its values in it. */
export function statement(choice, definitions) {
  const table = definitions.tables.find((one) => one.name === choice.table);
  if (!table) throw new Error("⟦Pasirinkite duomenis.⟧");
  const column = (wanted) => {
    const found = table.columns.find((one) => one.name === wanted);
    if (!found) throw new Error(`⟦Stulpelio „${wanted}“ šiuose duomenyse nėra.⟧`);
    return found;
  };
  const parameters = [];
  const criteria = (choice.where ?? []).map(([of, comparison, typed]) => {
    const known = column(of);
    const compared = COMPARISONS[comparison];
    if (!compared?.kinds.includes(known.kind)) throw new Error(`⟦„${known.title}“: taip palyginti negalima.⟧`);
    if (!compared.value) return compared.sql(name(of));
    parameters.push(read(known.kind, typed ?? "", known.title));
    return compared.sql(name(of), `CAST(? AS ${TYPES[known.kind]})`);
  });
  const titled = (sql, title) => `${sql} AS ${name(title)}`;
  const shown = (names) => names.map(column).map((one) => titled(name(one.name), one.title));
  const [group, sums] = [choice.group ?? [], choice.sums ?? []];
  const lines = ["SELECT"];
  if (group.length || sums.length) {
    const summed = sums.map(column).map((one) => {
      if (!SUMMED.includes(one.kind)) throw new Error(`⟦„${one.title}“ nesumuojama.⟧`);
      const type = one.kind === "integer" ? "DECIMAL(38,0)" : `DECIMAL(38,${one.kind === "money" ? 2 : 4})`;
      const title = one.unit ? `${one.title}, ${one.unit}` : one.title;
      return titled(`CAST(SUM(${name(one.name)}) AS ${type})`, `⟦Suma: ${title}⟧`);
    });
    lines.push(`    ${[...shown(group), ...summed, titled("COUNT(*)", "⟦Eilučių skaičius⟧")].join(",\n    ")}`);
  } else {
    const names = choice.columns?.length ? choice.columns : table.columns.map((one) => one.name);
    lines.push(`    ${shown(names).join(",\n    ")}`);
  }
  lines.push(`FROM ${name(table.name)}`);
  if (criteria.length) lines.push(`WHERE ${criteria.join("\n    AND ")}`);
  if (group.length) lines.push(`GROUP BY ${group.map(name).join(", ")}`);
  // By the largest sum; else in the order of the columns.
  if (group.length) lines.push(`ORDER BY ${sums.length ? `${group.length + 1} DESC NULLS LAST, ` : ""}${group.map((_, place) => place + 1).join(", ")}`);
  const sql = lines.join("\n");
  return { sql, parameters, shown: inserted(sql, parameters) };
}

/** A statement with its values in the place of question marks; none of ours stands in a text. */
function inserted(sql, parameters) {
  let place = 0;
  return sql.replace(/"(?:[^"]|"")*"|\?/g, (part) => (part === "?" ? literal(parameters[place++]) : part));
}

/** A standard report's statement as the database takes it: `$name` become numbers, in the order in which they first stand. */
export function numbered(sql, values) {
  const order = [];
  const parts = /--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([a-z_]+)/g;
  const text = sql.replace(parts, (part, parameter) => {
    if (!parameter) return part;
    if (!order.includes(parameter)) order.push(parameter);
    return `$${order.indexOf(parameter) + 1}`;
  });
  return { sql: text, parameters: order.map((parameter) => values[parameter]) };
}

/** The same with its values in it. */
export function filled(sql, values) {
  return sql.replace(/--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([a-z_]+)/g, (part, parameter) => (parameter ? literal(values[parameter]) : part));
}
