// The page of reports: the standard ones with their parameters, and the builder. What was chosen stands in the address behind `#`, which no server sees.
import { COMPARISONS, SUMMED, counted, filled, numbered, read, statement } from "./builder.js";
import { ask } from "./database.js";
import { Answer } from "./run.js";
import { data, element } from "./text.js";

const definitions = data("apibrezimai");
const reports = data("ataskaitos-duomenys");
const form = document.getElementById("sudaryti");
const criteria = document.getElementById("kriterijai");
const sql = document.getElementById("sql");
const answer = new Answer({
  status: document.getElementById("busena"),
  place: document.getElementById("rezultatas"),
  cancel: document.getElementById("nutraukti"),
});

const chosen = () => definitions.tables.find((table) => table.name === form.elements.table.value);
const option = (value, title) => element("option", { value }, title);

/** Asks, and shows what was asked. */
function run(query, words) {
  sql.querySelector("code").textContent = query.shown;
  sql.querySelector("a").href = `../sql/index.html#sql=${encodeURIComponent(query.shown)}`;
  sql.hidden = false;
  return answer.to(query.sql, query.parameters, words);
}

// The builder.

/** Fields of the chosen table. */
function fields() {
  const table = chosen();
  document.getElementById("apie-duomenis").textContent = table.description;
  criteria.replaceChildren();
  const boxes = (id, group, columns) => {
    const line = (column) => element("label", {}, element("input", { type: "checkbox", name: group, value: column.name }), ` ${column.title}`);
    document.getElementById(id).replaceChildren(...columns.map(line));
    document.getElementById(id).closest("fieldset").hidden = !columns.length;
  };
  boxes("stulpeliai", "columns", table.columns);
  boxes("grupavimas", "group", table.columns);
  boxes("sumos", "sums", table.columns.filter((column) => SUMMED.includes(column.kind) && !/metai|_nr$/.test(column.name)));
}

/** One more criterion, perhaps with what it says. */
function criterion([column, comparison, value] = []) {
  const number = criteria.children.length + 1;
  const place = (title, field) => element("label", {}, element("span", {}, `⟦${number} kriterijus: ${title}⟧`), field);
  const columns = element("select", { class: "column" }, ...chosen().columns.map((one) => option(one.name, one.title)));
  const comparisons = element("select", { class: "comparison" });
  const typed = element("span", { class: "typed" });
  const remove = element("button", { type: "button", class: "button quiet", "aria-label": `⟦Pašalinti ${number} kriterijų⟧` }, "⟦Pašalinti⟧");
  const row = element("div", { class: "criterion" }, place("⟦stulpelis⟧", columns), place("⟦palyginimas⟧", comparisons), typed, remove);
  const valueField = () => {
    const one = chosen().columns.find(({ name }) => name === columns.value);
    const terms = definitions.classifiers[one.classifier];
    const isChosen = terms && ["is", "is_not"].includes(comparisons.value);
    const field = isChosen ? element("select", { class: "value" }, ...terms.map(([code, title]) => option(code, title))) : element("input", { class: "value", type: one.kind === "date" ? "date" : "text", autocomplete: "off" });
    typed.replaceChildren(...(COMPARISONS[comparisons.value].value ? [place("⟦reikšmė⟧", field)] : []));
  };
  const comparisonField = () => {
    const { kind } = chosen().columns.find(({ name }) => name === columns.value);
    const fitting = Object.entries(COMPARISONS).filter(([, one]) => one.kinds.includes(kind));
    comparisons.replaceChildren(...fitting.map(([key, { title }]) => option(key, title)));
    valueField();
  };
  columns.addEventListener("change", comparisonField);
  comparisons.addEventListener("change", valueField);
  remove.addEventListener("click", () => {
    row.remove();
    document.getElementById("prideti").focus();
  });
  if (column) columns.value = column;
  comparisonField();
  if (comparison) {
    comparisons.value = comparison;
    valueField();
  }
  if (value !== undefined && value !== null && typed.querySelector(".value")) typed.querySelector(".value").value = value;
  criteria.append(row);
  return row;
}

const checked = (group) => Array.from(form.querySelectorAll(`input[name="${group}"]:checked`), (box) => box.value);

