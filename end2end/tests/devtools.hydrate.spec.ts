// The debug panel: three ways in, nothing for those who do not open it.
import { expect, open, signIn, test, testStories } from "../fixtures";
import { memoryRow, openPanel, storedText } from "../layers";

const panel = (page: import("@playwright/test").Page) => page.getByRole("dialog", { name: "Cache" });

test("A reader downloads none of the panel until it is opened", async ({ page }) => {
  const loaded: string[] = [];
  page.on("response", (response) => loaded.push(new URL(response.url()).pathname));
  await open(page, "/novels");
  const before = loaded.filter((path) => path.endsWith(".wasm")).length;
  expect(before, "one module, without chunks").toBe(1);
  await page.getByRole("button", { name: "Developer tools" }).click();
  await expect(panel(page)).toBeVisible();
  expect(loaded.filter((path) => path.endsWith(".wasm")).length).toBeGreaterThan(before);
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

  await memoryRow(page, "stories:published").getByRole("button", { name: /^Clear/ }).click();
  await expect(memoryRow(page, "stories:published")).toHaveCount(0);
  expect(await storedText(page, "stories:published")).toBeNull();
  await expect(memoryRow(page, `story:${testStories[0]}:public`)).toBeVisible();

  await page.evaluate(() => localStorage.setItem("somebody-else", "keeps this"));
  await page.getByRole("button", { name: "Clear all" }).click();
  await page.getByRole("tab", { name: "Operations" }).click();
  await expect(page.locator('li[data-layer="memory"][data-operation="evict"]').first()).toContainText("by hand");
  expect(await page.evaluate(() => localStorage.getItem("somebody-else"))).toBe("keeps this");
});

test("An invalidation names the tag that caused it", async ({ page }) => {
  await signIn(page, "cache-writer");
  await open(page, "/studio");
  await openPanel(page);
  await page.getByRole("textbox", { name: "Title of the new story" }).fill("For the panel");
  await page.getByRole("button", { name: "New story" }).click();
  await page.waitForURL(/\/studio\/story\//);
  await page.getByRole("tab", { name: "Operations" }).click();
  await expect(page.locator('li[data-operation="invalidate"][data-layer="memory"]').first()).toContainText(/user:.*:stories changed/);
});
