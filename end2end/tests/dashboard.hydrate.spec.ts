// The metrics dashboard: every control of it, and numbers that add up.
import { readFile } from "node:fs/promises";
import { expect, open, type Page, test } from "../fixtures";
import { countOnlyTheServer, dashboard, figure, numbers, openDashboard, parseCsv, refresh, scraped } from "../dashboard";

/** Asks for the list of novels when it is in no cache, and then again: one miss and `hits` hits. */
async function readNovels(page: Page, hits: number) {
  expect((await page.request.delete("/studio/api/cache/keys")).status()).toBe(200);
  for (let read = 0; read <= hits; read += 1) expect((await page.request.get("/novels/api/stories")).status()).toBe(200);
}

test("The dashboard opens by its keys, by its button and by the address, and Esc gives the focus back", async ({ page }) => {
  await open(page, "/novels");
  await page.evaluate(() =>
    window.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyM", key: "m", ctrlKey: true, shiftKey: true, cancelable: true })),
  );
  await expect(dashboard(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dashboard(page)).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Cache metrics" })).toBeFocused();

  await page.getByRole("searchbox", { name: "Search" }).focus();
  await page.keyboard.press("Control+Shift+KeyM");
  await expect(dashboard(page)).toBeVisible();
  await page.keyboard.press("Control+Shift+KeyM");
  await expect(dashboard(page)).toHaveCount(0);
  await expect(page.getByRole("searchbox", { name: "Search" })).toBeFocused();

  await page.getByRole("button", { name: "Cache metrics" }).click();
  await dashboard(page).getByRole("button", { name: "Close" }).click();
  await expect(dashboard(page)).toHaveCount(0);
  await open(page, "/novels?debug=metrics");
  await expect(dashboard(page)).toBeVisible();
});

test("Keys that are held, or belong to an input method, open nothing", async ({ page }) => {
  await open(page, "/novels");
  const taken = await page.evaluate(() =>
    [{ repeat: true }, { isComposing: true }, { altKey: true }, { shiftKey: false }].map((more) => {
      const keys = { code: "KeyM", key: "M", ctrlKey: true, shiftKey: true, cancelable: true, ...more };
      return !window.dispatchEvent(new KeyboardEvent("keydown", keys));
    }),
  );
  expect(taken).toEqual([false, false, false, false]);
  await expect(dashboard(page)).toHaveCount(0);
});

test("A load of known hits and misses gives exactly these numbers in the dashboard, the API and Prometheus", async ({ page }) => {
  const line = (operation: string) => `fictures_cache_operations_total{layer="redis",operation="${operation}",group="novels"}`;
  await open(page, "/studio/cache");
  await countOnlyTheServer(page);
  const before = { hits: await scraped(page, line("hit")), misses: await scraped(page, line("miss")) };

  await readNovels(page, 7);
  await readNovels(page, 4);
  await refresh(page);

  for (const [table, name] of [["By layer", "redis"], ["By kind of view", "novels"]] as const) {
    await expect(figure(page, table, name, "hits")).toHaveText("11");
    await expect(figure(page, table, name, "misses")).toHaveText("2");
    await expect(figure(page, table, name, "hitRate")).toHaveText("84.6 %");
  }
  await expect(page.locator('.summary [data-figure="hits"]')).toHaveText("11");
  await expect(page.locator('.summary [data-figure="misses"]')).toHaveText("2");
  const told = await numbers(page);
  expect(told.byGroup.novels).toMatchObject({ hits: 11, misses: 2 });
  expect(told.byType.redis).toMatchObject({ hits: 11, misses: 2 });
  expect(await scraped(page, line("hit"))).toBe(before.hits + 11);
  expect(await scraped(page, line("miss"))).toBe(before.misses + 2);
});

test("Range, grouping and layer are chosen, and what is shown is what was asked for", async ({ page }) => {
  await open(page, "/novels");
  await countOnlyTheServer(page);
  await readNovels(page, 3);
  await openDashboard(page);
  for (const range of ["6h", "24h", "7d", "30d", "all", "1h"]) {
    const asked = page.waitForResponse("**/api/fn/read_cache_numbers");
    await dashboard(page).getByLabel("Range").selectOption(range);
    expect((await (await asked).json()).metrics.timeRange).toBe(range);
    await expect(figure(page, "By layer", "redis", "hits")).toHaveText("3");
    await expect(dashboard(page).locator(".chart__drawing")).not.toHaveCount(0);
  }

  await dashboard(page).getByLabel("Group by").selectOption("operation");
  await expect(figure(page, "By operation", "hit", "hits")).toHaveText("3");
  await expect(figure(page, "By operation", "miss", "misses")).toHaveText("1");
  for (const [grouping, table] of [["hour", "By hour"], ["day", "By day"]] as const) {
    await dashboard(page).getByLabel("Group by").selectOption(grouping);
    await expect(dashboard(page).locator(`[data-table="${table}"] tbody tr`)).not.toHaveCount(0);
  }
  await dashboard(page).getByLabel("Group by").selectOption("cacheType");
  await expect(dashboard(page).locator("[data-table]")).toHaveCount(2);

  const durations = dashboard(page).locator('[data-chart="dock-durations"]');
  await dashboard(page).locator("select[name=layer]").selectOption("memory");
  await expect(durations).toContainText("Nothing was measured in this range.");
  await dashboard(page).locator("select[name=layer]").selectOption("redis");
  await expect(durations.getByRole("img")).toBeVisible();
});

test("Each chart has a name, and its numbers as a table", async ({ page }) => {
  await open(page, "/studio/cache");
  await countOnlyTheServer(page);
  await readNovels(page, 3);
  await refresh(page);
  const told = await numbers(page);

  for (const name of ["Hit rate", "Duration of reads", "Operations", "Invalidation rate", "Error rate"]) {
    await expect(page.getByRole("img", { name })).toBeVisible();
  }
  const operations = page.locator('[data-chart="page-operations"]');
  await operations.getByText("As a table").click();
  const counted = async (figure: string) =>
    (await operations.locator(`td[data-figure="${figure}"]`).allTextContents()).map(Number).reduce((sum, n) => sum + n, 0);
  expect(await counted("hit")).toBe(told.totalHits);
  expect(await counted("miss")).toBe(told.totalMisses);
  await page.locator('[data-chart="page-hit-rate"]').getByText("As a table").click();
  await expect(page.locator('[data-chart="page-hit-rate"] td[data-figure="redis"]').first()).toHaveText(/%$/);
});

test("The last operations of the server are listed, the newest first and with their causes", async ({ page }) => {
  await open(page, "/studio/cache");
  await countOnlyTheServer(page);
  await readNovels(page, 1);
  await refresh(page);
  const listed = page.getByRole("group", { name: "Last operations of this server" });
  await expect(listed).toBeHidden();

  await page.getByText("Last operations of this server").click();

  const rows = listed.locator("tbody tr");
  await expect(rows.nth(0)).toContainText(/^\d\d:\d\d:\d\d\.\d{3}hitstories:published/);
  await expect(rows.nth(1)).toContainText("miss");
  await expect(rows.nth(1).getByRole("cell").nth(4)).not.toHaveText("");
  await expect(rows.nth(2)).toContainText("set");
});

test("The numbers can be taken along as JSON and as CSV", async ({ page }) => {
  await open(page, "/novels");
  await countOnlyTheServer(page);
  await readNovels(page, 5);
  await openDashboard(page);
  await dashboard(page).getByLabel("Group by").selectOption("operation");
  const take = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent("download"), dashboard(page).getByRole("link", { name }).click()]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
  };

  const json = await take("JSON");
  const csv = await take("CSV");

  expect([json.name, csv.name]).toEqual(["cache-metrics-1h.json", "cache-metrics-1h.csv"]);
  expect(JSON.parse(json.text)).toMatchObject({ timeRange: "1h", groupBy: "operation", totalHits: 5, totalMisses: 1 });
  const [header, ...rows] = parseCsv(csv.text);
  const [section, name, hits, misses] = ["section", "name", "hits", "misses"].map((column) => header.indexOf(column));
  expect(rows.every((row) => row.length === header.length)).toBe(true);
  const row = (of: string, named: string) => rows.find((row) => row[section] === of && row[name] === named)!;
  expect([row("layer", "redis")[hits], row("layer", "redis")[misses]]).toEqual(["5", "1"]);
  expect([row("grouped", "hit")[hits], row("view", "novels")[hits]]).toEqual(["5", "5"]);
});

