// The cache tools on a server that shows them to developers only: for everyone else they do not exist.
import { expect, open, type Page, signIn, test } from "../fixtures";
import { dashboard, openDashboard } from "../dashboard";

test.use({ devTools: "off" });

/** Presses the keys of both tools, and says whether the page took them away from the browser. */
const pressed = (page: Page) =>
  page.evaluate(() =>
    ["KeyD", "KeyM"].map((code) => {
      const keys = { code, ctrlKey: true, shiftKey: true, cancelable: true, bubbles: true };
      return !document.body.dispatchEvent(new KeyboardEvent("keydown", keys));
    }),
  );

const openers = (page: Page) => page.getByRole("button", { name: /Cache metrics|Developer tools/ });

test("A reader gets neither button, nor keys, nor page, nor chunk", async ({ page, trouble }) => {
  trouble.expect(/404/); // the console tells of the page that is not there
  const loaded: string[] = [];
  page.on("response", (response) => loaded.push(new URL(response.url()).pathname));
  await signIn(page, "noor");
  const live = page.waitForResponse(/split_live/);
  await open(page, "/novels?debug=metrics");
  await (await live).finished();

  await expect(openers(page)).toHaveCount(0);
  expect(await pressed(page)).toEqual([false, false]);
  const answer = await page.goto("/studio/cache");
  expect(answer!.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no such page");
  const text = await page.getByRole("main").innerText();
  await page.goto("/studio/nothing-of-the-kind");
  expect(text).toBe(await page.getByRole("main").innerText());
  await expect(page.locator("html[data-hydrated]")).toBeAttached();
  await expect(dashboard(page)).toHaveCount(0);
  expect(loaded.filter((path) => /split_(dock|cache_panel|metrics)_/.test(path))).toEqual([]);
  expect((await page.request.get("/studio/api/cache/metrics/csv")).status()).toBe(403);
  expect((await page.request.post("/api/fn/read_cache_numbers", { data: { range: "1h", by: "hour" } })).status()).toBe(403);
});

test("A developer sees them until they log out", async ({ page }) => {
  await signIn(page, "dev");
  await open(page, "/novels");
  await openDashboard(page);
  await dashboard(page).getByRole("link", { name: "Open as a page" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Caches");
  await dashboard(page).getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("Control+Shift+KeyM");
  await expect(dashboard(page)).toBeVisible();

  await page.locator("summary.menu__button").click();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL("**/novels");

  await expect(page.locator("html[data-hydrated]")).toBeAttached();
  await expect(openers(page)).toHaveCount(0);
  await expect(dashboard(page)).toHaveCount(0);
  expect(await pressed(page)).toEqual([false, false]);
});

test("The page of the caches comes with its numbers in it", async ({ page }) => {
  await signIn(page, "dev");
  const html = await (await page.request.get("/studio/cache?timeRange=6h&groupBy=operation")).text();
  expect(html).toMatch(/<option value="6h" selected/);
  expect(html).toContain('data-table="By operation"');
  expect(html).toContain('data-chart="page-hit-rate"');
});
