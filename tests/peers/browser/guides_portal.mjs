// Pictures of the portal for the guide of those who read it and take its data.

import { run, settings, visitor } from "./browser.mjs";
import { Camera, told } from "./guides.mjs";

await run(async (browser) => {
  const page = await visitor(browser);
  const camera = new Camera(page);
  const go = (path) => page.goto(`${settings.origin}/public/${path}`);
  await go("index.html");
  await camera.take("portalas-pradzia", page.locator("header"), page.locator(".find").first());
  await go("virs/index.html");
  await camera.read();
  await go(`virs/${settings.virs}.html`);
  await camera.take("portalas-virs", page.locator("h1"), page.locator("main h2").nth(1));
  await go("savivaldybes/index.html");
  await camera.take("portalas-zemelapis", page.locator("main h2").first(), page.locator("main svg").last());
  await go("statistika/vip-pagal-rusi.html");
  await camera.take("portalas-statistika", page.locator("main figure").first());
  await go("duomenys/virs.html");
  await camera.take("portalas-rinkinys", page.locator("main h2").first(), page.locator(".downloads").first());
  await go("sutikrinti.html");
  await page.getByRole("textbox").first().fill(settings.virs);
  await page.getByRole("button", { name: "Sutikrinti" }).click();
  await page.getByText(settings.virs).nth(1).waitFor();
  await camera.take("portalas-sutikrinti", page.locator("h1"), page.locator("main"));
  for (const path of ["pokyciai/index.html", "naujienos.html", "apie.html", "pagalba.html", "apsauga.html"]) {
    await go(path);
    await camera.read();
  }
  await go("ataskaita/index.html");
  await camera.take("portalas-ataskaitos", page.locator("h1"), page.locator("main"));
  await go("sql/index.html");
  await camera.read();
  await page.goto(`${settings.origin}/open/index.html`);
  await camera.read();
  told();
});
