// The debug panel: three ways in, nothing for those who do not open it.
import { expect, open, type Page, signIn, test, testStories } from "../fixtures";
import { numbers } from "../dashboard";
import { memoryRow, openPanel, operationLine, panelOf as panel, storedText } from "../layers";

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

test("The panel closes with its button, and gives the focus back", async ({ page }) => {
  await open(page, "/novels");
  await page.getByRole("searchbox", { name: "Search" }).focus();
  await openPanel(page);

  await panel(page).getByRole("button", { name: "Close" }).click();

  await expect(panel(page)).toHaveCount(0);
  await expect(page.getByRole("searchbox", { name: "Search" })).toBeFocused();
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

/** What the server knows of each layer. */
const counted = async (page: Page) => (await numbers(page)).byType;

/** Lets the page send what it has counted, as it does when it is hidden. */
async function sendCounts(page: Page) {
  const sent = page.waitForResponse((response) => response.url().endsWith("/studio/api/cache/metrics") && response.request().method() === "POST");
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  });
  expect((await sent).status()).toBe(202);
}

test("What this browser's layers did is counted by the server", async ({ page }) => {
  const before = await counted(page);
  await open(page, "/novels");
  await page.locator(`a[href="/novels/${testStories[0]}"]`).first().click();
  await page.waitForURL(`**/novels/${testStories[0]}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cache Test Story");
  await page.goBack();
  await expect(page).toHaveURL(/\/novels$/);
  await expect.poll(() => storedText(page, `story:${testStories[0]}:public`)).not.toBeNull();

  await sendCounts(page);

  await expect.poll(async () => (await counted(page)).memory.hits).toBeGreaterThan(before.memory.hits);
  await expect.poll(async () => (await counted(page)).memory.misses).toBeGreaterThan(before.memory.misses);
  await expect.poll(async () => (await counted(page)).localStorage.sets).toBeGreaterThan(before.localStorage.sets);
});

test("A fetch that fails is an error of this browser's memory", async ({ page, trouble }) => {
  trouble.expect(/503|Service Unavailable/);
  const before = await counted(page);
  await open(page, "/novels");
  await page.route("**/api/fn/read", (route) => route.fulfill({ status: 503 }));

  await page.locator(`a[href="/novels/${testStories[0]}"]`).first().click();
  await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  await sendCounts(page);

  expect((await counted(page)).memory.errors).toBeGreaterThan(before.memory.errors);
});

test("That a device has no network is no error", async ({ page, trouble }) => {
  trouble.expect(/ERR_INTERNET_DISCONNECTED/);
  const before = await counted(page);
  await open(page, "/novels");
  // The page of a novel is a chunk of the program, which has to be there before.
  await page.locator(`a[href="/novels/${testStories[0]}"]`).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cache Test Story");
  await page.goBack();
  const other = page.getByRole("main").locator(`a[href^="/novels/"]:not([href="/novels/${testStories[0]}"])`).first();
  await expect(other).toBeVisible();
  await page.context().setOffline(true);

  await other.click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("The server cannot be reached.");
  await page.context().setOffline(false);
  await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText("");
  await sendCounts(page);

  expect((await counted(page)).memory.errors).toBe(before.memory.errors);
});

test("A view that finds no room on the device is an error of this browser's storage", async ({ page }) => {
  const before = await counted(page);
  await open(page, "/novels");
  await expect.poll(() => storedText(page, "stories:published")).not.toBeNull();
  await page.evaluate(() => {
    for (const name of Object.keys(localStorage)) if (name.startsWith("fictures:v")) localStorage.removeItem(name);
    let text = "x".repeat(8_000_000);
    // Down to the last byte, so that no view finds room.
    for (let n = 0; text; n += 1) {
      try {
        localStorage.setItem(`somebody-else-${n}`, text);
      } catch {
        text = text.slice(0, text.length / 2);
      }
    }
  });

  await page.locator(`a[href="/novels/${testStories[0]}"]`).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cache Test Story");
  await openPanel(page);
  await page.getByRole("tab", { name: "Operations" }).click();
  await expect(operationLine(page, "localStorage", "error", `story:${testStories[0]}:public`)).toContainText("it found no room");
  await sendCounts(page);

  expect((await counted(page)).localStorage.errors).toBeGreaterThan(before.localStorage.errors);
  expect(await storedText(page, `story:${testStories[0]}:public`)).toBeNull();
});
