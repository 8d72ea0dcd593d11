// The tier's database in the reader's browser: read once, asked in a worker, changed by nobody.
import { AsyncDuckDB, DuckDBAccessMode, VoidLogger } from "⟦../../../⟧engine/engine.js";

// Engine and database lie once for both languages.
const ENGINE = new URL("⟦../../../⟧engine/", import.meta.url);
const FILE = "virsis.duckdb";
const PACKED = new URL(`⟦../../⟧${FILE}.gz`, import.meta.url);
/** Nothing is fetched, no file is seen, and no statement may change that. */
const LOCKS = [
  "SET autoload_known_extensions = false",
  "SET autoinstall_known_extensions = false",
  "SET enable_external_access = false",
  "SET lock_configuration = true",
];

/** Kinds of columns: Arrow's numbers of types (Type in its Schema.fbs). */
const KINDS = { 2: "integer", 3: "float", 5: "text", 6: "boolean", 7: "decimal", 8: "date", 10: "time", 20: "text" };

let worker = null;
let opened = null;

/** Whether the database has been read already. */
export const isOpen = () => opened !== null;

/** Reads engine and database, once. */
function open() {
  opened ??= start().catch((error) => {
    stop();
    throw error;
  });
  return opened;
}

async function start() {
  const reading = unpacked(PACKED);
  reading.catch(() => {});
  worker = new Worker(new URL("duckdb-eh.worker.js", ENGINE));
  const database = new AsyncDuckDB(new VoidLogger(), worker);
  await database.instantiate(new URL("duckdb-eh.wasm.gz", ENGINE).href);
  await database.registerFileBuffer(FILE, await reading);
  await database.open({ path: FILE, accessMode: DuckDBAccessMode.READ_ONLY });
  const connection = await database.connect();
  for (const lock of LOCKS) await connection.query(lock);
  return connection;
}

async function unpacked(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address.pathname}: ${answer.status}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  // A server may say that the file is packed only for the way; the browser has unpacked it then.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Ends whatever runs; the next question reads everything again, from the browser's own store. */
export function stop() {
  worker?.terminate();
  [worker, opened] = [null, null];
}

/** Asks; `parameters` stand for the question marks or `$1`, `$2` of the statement, as texts. */
export async function ask(sql, parameters = []) {
  const connection = await open();
  if (!parameters.length) return plain(await connection.query(sql));
  const statement = await connection.prepare(sql);
  try {
    return plain(await statement.query(...parameters));
  } finally {
    await statement.close();
  }
}

/** A result as columns `{name, kind, scale, precision}` and rows of values: texts, numbers, decimals as exact texts, days as `2026-10-31`. */
function plain(table) {
  const names = apart(table.schema.fields.map(({ name }) => name));
  const columns = table.schema.fields.map(({ type }, place) => ({ name: names[place], kind: KINDS[type.typeId] ?? "other", scale: type.scale, precision: type.precision }));
  const vectors = columns.map((column, place) => ({ column, vector: table.getChildAt(place) }));
  const rows = Array.from({ length: table.numRows }, (_, row) => vectors.map(({ column, vector }) => value(column, vector?.get(row))));
  return { columns, rows };
}

/** Names of which none repeats another: in files a column is found by its name. */
function apart(names) {
  const times = (name, place) => names.slice(0, place).filter((other) => other === name).length;
  return names.map((name, place) => (times(name, place) ? `${name} (${times(name, place) + 1})` : name));
}

function value({ kind, scale }, cell) {
  if (cell === null || cell === undefined) return null;
  switch (kind) {
    case "decimal": return decimal(cell, scale);
    case "date": return new Date(Number(cell)).toISOString().slice(0, 10);
    case "time": return new Date(Number(cell)).toISOString().replace("T", " ").slice(0, 19);
    case "integer": return typeof cell === "bigint" && Number.isSafeInteger(Number(cell)) ? Number(cell) : cell;
    case "text": case "float": case "boolean": return cell;
    default: return String(cell);
  }
}

/** The words of a 128-bit number, the least first, as a decimal with `scale` places. */
function decimal(words, scale) {
  const bits = BigInt(32 * words.length);
  const whole = Array.from(words).reduceRight((sum, word) => (sum << 32n) | BigInt(word >>> 0), 0n);
  return withPlaces(BigInt.asIntN(Number(bits), whole), scale);
}

export function withPlaces(units, scale) {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const sign = units < 0n ? "-" : "";
  return scale ? `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}` : sign + digits;
}
