// A thought experiment on the page of a VIRS: what its ultimate owners would hold if somebody held more, less or nothing. The holdings are those of
// the file beside the page. Nothing is sent or kept.

/** What is left where holdings no longer make the whole. */
const REST = "⟦Kam perleista, nenurodyta⟧";
/** Less than this is a matter of rounding. */
const NOTHING = 1e-9;
/** Letters of a name, as in lists of the page. */
const LONGEST_NAME = 120;

function cut(name) {
  const letters = Array.from(name);
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME).join("")}…` : name;
}

/** Holdings as the file has them: who holds what of which entity, and in turn is held (`company`). */
export function read({ lenteles }) {
  const rows = lenteles.grandis?.eilutes ?? [];
  const held = new Set(rows.map((row) => row.valdomas_kodas));
  return rows.map((row) => ({
    of: row.valdomas_kodas,
    ofName: cut(row.valdomas_pavadinimas ?? row.valdomas_kodas),
    name: row.nezinojimo_priezastis ? "⟦Nežinoma, kam priklauso⟧" : cut(row.savininkas ?? row.dal_kodas ?? "⟦Dalyvis nenurodytas⟧"),
    key: row.nezinojimo_priezastis ? "?" : [row.asmens_id, row.valstybe, row.dal_kodas ?? row.savininkas].join("|"),
    company: row.dalyvio_rusis === "J" && held.has(row.dal_kodas) ? row.dal_kodas : null,
    share: row.dalis ?? 0,
    isClosed: row.nezinojimo_priezastis === "ciklas",
  }));
}

/**
 * Ultimate owners by key, with name and share: one whole enters at the VIRS and flows along the holdings until it reaches owners without owners, as
 * in transforms/owners/src/flow.rs. Cycles are solved exactly (x = b + Wᵀx); nothing where nobody outside owns any of one.
 */
export function owners(virs, holdings) {
  const entities = [...new Set([virs, ...holdings.map(({ of }) => of)])];
  const at = new Map(entities.map((code, place) => [code, place]));
  const rows = entities.map((code, row) => [...entities.map((_, column) => (row === column ? 1 : 0)), code === virs ? 1 : 0]);
  for (const { of, company, share } of holdings) if (company !== null) rows[at.get(company)][at.get(of)] -= share;
  const through = solved(rows);
  if (!through) return null;
  const found = new Map();
  const add = (key, name, share) => {
    if (share > NOTHING) found.set(key, { name, share: share + (found.get(key)?.share ?? 0) });
  };
  const known = entities.map(() => 0);
  for (const { of, key, name, company, share } of holdings) {
    known[at.get(of)] += share;
    if (company === null) add(key, name, through[at.get(of)] * share);
  }
  known.forEach((sum, place) => add("", REST, through[place] * (1 - sum)));
  return found;
}

/** Gaussian elimination with partial pivoting; each row ends with its right side. */
function solved(rows) {
  const size = rows.length;
  for (let pivot = 0; pivot < size; pivot += 1) {
    let best = pivot;
    for (let row = pivot + 1; row < size; row += 1) if (Math.abs(rows[row][pivot]) > Math.abs(rows[best][pivot])) best = row;
    [rows[pivot], rows[best]] = [rows[best], rows[pivot]];
    if (Math.abs(rows[pivot][pivot]) < 1e-12) return null;
    for (let row = pivot + 1; row < size; row += 1) {
      const factor = rows[row][pivot] / rows[pivot][pivot];
      if (factor) for (let column = pivot; column <= size; column += 1) rows[row][column] -= factor * rows[pivot][column];
    }
  }
  const values = [];
  for (let row = size - 1; row >= 0; row -= 1) {
    let rest = rows[row][size];
    for (let column = row + 1; column < size; column += 1) rest -= rows[row][column] * values[column];
    values[row] = rest / rows[row][row];
  }
  return values;
}

/** The entity of which more than the whole would be held, if any. */
export function overheld(holdings) {
  const sums = new Map();
  for (const { of, share } of holdings) sums.set(of, (sums.get(of) ?? 0) + share);
  return holdings.find(({ of }) => sums.get(of) > 1 + NOTHING)?.ofName;
}

/** As the page has it: a part that rounds to nothing says so. */
const percent = (share) => `${share < 0.00005 ? "<\u{a0}0⟦,⟧01" : (share * 100).toLocaleString("⟦lt⟧", { maximumFractionDigits: 2 })}\u{a0}%`;

function element(name, attributes, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

/** `numbers` says which columns hold them. */
function table(caption, headings, numbers, body) {
  const head = element("tr", {}, ...headings.map((heading) => element("th", { scope: "col", ...(numbers.includes(heading) && { class: "number" }) }, heading)));
  const whole = element("table", {}, element("caption", {}, caption), element("thead", {}, head), body);
  return element("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": caption }, whole);
}

function build(place, virs, now) {
  const before = owners(virs, now);
  if (!before || now.some(({ isClosed }) => isClosed)) {
    place.append(element("p", {}, "⟦Šio VIRS įmonės priklauso tik viena kitai, todėl dalių perskaičiuoti negalima: jos nė vienam savininkui neatitenka.⟧"));
    return;
  }
  const wanted = now.map((holding) => ({ ...holding }));
  const result = element("tbody", {});
  const status = element("p", { role: "status" });
  const show = () => {
    const over = overheld(wanted);
    status.textContent = over ? `⟦„${over}“ dalys viršytų 100 %: ką nors sumažinkite.⟧` : "";
    if (over) return;
    const after = owners(virs, wanted) ?? new Map();
    const all = [...new Map([...before, ...after])].sort(([one], [other]) => (after.get(other)?.share ?? 0) - (after.get(one)?.share ?? 0));
    const cell = (found, key) => element("td", { class: "number" }, found.has(key) ? percent(found.get(key).share) : "–");
    result.replaceChildren(...all.map(([key, { name }]) => element("tr", {}, element("th", { scope: "row" }, name), cell(before, key), cell(after, key))));
  };
  const lines = wanted.map((holding) => {
    const { name, ofName } = holding;
    const typed = element("input", { inputmode: "decimal", autocomplete: "off", "aria-label": `⟦Dalis, %: ${name} – ${ofName}⟧` });
    const strike = element("button", { type: "button", "aria-label": `⟦Išbraukti: ${name} – ${ofName}⟧` }, "⟦Išbraukti⟧");
    const set = (share) => {
      holding.share = share;
      show();
    };
    typed.value = (holding.share * 100).toLocaleString("⟦lt⟧", { maximumFractionDigits: 4, useGrouping: false });
    typed.addEventListener("input", () => {
      const share = Number(typed.value.trim().replace(",", ".")) / 100;
      const isShare = typed.value.trim() !== "" && share >= 0 && share <= 1;
      typed.setAttribute("aria-invalid", String(!isShare));
      if (isShare) set(share);
      else status.textContent = "⟦Įrašykite dalį nuo 0 iki 100 procentų.⟧";
    });
    strike.addEventListener("click", () => {
      typed.value = "0";
      typed.setAttribute("aria-invalid", "false");
      set(0);
    });
    return element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, ofName), element("td", {}, typed, " %"), element("td", {}, strike));
  });
  place.append(
    element("p", { class: "note" }, "⟦Tai minties bandymas, ne registro duomenys: niekas niekur nesiunčiama ir neišsaugoma. Pakeiskite dalį arba ką nors išbraukite. Skaičiuojamos dalys, ne balsai, todėl kas kontroliuotų, čia nesakoma.⟧"),
    table("⟦Kas būtų, jeigu: kas ką valdo⟧", ["⟦Kas valdo⟧", "⟦Ką valdo⟧", "⟦Dalis⟧", "⟦Keisti⟧"], [], element("tbody", {}, ...lines)),
    status,
    table("⟦Kas būtų, jeigu: galutiniai savininkai⟧", ["⟦Galutinis savininkas⟧", "⟦Yra⟧", "⟦Būtų⟧"], ["⟦Yra⟧", "⟦Būtų⟧"], result),
  );
  show();
}

for (const place of globalThis.document?.querySelectorAll("details.what-if") ?? []) {
  place.hidden = false;
  place.addEventListener("toggle", async () => {
    try {
      const answer = await fetch(place.dataset.twin);
      if (!answer.ok) throw new Error(place.dataset.twin);
      const twin = await answer.json();
      build(place, twin.ja_kodas, read(twin));
    } catch {
      place.append(element("p", { role: "alert" }, "⟦Duomenų gauti nepavyko. Atnaujinkite puslapį ir bandykite dar kartą.⟧"));
    }
  }, { once: true });
}
