// The thought experiment of a VIRS's page: nothing changed gives the published shares, of every VIRS; an owner who is struck is nobody's part; more than
// the whole is refused; and no request but for the file beside the page.

import { check, look, run, same, settings, visitor } from "./browser.mjs";

await run(async (browser) => {
  const page = await visitor(browser);
  const { code, name, of, share } = settings.struck;
  const asked = [];
  await page.goto(`${settings.origin}/public/virs/${code}.html`);
  page.on("request", (request) => !request.url().endsWith("/icon.svg") && asked.push(request.url()));
  await page.getByText("Kas būtų, jeigu…").click();
  const place = page.locator("details.what-if");
  await place.locator("input").first().waitFor();
  same(asked.length, 1, `requests: ${asked.join(", ")}`);
  const line = place.locator("tbody").last().getByRole("row");
  const result = () => line.evaluateAll((rows) => rows.map((row) => Array.from(row.cells, (cell) => cell.textContent)));
  for (const [owner, before, after] of await result()) same(after, before, `nothing has changed for ${owner}`);
  const percent = `${(share * 100).toLocaleString("lt", { maximumFractionDigits: 2 })}\u{a0}%`;
  await place.getByRole("button", { name: `Išbraukti: ${name} – ${of}` }).click();
  const rows = new Map((await result()).map(([owner, ...cells]) => [owner, cells]));
  same(rows.get(name), [percent, "–"], "the owner is gone");
  same(rows.get("Kam perleista, nenurodyta"), ["–", percent], "and the part is told of");
  await look(page, "what-if");
  await place.getByRole("textbox", { name: `Dalis, %: ${name} – ${of}` }).fill("100");
  check(/viršytų 100 %/.test(await place.getByRole("status").textContent()), "more than the whole is refused");
  await place.getByRole("textbox", { name: `Dalis, %: ${name} – ${of}` }).fill("abc");
  check(/nuo 0 iki 100/.test(await place.getByRole("status").textContent()), "and what is no share");
  same(asked.length, 1, `requests: ${asked.join(", ")}`);

  const told = await page.evaluate(async (codes) => {
    const { owners, read } = await import("/public/assets/what_if.js");
    const all = await Promise.all(codes.map(async (code) => {
      const twin = await (await fetch(`/public/virs/${code}.json`)).json();
      const holdings = read(twin);
      return holdings.length ? [code, Array.from(owners(code, holdings)?.values() ?? [], ({ share }) => share)] : null;
    }));
    return all.filter(Boolean);
  }, Object.keys(settings.owners));
  const descending = (shares) => [...shares].filter((share) => share > 1e-8).sort((one, other) => other - one);
  let compared = 0;
  for (const [virs, shares] of told.filter(([virs]) => !settings.closed.includes(virs))) {
    const [ours, published] = [descending(shares), descending(settings.owners[virs])];
    same(ours.length, published.length, `owners of ${virs}: ${ours} instead of ${published}`);
    ours.forEach((share, place) => check(Math.abs(share - published[place]) < 1e-8, `${virs}: ${share} instead of ${published[place]}`));
    compared += 1;
  }
  check(compared > 80, `${compared} compared`);
});
