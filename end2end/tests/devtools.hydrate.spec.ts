// The debug panel: three ways in, nothing for those who do not open it.
import { expect, open, signIn, test, testStories } from "../fixtures";
import { memoryRow, openPanel, panelOf as panel, storedText } from "../layers";

test("A reader's first page can be used before any chunk is asked for", async ({ page }) => {
  await page.addInitScript(() => {
    const hydrated = new MutationObserver(() => {
      if (!document.documentElement.hasAttribute("data-hydrated")) return;
      hydrated.disconnect();
      const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name).pathname);
      Object.assign(window, { modules: loaded.filter((path) => path.endsWith(".wasm")) });
    });
    hydrated.observe(document, { attributes: true, subtree: true });
  });
  await open(page, "/novels");
  const modules = await page.waitForFunction(() => (window as unknown as { modules?: string[] }).modules);
  expect(await modules.jsonValue()).toEqual([expect.stringMatching(/^\/pkg\/[0-9a-f]+\/fictures_bg\.wasm$/)]);
});

test("A reader downloads none of the panel until it is opened", async ({ page }) => {
  const loaded: string[] = [];
  page.on("response", (response) => loaded.push(new URL(response.url()).pathname));
  const live = page.waitForResponse(/split_live/);
  await open(page, "/novels");
  await live;
  expect(loaded.filter((path) => path.includes("cache_panel"))).toEqual([]);
  await page.getByRole("button", { name: "Developer tools" }).click();
  await expect(panel(page)).toBeVisible();
  expect(loaded.filter((path) => path.includes("cache_panel"))).toHaveLength(1);
});

test("The panel opens by its keys with Caps Lock on, by its button and by the address, and closes with Esc", async ({ page }) => {
  await open(page, "/novels");
  await page.evaluate(() =>
    window.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyD", key: "d", ctrlKey: true, shiftKey: true, cancelable: true })),
  );
  await expect(panel(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(panel(page)).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Developer tools" })).toBeFocused();
  await openPanel(page);
  await page.keyboard.press("Control+Shift+KeyD");
  await expect(panel(page)).toHaveCount(0);
  await open(page, "/novels?debug=cache");
  await expect(panel(page)).toBeVisible();
});

test("One entry can be cleared, and all of them", async ({ page }) => {
  await open(page, "/novels");
  await page.locator(`a[href="/novels/${testStories[0]}"]`).first().click();
  await page.waitForURL(`**/novels/${testStories[0]}`);
  await openPanel(page);
  await expect(memoryRow(page, "stories:published")).toBeVisible();

  await memoryRow(page, "stories:published").getByRole("button", { name: /^Remove/ }).click();
  await expect(memoryRow(page, "stories:published")).toHaveCount(0);
  expect(await storedText(page, "stories:published")).toBeNull();
  await expect(memoryRow(page, `story:${testStories[0]}:public`)).toBeVisible();

  await page.evaluate(() => localStorage.setItem("somebody-else", "keeps this"));
  await page.getByRole("button", { name: "Clear all" }).click();
  await page.getByRole("tab", { name: "Operations" }).click();
  await expect(page.locator('li[data-layer="memory"][data-operation="evict"]').first()).toContainText("by hand");
  expect(await page.evaluate(() => localStorage.getItem("somebody-else"))).toBe("keeps this");
});

test("An invalidation names the tag that caused it, and what this tab wrote", async ({ page }) => {
  await signIn(page, "cache-writer");
  await open(page, "/studio");
  await openPanel(page);
  await page.getByRole("textbox", { name: "Title of the new story" }).fill("For the panel");
  await page.getByRole("button", { name: "New story" }).click();
  await page.waitForURL(/\/studio\/story\//);
  await page.getByRole("tab", { name: "Operations" }).click();
  const line = page.locator('li[data-operation="invalidate"][data-layer="memory"]').first();
  await expect(line).toContainText(/user:.*:stories changed, written from this tab: story saved \(write \w+\)/);
});

test("What this browser's layers did is counted by the server", async ({ page }) => {
  const counted = async () => {
    const answer = await page.request.get("/studio/api/cache/metrics?timeRange=1h&groupBy=cacheType");
    return (await answer.json()).byType;
  };
  const before = await counted();
  await open(page, "/novels");
  await page.locator(`a[href="/novels/${testStories[0]}"]`).first().click();
  await page.waitForURL(`**/novels/${testStories[0]}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cache Test Story");
  await page.goBack();
  await expect(page).toHaveURL(/\/novels$/);
  await expect.poll(() => storedText(page, `story:${testStories[0]}:public`)).not.toBeNull();

  const sent = page.waitForResponse((response) => response.url().endsWith("/studio/api/cache/metrics") && response.request().method() === "POST");
  // What a browser says when the page is hidden.
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  });
  expect((await sent).status()).toBe(202);

  await expect.poll(async () => (await counted()).memory.hits).toBeGreaterThan(before.memory.hits);
  await expect.poll(async () => (await counted()).memory.misses).toBeGreaterThan(before.memory.misses);
  await expect.poll(async () => (await counted()).localStorage.sets).toBeGreaterThan(before.localStorage.sets);
});
