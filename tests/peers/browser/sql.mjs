// Pages on which readers ask the tables themselves, served as plain files: questions in SQL, what becomes of them as files, a report that is put
// together without SQL, the standard reports; what goes wrong, in words; and the same facts where no script runs.

import { join } from "node:path";

import { check, look, picture, run, same, settings, visitor } from "./browser.mjs";

function address(tier, name) {
  return `${settings.origin}/${tier}/${name}/index.html`;
}

await run(async (browser) => {
  const page = await visitor(browser);
  await questions(page);
  await trouble(page);
  await stopped(page);
  await locked(page);
  await report(page);
  await standard(page);
  await everything(page);
  await inEnglish(page);
  await open(page);
  await preview(browser);
  await withoutScripts(browser);
});

function status(page) {
  return page.locator("#busena");
}

/** Waits for an answer; gives what is said of it. */
async function answered(page) {
  await page.waitForFunction(() => !/^(|Vykdoma…|Atsisiunčiami.*)$/.test(document.getElementById("busena").textContent));
  return status(page).textContent();
}

async function shown(page) {
  const rows = page.locator("#rezultatas tbody tr");
  return rows.evaluateAll((all) => all.map((row) => Array.from(row.cells, (cell) => cell.textContent)));
}

async function ask(page, sql) {
  await page.getByLabel("Užklausa").fill(sql);
  await page.getByLabel("Užklausa").press("Control+Enter");
}

/** The files of the result that is shown, by extension. */
async function save(page, name) {
  for (const [title, ending] of [["CSV", "csv"], ["CSV „Excel“ programai", "excel.csv"], ["XLSX", "xlsx"], ["JSON", "json"], ["Parquet", "parquet"]]) {
    const file = await saved(page, title).catch(() => saved(page, title));
    check(file.suggestedFilename().endsWith(`.${ending}`), `${file.suggestedFilename()} is no ${ending}`);
    await file.saveAs(join(settings.downloads, `${name}.${ending}`));
  }
}

/** What a press of the button saves. A busy browser loses a file now and then; a reader presses once more, and so does {@link save}. */
async function saved(page, title) {
  const [file] = await Promise.all([page.waitForEvent("download", { timeout: 30_000 }), page.getByRole("button", { name: title, exact: true }).click()]);
  return file;
}

async function questions(page) {
  await page.goto(address("public", "sql"));
  await look(page, "sql-start");
  for (const [place, { sql, rows }] of settings.questions.entries()) {
    await ask(page, sql);
    check(/^[\d\u{a0}]+\u{a0}eilu/u.test(await answered(page)), `of ${sql} is said: ${await status(page).textContent()}`);
    same(await shown(page), rows, sql);
    check(new URL(page.url()).search === "", "the question is in no part of the address that a server sees");
    await save(page, `question-${place}`);
  }
  // Everything of the last question is seen, its chart too.
  check(await page.locator("#rezultatas .chart .bars li").count() > 1, "a chart");
  await look(page, "sql-answer");
  // The address alone leads to the answer.
  const { sql, rows } = settings.questions[0];
  await page.goto("about:blank");
  await page.goto(`${address("public", "sql")}#sql=${encodeURIComponent(sql)}`);
  await answered(page);
  same(await shown(page), rows, "the question of an address");
}

async function trouble(page) {
  for (const [sql, words] of [
    ["SELECT * FORM virs", /Sintaksės klaida ties/],
    ["SELECT * FROM virss", /Lentelės „virss“ nėra/],
    ["SELECT pavadinmas FROM virs", /Stulpelio „pavadinmas“/],
    ["DELETE FROM virs", /tik skaityti/],
    ["", /Parašykite užklausą/],
  ]) {
    await ask(page, sql);
    check(words.test(await answered(page)), `of ${sql} is said: ${await status(page).textContent()}`);
  }
  await look(page, "sql-trouble");
  await ask(page, "SELECT 1 WHERE false");
  check(/^Nieko nerasta/.test(await answered(page)), "nothing found is said");
}

async function stopped(page) {
  await ask(page, "SELECT COUNT(*) FROM range(400000) a, range(400000) b WHERE (a.range * b.range) % 7 = 3");
  await page.getByRole("button", { name: "Nutraukti" }).click();
  check(/nutraukta/.test(await status(page).textContent()), "it is said that it was stopped");
  await ask(page, settings.questions[0].sql);
  await answered(page);
  same(await shown(page), settings.questions[0].rows, "after a question that was stopped");
}

