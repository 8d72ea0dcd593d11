// A result as files, of the same values as the page shows.
import { parquetWriteBuffer, writeXlsx } from "⟦../../../⟧engine/engine.js";
import { guarded } from "../csv.js";
import { isNumeric, readable } from "./text.js";

/** Digits that a spreadsheet keeps of a number. */
const DIGITS = 15;
/** Letters that a cell of a spreadsheet holds. */
const LONGEST_CELL = 32_767;
const BYTE_ORDER_MARK = "\u{feff}";

export const FORMATS = [
  { title: "CSV", extension: "csv", hint: "⟦RFC 4180: kableliai, UTF-8⟧", write: (result) => csv(result, ",", String, "") },
  { title: "⟦CSV „Excel“ programai⟧", extension: "excel.csv", hint: "⟦kabliataškiai, dešimtainis kablelis⟧", write: (result) => csv(result, ";", spreadsheet, BYTE_ORDER_MARK) },
  { title: "XLSX", extension: "xlsx", hint: "⟦skaičiai ir datos – tikri⟧", write: xlsx },
  { title: "JSON", extension: "json", hint: "⟦programoms⟧", write: json },
  { title: "Parquet", extension: "parquet", hint: "⟦analizei⟧", write: parquet },
];

const file = (content, type) => new Blob([content], { type });

function csv({ columns, rows }, separator, written, start) {
  const quoted = (text) => (new RegExp(`["\r\n${separator}]`).test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const cell = (value, column) => (value === null ? "" : quoted(isNumeric(column) || column.kind === "date" ? written(value, column) : guarded(printed(value))));
  const lines = [columns.map((column) => quoted(guarded(column.name))), ...rows.map((row) => row.map((value, place) => cell(value, columns[place])))];
  return file(start + lines.map((line) => `${line.join(separator)}\r\n`).join(""), "text/csv;charset=utf-8");
}

const printed = (value) => (typeof value === "boolean" ? (value ? "true" : "false") : String(value));
const spreadsheet = (value, column) => (isNumeric(column) ? String(value).replace(".", ",") : String(value));

function json({ columns, rows }) {
  const value = (cell, column) => (cell !== null && isNumeric(column) ? String(cell) : JSON.stringify(cell));
  const names = columns.map((column) => JSON.stringify(column.name));
  const line = (row) => `{${row.map((cell, place) => `${names[place]}:${value(cell, columns[place])}`).join(",")}}`;
  return file(`[\n${rows.map(line).join(",\n")}\n]\n`, "application/json");
}

/** Numbers are numbers as far as a spreadsheet can hold them, days are days. */
export async function xlsx({ columns, rows }, caption) {
  const head = columns.map((column) => ({ value: column.name, fontWeight: "bold", wrap: true }));
  const cell = (value, column) => {
    if (value === null) return null;
    if (isNumeric(column)) {
      const isExact = String(value).replace(/\D/g, "").replace(/^0+/, "").length <= DIGITS || column.kind === "float";
      return isExact ? { value: Number(value), type: Number, format: format(column) } : { value: String(value), type: String };
    }
    if (column.kind === "date") return { value: new Date(`${value}T00:00:00Z`), type: Date, format: "yyyy-mm-dd" };
    if (column.kind === "boolean") return { value, type: Boolean };
    return { value: String(value).slice(0, LONGEST_CELL), type: String };
  };
  const width = (column, place) => {
    const longest = rows.slice(0, 200).reduce((most, row) => Math.max(most, readable(row[place], column).length), column.name.length);
    return { width: Math.min(60, longest + 2) };
  };
  const sheet = [head, ...rows.map((row) => row.map((value, place) => cell(value, columns[place])))];
  return writeXlsx(sheet, { columns: columns.map(width), stickyRowsCount: 1, sheet: caption.replace(/[\\/?*[\]:]/g, " ").slice(0, 31) }).toBlob();
}

const format = ({ kind, scale }) => (kind === "decimal" && scale === 2 ? "#,##0.00" : kind === "integer" ? "0" : "General");

function parquet({ columns, rows }) {
  const types = columns.map(parquetType);
  const columnData = columns.map((column, place) => ({ name: column.name, data: rows.map((row) => types[place].value(row[place])) }));
  const fields = columns.map((column, place) => ({ name: column.name, repetition_type: "OPTIONAL", ...types[place].element }));
  return file(parquetWriteBuffer({ columnData, schema: [{ name: "root", num_children: fields.length }, ...fields] }), "application/vnd.apache.parquet");
}

/** A column's type in the file, and its values as the writer takes them. */
function parquetType({ kind, scale, precision }) {
  const filled = (make) => (value) => (value === null ? null : make(value));
  switch (kind) {
    case "integer": return { element: { type: "INT64" }, value: filled(BigInt) };
    case "float": return { element: { type: "DOUBLE" }, value: filled(Number) };
    case "boolean": return { element: { type: "BOOLEAN" }, value: filled(Boolean) };
    case "date": return { element: { type: "INT32", converted_type: "DATE" }, value: filled((day) => new Date(`${day}T00:00:00Z`)) };
    case "decimal": return {
      element: { type: "FIXED_LEN_BYTE_ARRAY", type_length: 16, converted_type: "DECIMAL", scale, precision },
      value: filled((text) => BigInt(text.replace(".", ""))),
    };
    default: return { element: { type: "BYTE_ARRAY", converted_type: "UTF8" }, value: filled(String) };
  }
}