test("An alert is told with advice, and an acknowledgement survives reload and restart", async ({ page, server }) => {
  await open(page, "/studio/cache");
  // The hits of other tests would make it a warning.
  await countOnlyTheServer(page);
  for (let read = 0; read < 110; read += 1) await readNovels(page, 0);
  const alert = page.locator('[data-alert="low_hit_rate:redis"]');
  await expect(alert).toBeVisible({ timeout: 20_000 });
  // What was found before the numbers were cleared stands until the server looks again, and the page asks again.
  await expect(alert).toContainText("critical", { timeout: 20_000 });
  await expect(alert).toContainText("Investigate the cache strategy");
  await expect(alert).toContainText("since");

  await alert.getByRole("button", { name: /^Acknowledge/ }).click();

  await expect(alert).toContainText("acknowledged");
  await expect(alert.getByRole("button")).toHaveCount(0);
  await page.reload();
  await expect(alert).toContainText("acknowledged");
  await page.goto("about:blank"); // nothing of the page is on its way while there is no server
  await server.restart();
  await open(page, "/studio/cache");
  await expect(alert).toContainText("acknowledged");
});

test("Metrics are cleared when that is confirmed, and an empty range says so without an alert", async ({ page }) => {
  await open(page, "/studio/cache");
  await readNovels(page, 2);
  await refresh(page);
  await expect(page.getByRole("img", { name: "Hit rate" })).toBeVisible();
  await countOnlyTheServer(page);
  await readNovels(page, 2);

  await page.getByRole("button", { name: "Clear metrics" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  expect((await numbers(page)).totalHits).toBe(2);
  await page.getByRole("button", { name: "Clear metrics" }).click();
  await page.getByRole("button", { name: "Clear them" }).click();

  await expect(page.getByText("The metrics are cleared.")).toBeVisible();
  await expect(page.getByText("No traffic in this range.")).toBeVisible();
  await expect(page.locator(".dashboard").getByRole("alert")).toHaveCount(0);
  expect((await numbers(page)).totalHits).toBe(0);
});

test("All entries of the server are dropped when that is confirmed", async ({ page }) => {
  await open(page, "/studio/cache");
  await readNovels(page, 1);
  const keys = async () => (await (await page.request.get("/studio/api/cache/keys")).json()).keys.length;
  expect(await keys()).toBeGreaterThan(0);

  await page.getByRole("button", { name: "Drop all entries" }).click();
  await page.getByRole("button", { name: "Drop them" }).click();

  await expect(page.getByText(/entries were dropped/)).toBeVisible();
  expect(await keys()).toBe(0);
});

test("What readers will come for is loaded before they ask", async ({ page }) => {
  await open(page, "/studio/cache");
  await page.request.delete("/studio/api/cache/keys");

  await page.getByRole("button", { name: "Warm" }).click();

  await expect(page.getByText(/^[1-9][\d,]* views were loaded/)).toBeVisible();
  const answer = await page.request.get("/novels/api/stories");
  expect(answer.headers()["x-cache-status"]).toBe("HIT");
});
