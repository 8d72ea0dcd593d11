// Signing in through VIISP, whose double is another site: there and back, with and without scripts; what came back once does not count
// again, nor in somebody else's browser.

import { check, keptCookie, look, run, same, settings, visitor } from "./browser.mjs";

const PERSON = "JONĖ IŠGALVOTOJI";

await run(async (browser) => {
  const posted = await thereAndBack(browser);
  await again(browser, posted);
  await withoutScripts(browser);
  await takenOver(browser);
});

function guest(browser, options = {}) {
  return visitor(browser, { ...options, others: [settings.portal] });
}

/** From our page to the portal's, where somebody chooses whom to be. */
async function toPortal(page, scripts = true) {
  await page.goto(settings.origin);
  await page.getByRole("button", { name: "Prisijungti per VIISP" }).click();
  if (!scripts) {
    await page.getByRole("button", { name: "Tęsti" }).click();
  }
  await page.waitForURL(`${settings.portal}/portal`);
  await page.getByLabel("Asmuo").selectOption({ index: 0 });
}

async function confirm(page) {
  await page.getByRole("button", { name: "Prisijungti" }).click();
}

async function isIn(page) {
  await page.waitForURL(`${settings.origin}/pradzia`);
  await page.getByText(PERSON).waitFor();
  await keptCookie(page);
}

async function thereAndBack(browser) {
  const page = await guest(browser);
  await page.goto(settings.origin);
  await look(page, "signin-viisp");
  // The page between the two sends itself on: to be looked at, its script must not run.
  await page.route("**/*-forma.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  await page.getByRole("button", { name: "Prisijungti per VIISP" }).click();
  await page.getByRole("heading", { name: "Prisijungimas per VIISP" }).waitFor();
  await look(page, "viisp");
  await page.unroute("**/*-forma.js");
  await toPortal(page);
  const returning = page.waitForRequest("**/viisp/atgal");
  await confirm(page);
  await isIn(page);
  const posted = Object.fromEntries(new URLSearchParams((await returning).postData()));
  check(posted.ticket, "the portal posts a ticket");
  await sent(page, posted);
  await page.goto(`${settings.origin}/pradzia`);
  await page.getByText(PERSON).waitFor();
  return posted;
}

/** Posts what the portal posts, from the portal's site; it must be refused. */
async function sent(page, posted) {
  await page.goto(`${settings.portal}/portal`);
  const answering = page.waitForResponse((response) => response.request().isNavigationRequest() && response.url().endsWith("/viisp/testi"));
  await page.evaluate(([address, fields]) => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: address });
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  }, [`${settings.origin}/viisp/atgal`, posted]);
  same((await answering).status(), 403, "what is sent again");
  await page.getByRole("heading", { name: "Užklausa nepriimta" }).waitFor();
}

/** Somebody else who saw what was posted. */
async function again(browser, posted) {
  const page = await guest(browser);
  await sent(page, posted);
  same((await page.context().cookies()).length, 0, "cookies");
}

async function withoutScripts(browser) {
  const page = await guest(browser, { scripts: false });
  await toPortal(page, false);
  await confirm(page);
  await page.getByRole("button", { name: "Grįžti į paslaugą" }).click();
  await page.getByRole("button", { name: "Tęsti" }).click();
  await isIn(page);
}

/** Somebody gets hold of a return before it arrives: it opens nothing in their browser, not even with a sign-in of their own under way. */
async function takenOver(browser) {
  const [victim, thief] = [await guest(browser), await guest(browser)];
  await toPortal(victim);
  let posted;
  await victim.route("**/viisp/atgal", (route) => {
    posted = Object.fromEntries(new URLSearchParams(route.request().postData()));
    return route.abort();
  });
  const stopped = victim.waitForEvent("requestfailed");
  await confirm(victim);
  await stopped;
  await toPortal(thief);
  await sent(thief, posted);
  check(!(await thief.context().cookies()).some((cookie) => cookie.name === "__Host-virsis"), "nobody is signed in by somebody else's ticket");
}