function choice() {
  const where = Array.from(criteria.children, (row) => [row.querySelector(".column").value, row.querySelector(".comparison").value, row.querySelector(".value")?.value ?? null]);
  return { table: form.elements.table.value, where, columns: checked("columns"), group: checked("group"), sums: checked("sums") };
}

function build(wanted) {
  let query;
  try {
    query = statement(wanted, definitions);
  } catch (error) {
    answer.fault(error.message);
    return;
  }
  history.replaceState(null, "", `#kas=${encodeURIComponent(JSON.stringify(wanted))}`);
  run(query, { name: `virsis-${wanted.table}`, caption: chosen().title, empty: "⟦Pagal šiuos kriterijus nieko nerasta.⟧" });
}

/** Fills the form with a choice of an address. */
function fill(wanted) {
  if (!definitions.tables.some((table) => table.name === wanted.table)) return false;
  form.elements.table.value = wanted.table;
  fields();
  for (const one of Array.isArray(wanted.where) ? wanted.where : []) criterion(one);
  for (const group of ["columns", "group", "sums"]) {
    for (const box of form.querySelectorAll(`input[name="${group}"]`)) box.checked = (wanted[group] ?? []).includes(box.value);
  }
  return true;
}

// Standard reports.

/** The code of the VIRS that is meant by its code or by words of its name. */
async function virs(typed) {
  const code = typed.replace(/\s/g, "");
  if (/^\d+$/.test(code)) return code;
  const words = typed.trim().split(/\s+/);
  const has = words.map((_, place) => `contains(lower(strip_accents(pavadinimas)), lower(strip_accents($${place + 1})))`).join(" AND ");
  const { rows } = await ask(`SELECT ja_kodas FROM virs WHERE ${has} LIMIT 2`, words);
  if (rows.length === 1) return rows[0][0];
  throw new Error(rows.length ? "⟦Pavadinimas tinka keliems VIRS: nurodykite kodą arba daugiau pavadinimo žodžių.⟧" : "⟦Tokio VIRS šiuose duomenyse nėra.⟧");
}

const KINDS = { integer: "integer", year: "integer", half: "integer", date: "date", number: "number" };

async function standard(report, typed) {
  const values = {};
  try {
    for (const { name, kind, label } of report.parameters) {
      values[name] = kind === "virs" ? await virs(read("text", typed[name] ?? "", label)) : read(KINDS[kind] ?? "text", typed[name] ?? "", label);
    }
  } catch (error) {
    answer.fault(error.message);
    return;
  }
  history.replaceState(null, "", `#${new URLSearchParams({ ataskaita: report.name, ...typed })}`);
  const query = { ...numbered(report.sql, values), shown: filled(report.sql, values) };
  run(query, { name: `virsis-${report.name}`, caption: report.title, empty: report.empty });
}

for (const place of document.querySelectorAll("form.report")) {
  const report = reports.find(({ name }) => name === place.dataset.name);
  place.hidden = false;
  place.addEventListener("submit", (event) => {
    event.preventDefault();
    standard(report, Object.fromEntries(new FormData(place)));
    document.getElementById("atsakymas").scrollIntoView();
  });
}

// What an address asks for.

function take() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const report = reports.find(({ name }) => name === asked.get("ataskaita"));
  if (report) {
    const place = document.querySelector(`form.report[data-name="${report.name}"]`);
    place.closest("details").open = true;
    for (const { name } of report.parameters) if (asked.has(name)) place.elements[name].value = asked.get(name);
    standard(report, Object.fromEntries(new FormData(place)));
    return;
  }
  try {
    const wanted = asked.has("eilutes") ? counted(asked, definitions) : JSON.parse(asked.get("kas"));
    if (!wanted) return;
    if (fill(wanted)) build(wanted);
    else answer.fault("⟦Adresas nurodo duomenis, kurių šioje dalyje nėra.⟧");
    if (asked.has("eilutes")) document.getElementById("atsakymas").scrollIntoView();
  } catch {
    answer.fault("⟦Adreso nepavyko perskaityti: jame ne ataskaitos pasirinkimas.⟧");
  }
}

form.elements.table.addEventListener("change", fields);
document.getElementById("prideti").addEventListener("click", () => criterion().querySelector("select").focus());
form.addEventListener("submit", (event) => {
  event.preventDefault();
  build(choice());
});
window.addEventListener("hashchange", take);
fields();
form.hidden = false;
take();