/** Whatever is asked, nothing is read from elsewhere, and nothing that says so can be changed. The network's log notes any other host. */
async function locked(page) {
  for (const sql of [
    "SELECT * FROM read_csv('https://example.org/a.csv')",
    "SELECT * FROM 'https://example.org/a.parquet'",
    `SELECT * FROM read_text('${settings.origin}/index.html')`,
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "ATTACH 'https://example.org/a.duckdb'",
    "COPY virs TO 'a.csv'",
  ]) {
    await ask(page, sql);
    await answered(page);
    check(await status(page).evaluate((one) => one.classList.contains("fault")), `${sql} is answered`);
  }
  // Nor does the worker have anything to do it with: a page's policy does not bind it.
  const reached = await page.evaluate(async () => {
    const worker = await (await fetch("../../engine/duckdb-eh.worker.js")).text();
    return worker.indexOf("XMLHttpRequest") < worker.indexOf("importScripts") && worker.startsWith("// Stands before");
  });
  check(reached, "the worker begins with what leaves it alone");
}

/** A report of one's own: VIRS whose seat is in one town, then money by institution. */
async function report(page) {
  await page.goto(address("public", "ataskaita"));
  const { table, where, columns, rows } = settings.report;
  await page.getByLabel("Duomenys", { exact: true }).selectOption(table);
  for (const [place, [column, comparison, value]] of where.entries()) {
    await page.getByRole("button", { name: "Pridėti kriterijų" }).click();
    const criterion = page.locator(".criterion").nth(place);
    await criterion.locator(".column").selectOption(column);
    await criterion.locator(".comparison").selectOption(comparison);
    const field = criterion.locator(".value");
    await ((await field.evaluate((one) => one.localName)) === "select" ? field.selectOption(value) : field.fill(value));
  }
  for (const column of columns) await page.locator(`#stulpeliai input[value="${column}"]`).check();
  await look(page, "report-choice");
  await page.getByRole("button", { name: "Rodyti ataskaitą" }).click();
  await answered(page);
  same(await shown(page), rows, "the report");
  await save(page, "report");
  // The same from its address, and as SQL.
  const kept = page.url();
  check(new URL(kept).search === "" && kept.includes("#kas="), "the choice is kept in the address");
  await page.goto("about:blank");
  await page.goto(kept);
  await answered(page);
  same(await shown(page), rows, "the report of an address");
  await page.getByText("Rodyti SQL").click();
  await look(page, "report-answer");
  await page.getByRole("link", { name: "Atverti SQL puslapyje" }).click();
  await page.waitForURL(/\/sql\/index.html#sql=/);
  await answered(page);
  same(await shown(page), rows, "the report's SQL");
  // Groups and sums.
  await page.goto(`${address("public", "ataskaita")}#kas=${encodeURIComponent(JSON.stringify(settings.groups.choice))}`);
  await answered(page);
  same(await shown(page), settings.groups.rows, "groups and sums");
  // What cannot be read is said, and what is typed is never SQL.
  await page.goto("about:blank");
  const hostile = { table: "virs", where: [["pavadinimas", "is", "x' OR 1=1 --"]], columns: ["ja_kodas"] };
  await page.goto(`${address("public", "ataskaita")}#kas=${encodeURIComponent(JSON.stringify(hostile))}`);
  check(/nieko nerasta/.test(await answered(page)), "a quote in a value is a quote");
  await page.getByText("Rodyti SQL").click();
  await page.getByRole("link", { name: "Atverti SQL puslapyje" }).click();
  await page.waitForURL(/\/sql\/index.html#sql=/);
  check(/^Nieko nerasta/.test(await answered(page)), "in the SQL, too");
  for (const wrong of [{ table: "virs", columns: ["a\" FROM virs --"] }, { table: "virs", where: [["vip_skaicius", "least", "1; DROP"]] }]) {
    await page.goto("about:blank");
    await page.goto(`${address("public", "ataskaita")}#kas=${encodeURIComponent(JSON.stringify(wrong))}`);
    await answered(page);
    check(await status(page).evaluate((one) => one.classList.contains("fault")) && (await page.locator("#rezultatas").isHidden()), "a wrong choice is refused");
  }
}

/** The standard reports are those of the command line, with the same rows. */
async function standard(page) {
  await page.goto(address("public", "ataskaita"));
  for (const { name, values, rows } of settings.standard) {
    const form = page.locator(`form.report[data-name="${name}"]`);
    if (!(await form.isVisible())) await form.locator("xpath=ancestor::details/summary").click();
    for (const [parameter, value] of Object.entries(values)) await form.locator(`[name="${parameter}"]`).fill(value);
    await page.evaluate(() => (document.getElementById("busena").textContent = ""));
    await form.getByRole("button", { name: "Rodyti" }).click();
    const said = await answered(page);
    check(!(await status(page).evaluate((one) => one.classList.contains("fault"))), `${name}: ${said}`);
    check(said.startsWith(rows), `${name}: ${said} instead of ${rows}`);
  }
}

/** Every example of both tiers is answered. */
async function everything(page) {
  for (const tier of ["public", "open"]) {
    await page.goto(address(tier, "sql"));
    const examples = page.locator(".example");
    check((await examples.count()) >= 6, `${tier}: ${await examples.count()} examples`);
    for (const example of await examples.all()) {
      await page.evaluate(() => (document.getElementById("busena").textContent = ""));
      await example.locator("summary").click();
      await example.getByRole("button", { name: "Vykdyti" }).click();
      const said = await answered(page);
      check(/^[\d\u{a0}]+\u{a0}eilu/u.test(said), `${await example.locator("summary").textContent()}: ${said}`);
    }
  }
}

/** Below en/ the same reports and examples have the same rows, under English headings. */
async function inEnglish(page) {
  const words = /^([\d\u{a0}]+\u{a0}rows?|Nothing|There|The data|These data|No |In no)/u;
  const said = async () => {
    await page.waitForFunction(() => !/^(|Running…|Fetching.*|Downloading.*)$/.test(document.getElementById("busena").textContent));
    check(!(await status(page).evaluate((one) => one.classList.contains("fault"))), await status(page).textContent());
    for (const heading of await page.locator("#rezultatas thead th").allTextContents()) check(!/[ąčęėįšųūž]/i.test(heading), `heading ${heading}`);
    return status(page).textContent();
  };
  await page.goto(`${settings.origin}/public/en/ataskaita/index.html`);
  for (const { name, values, rows } of settings.standard) {
    const form = page.locator(`form.report[data-name="${name}"]`);
    if (!(await form.isVisible())) await form.locator("xpath=ancestor::details/summary").click();
    for (const [parameter, value] of Object.entries(values)) await form.locator(`[name="${parameter}"]`).fill(value);
    await page.evaluate(() => (document.getElementById("busena").textContent = ""));
    await form.getByRole("button", { name: "Show" }).click();
    const answer = await said();
    check(words.test(answer), `${name}: ${answer}`);
    const count = /^[\d\u{a0}]+(?=\u{a0})/u;
    same(answer.match(count)?.[0], rows.match(count)?.[0], `rows of ${name}`);
  }
  await picture(page, join(settings.screenshots, "report-english.png"));
  await page.goto(`${settings.origin}/public/en/sql/index.html`);
  for (const example of await page.locator(".example").all()) {
    await page.evaluate(() => (document.getElementById("busena").textContent = ""));
    await example.locator("summary").click();
    await example.getByRole("button", { name: "Run" }).click();
    const answer = await said();
    check(/^[\d\u{a0}]+\u{a0}rows?/u.test(answer), `${await example.locator("summary").textContent()}: ${answer}`);
  }
}

/** What the open tier's page knows is the open tier. */
async function open(page) {
  await page.goto(address("open", "sql"));
  await ask(page, "SELECT COUNT(*) FROM duckdb_columns() WHERE NOT internal AND column_name IN ('asmens_id', 'vardas', 'pavarde')");
  await answered(page);
  same(await shown(page), [["0"]], "columns with persons in the open tier");
}

/** The program's own server has a policy for each file, the worker's among them. */
async function preview(browser) {
  const page = await visitor(browser, { others: [settings.preview] });
  await page.goto(`${settings.preview}/public/sql/index.html`);
  await ask(page, settings.questions[0].sql);
  await answered(page);
  same(await shown(page), settings.questions[0].rows, "the preview");
}

async function withoutScripts(browser) {
  const page = await visitor(browser, { scripts: false });
  await page.goto(address("public", "sql"));
  check(/Užklausoms vykdyti reikia/.test(await page.locator("main").textContent()), "without a script the page says so");
  check(await page.getByText("virsis.duckdb").first().isVisible() && (await page.locator("#klausti").isHidden()), "and how else");
  await page.locator(".example summary").first().click();
  check(await page.locator(".example pre").first().isVisible(), "examples are read without a script");
}
