// What is wrong with a statement, in the language of the page; the engine's own words stand below.

const between = (text, before, after) => (text.includes(before) ? text.split(before)[1].split(after)[0] : null);

/** In words, with a hint where one is known. */
export function told(error) {
  const said = String(error?.message ?? error);
  const ways = [
    ["at or near \"", "\"", (word) => `⟦Sintaksės klaida ties „${word}“.⟧`],
    ["Table with name ", " does not exist", (name) => `⟦Lentelės „${name}“ nėra. Visos lentelės išvardytos puslapio apačioje.⟧`],
    ["Referenced column \"", "\"", (name) => `⟦Stulpelio „${name}“ nurodytose lentelėse nėra. Tekstas rašomas viengubose kabutėse: '…'.⟧`],
    ["does not have a column named \"", "\"", (name) => `⟦Stulpelio „${name}“ nurodytose lentelėse nėra.⟧`],
    ["Function with name ", " does not exist", (name) => `⟦Funkcijos „${name}“ nėra.⟧`],
    ["Ambiguous reference to column name \"", "\"", (name) => `⟦Stulpelis „${name}“ yra keliose lentelėse: parašykite lentelę prieš jį.⟧`],
    ["column \"", "\" must appear in the GROUP BY", (name) => `⟦Stulpelis „${name}“ nei grupuojamas, nei sumuojamas: įrašykite jį po GROUP BY.⟧`],
  ];
  for (const [before, after, words] of ways) {
    const name = between(said, before, after);
    if (name !== null) return words(name);
  }
  if (said.includes("end of input")) return "⟦Sintaksės klaida: sakinys nebaigtas.⟧";
  if (/read-only|Permission Error|disabled|locked/i.test(said)) return "⟦Duomenis galima tik skaityti; failai ir tinklas iš užklausos nepasiekiami.⟧";
  if (/Out of Memory|memory/i.test(said)) return "⟦Užklausai nepakako naršyklės atminties: klauskite mažiau duomenų iš karto.⟧";
  if (/fetch|WebAssembly|NetworkError|engine|: \d{3}$/i.test(said)) return "⟦Nepavyko įkelti duomenų ar užklausų variklio. Patikrinkite ryšį ir bandykite dar kartą.⟧";
  return "⟦Užklausos įvykdyti nepavyko.⟧";
}
