// A published CSV file as a Lithuanian spreadsheet opens it without importing: semicolons, decimal commas, a byte order mark. What it could run as a
// formula is guarded in the file already.

/** A cell, quoted or plain, and what ends it. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g;

/** The text of the file; `decimals` are the columns whose numbers have places. */
function converted(text, decimals) {
  const out = ["\ufeff"];
  const isDecimal = [];
  let [place, isHead] = [0, true];
  for (const [whole, quoted, plain, end] of text.matchAll(CELL)) {
    if (!whole) break;
    let cell = quoted === undefined ? plain : quoted.replaceAll('""', '"');
    if (isHead) isDecimal.push(decimals.includes(cell));
    else if (isDecimal[place]) cell = cell.replace(".", ",");
    out.push(/[";\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell, end === "," ? ";" : "\r\n");
    place = end === "," ? place + 1 : 0;
    isHead &&= end === ",";
  }
  return out.join("");
}

async function save({ csv, decimals }, status) {
  try {
    status.textContent = "⟦Rengiama…⟧";
    const answer = await fetch(csv);
    if (!answer.ok) throw new Error(csv);
    const address = URL.createObjectURL(new Blob([converted(await answer.text(), decimals.split(" "))], { type: "text/csv" }));
    const link = document.createElement("a");
    Object.assign(link, { href: address, download: csv.split("/").pop().replace(".csv", ".excel.csv") }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    status.textContent = "⟦Failas parengtas.⟧";
  } catch {
    status.textContent = "⟦Failo gauti nepavyko. Bandykite dar kartą.⟧";
  }
}

for (const line of document.querySelectorAll("li.excel")) {
  const button = line.querySelector("button");
  button.addEventListener("click", () => save(button.dataset, line.querySelector("[role=status]")));
  line.hidden = false;
}
