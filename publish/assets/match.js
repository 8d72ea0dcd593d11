// Looks up a pasted list of codes or names in the whole register, in the browser: both tables are fetched whole, whatever the list holds, and
// nothing of it is sent anywhere or put into an address.

import { guarded } from "./csv.js";
import { words } from "./search.js";

/** The tier: its tables lie once for both languages. */
const ROOT = new URL("⟦../⟧", import.meta.url);
/** The pages in the language of this one. */
const PAGES = new URL("../", import.meta.url);
const MOST = 5000;
/** Words of legal forms: people leave them out or spell them otherwise. */
const FORMS = new Set(words("UAB AB VšĮ MB IĮ BĮ uždaroji akcinė bendrovė viešoji įstaiga mažoji bendrija individuali įmonė"));
const HEADINGS = ["⟦Jūsų eilutė⟧", "VIRS", "⟦Kodas⟧", "⟦Savininkai⟧", "⟦Kaip rasta⟧"];

const form = document.querySelector("form.match");
const status = form.querySelector("[role=status]");
const result = document.getElementById("rezultatas");
const save = document.getElementById("issaugoti");
// There only where what writes workbooks is.
const workbook = document.getElementById("issaugoti-xlsx");
let rows = [];

const percent = (share) => `${(share * 100).toLocaleString("⟦lt⟧", { maximumFractionDigits: 2 })} %`;
const own = (name) => words(name).filter((word) => !FORMS.has(word));

let tables = null;

/** The register by code and by words of names, and the owners by code. */
function load() {
  tables ??= read().catch((error) => {
    tables = null;
    throw error;
  });
  return tables;
}

async function read() {
  const table = async (path) => {
    const answer = await fetch(new URL(path, ROOT));
    if (!answer.ok) throw new Error(path);
    return answer.json();
  };
  const [virs, shares] = await Promise.all([table(form.dataset.virs), form.dataset.savininkai ? table(form.dataset.savininkai) : []]);
  const owners = new Map();
  for (const row of shares) {
    const name = row.savininkas ?? row.dal_pavadinimas ?? row.dal_kodas ?? row.savininko_rusis_pavadinimas ?? "⟦nenurodytas⟧";
    const list = owners.get(row.ja_kodas) ?? [];
    list.push(row.dalis == null ? name : `${name} ${percent(row.dalis)}`);
    owners.set(row.ja_kodas, list);
  }
  return { owners, virs: virs.map((row) => ({ code: row.ja_kodas, name: row.pavadinimas, words: own(row.pavadinimas) })) };
}

/** What a line finds, and how; of too many that are like it, why it finds none. */
function find(line, { virs }) {
  const code = line.match(/(?<!\d)\d{9}(?!\d)/)?.[0];
  if (code) return { found: virs.filter((one) => one.code === code), how: "⟦pagal kodą⟧" };
  const asked = own(line);
  if (!asked.length) return { found: [] };
  const holding = virs.filter((one) => asked.every((word) => one.words.includes(word)));
  const same = holding.filter((one) => one.words.every((word) => asked.includes(word)));
  if (same.length) return { found: same, how: same.length > 1 ? "⟦keli tokio pavadinimo⟧" : "⟦pagal pavadinimą⟧" };
  return holding.length > 3 ? { found: [], why: `⟦per daug panašių (${holding.length})⟧` } : { found: holding, how: "⟦panašus pavadinimas⟧" };
}

function cells(line, tables) {
  const { found, how, why = "⟦nerasta⟧" } = find(line, tables);
  if (!found.length) return [[line, "", "", "", why]];
  return found.map(({ code, name }) => [line, name, code, (tables.owners.get(code) ?? ["⟦šioje dalyje nerodoma⟧"]).join("; "), how]);
}

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function show() {
  const body = rows.map((row) => {
    const line = document.createElement("tr");
    line.append(...row.map((cell, place) => element(place ? "td" : "th", cell, place ? {} : { scope: "row" })));
    if (/^\d{9}$/.test(row[2])) line.children[1].replaceChildren(element("a", row[1], { href: new URL(`virs/${row[2]}.html`, PAGES) }));
    return line;
  });
  result.querySelector("tbody").replaceChildren(...body);
  for (const part of [result, save, workbook]) if (part) part.hidden = !rows.length;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const lines = form.querySelector("textarea").value.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  if (lines.length > MOST) {
    status.textContent = `⟦Per daug eilučių: ${lines.length}. Vienu kartu – iki ${MOST}.⟧`;
    return;
  }
  status.textContent = "⟦Ieškoma…⟧";
  try {
    const tables = await load();
    rows = lines.flatMap((line) => cells(line, tables));
    show();
    const found = new Set(rows.filter((row) => row[2]).map((row) => row[0])).size;
    const all = new Set(lines).size;
    status.textContent = `⟦Rasta ${found} iš ${all}.⟧`;
  } catch {
    status.textContent = "⟦Registro gauti nepavyko. Bandykite dar kartą.⟧";
  }
});

/** A cell as a spreadsheet may open it. */
const cell = (text) => `"${guarded(text).replaceAll('"', '""')}"`;

function download(content, name) {
  const address = URL.createObjectURL(content);
  element("a", "", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

save.addEventListener("click", () => {
  const text = [HEADINGS, ...rows].map((row) => row.map(cell).join(";")).join("\r\n");
  download(new Blob(["\ufeff", text, "\r\n"], { type: "text/csv" }), "virs-savininkai.csv");
});

workbook?.addEventListener("click", async () => {
  try {
    const { xlsx } = await import("./sql/downloads.js");
    const columns = HEADINGS.map((name) => ({ name, kind: "text" }));
    download(await xlsx({ columns, rows }, "⟦Savininkai⟧"), "virs-savininkai.xlsx");
  } catch {
    status.textContent = "⟦XLSX failo parengti nepavyko. Bandykite dar kartą arba išsaugokite CSV.⟧";
  }
});

form.hidden = false;
