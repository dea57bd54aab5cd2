// The debug panel beside its table: the list of operations, a network that is simulated away, the configuration, the export.
import { readFile } from "node:fs/promises";
import { expect, open, type Page, signIn, test, testStories } from "../fixtures";
import { keyRow, openPanel, operationLine, outlineOf, panelOf, storeMany, storedText } from "../layers";

const novel = `story:${testStories[0]}:public`;
const simulate = (page: Page, network: "as it is" | "slow (+2 s)" | "offline") =>
  panelOf(page).getByLabel("Simulate the network").selectOption(network);

/** Goes from the list to a novel; its view is read, unless the network is simulated away. */
const toNovel = (page: Page) => page.locator(`a[href="/novels/${testStories[0]}"]`).first().click();

test("Operations are filtered by layer, operation and text", async ({ page }) => {
  await open(page, "/novels");
  await toNovel(page);
  await expect.poll(() => storedText(page, novel)).not.toBeNull();
  await openPanel(page);
  await page.getByRole("tab", { name: "Operations" }).click();
  const lines = panelOf(page).locator("li[data-operation]");
  await expect(operationLine(page, "localStorage", "set", novel)).toBeVisible();

  await panelOf(page).getByLabel("Layer").selectOption("localStorage");
  await expect(lines.locator("xpath=self::*[@data-layer!='localStorage']")).toHaveCount(0);
  await panelOf(page).getByRole("combobox", { name: "Operation" }).selectOption("set");
  await expect(lines.locator("xpath=self::*[@data-operation!='set']")).toHaveCount(0);
  await expect(operationLine(page, "localStorage", "set", novel)).toBeVisible();
  await panelOf(page).getByLabel("Filter keys").fill("no such thing");
  await expect(panelOf(page)).toContainText("Nothing like that happened.");
});

test("The list of operations is held still, goes on, and is cleared", async ({ page }) => {
  await open(page, "/novels");
  await openPanel(page);
  await page.getByRole("tab", { name: "Operations" }).click();
  await expect(operationLine(page, "memory", "set", "stories:published")).toBeVisible();
  const pause = panelOf(page).getByRole("button", { name: "Pause" });
  await pause.click();
  await expect(pause).toHaveAttribute("aria-pressed", "true");

  await toNovel(page);
  await expect.poll(() => storedText(page, novel)).not.toBeNull();
  await expect(operationLine(page, "memory", "set", novel)).toHaveCount(0);
  await pause.click();
  await expect(operationLine(page, "memory", "set", novel)).toBeVisible();

  await panelOf(page).getByRole("button", { name: "Clear list" }).click();
  await expect(operationLine(page, "memory", "set", "stories:published")).toHaveCount(0);
});

test("The list of operations begins with two hundred, and shows more on a click", async ({ page }) => {
  await open(page, "/novels");
  await toNovel(page);
  await storeMany(page, novel, 300);
  await openPanel(page);
  await panelOf(page).getByRole("button", { name: "Clear all" }).click();
  await page.getByRole("tab", { name: "Operations" }).click();
  await panelOf(page).getByRole("button", { name: "Pause" }).click();
  await panelOf(page).getByRole("combobox", { name: "Operation" }).selectOption("invalidate");
  const lines = panelOf(page).locator("li[data-operation]");
  const older = panelOf(page).getByRole("button", { name: /^\d+ older$/ });
  await expect(lines).toHaveCount(200);
  const [count] = (await older.textContent())!.split(" ");
  expect(Number(count)).toBeGreaterThanOrEqual(100);

  await older.click();

  await expect(lines).toHaveCount(200 + Number(count));
  await expect(older).toHaveCount(0);
});

test("Offline is simulated: views cannot be had, and come by themselves when it is over", async ({ page }) => {
  await open(page, "/novels");
  await openPanel(page);
  await simulate(page, "offline");
  await expect(panelOf(page)).toContainText("this tab sends nothing and hears nothing");
  await expect(page.locator('html[data-simulated="offline"]')).toBeAttached();
  let reads = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/api/fn/read")) reads += 1;
  });

  await toNovel(page);
  await expect(page.getByRole("main").getByRole("alert")).toContainText("The server cannot be reached.");
  expect(reads).toBe(0);
  await page.getByRole("tab", { name: "Configuration" }).click();
  await expect(panelOf(page).locator('[data-fact="stream"]')).toContainText("not taken part in");
  const stream = page.waitForRequest("**/api/events*");
  await simulate(page, "as it is");

  await stream;
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cache Test Story");
  await expect(page.locator("html[data-simulated]")).toHaveCount(0);
});

test("Offline is simulated for what is written too: text stays on the device until it is over", async ({ page }) => {
  await signIn(page, "cache-writer");
  const [chapter] = (await outlineOf(page, testStories[1])).chapters;
  const [scene] = chapter.scenes;
  await open(page, `/studio/story/${testStories[1]}/scene/${scene.id}`);
  const editor = page.getByRole("textbox", { name: "Text" });
  await expect(editor).toBeEditable();
  await openPanel(page);
  await simulate(page, "offline");
  await page.keyboard.press("Escape");
  const text = `Written in a tunnel ${Date.now()}`;

  await editor.fill(text);
  await page.getByRole("button", { name: "Save Scene" }).click();
  await expect(page.locator(".save-state--offline")).toBeVisible();
  await openPanel(page);
  await simulate(page, "as it is");

  await expect(page.locator(".save-state--saved")).toContainText("Saved");
  expect((await (await page.request.get(`/studio/api/scenes/${scene.id}`)).json()).scene.content).toBe(text);
});

test("A slow network is simulated for views alone, and is over with the page", async ({ page }) => {
  await open(page, "/novels");
  await openPanel(page);
  await simulate(page, "slow (+2 s)");
  await expect(panelOf(page)).toContainText("each read comes two seconds late");

  await toNovel(page);
  await expect(page.getByRole("main").locator(".skeleton")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cache Test Story");
  await expect(keyRow(page, novel).locator(".entries__figure").nth(4)).toHaveText(/^\d+ s$/);

  await page.reload();
  await expect(page.locator("html[data-simulated]")).toHaveCount(0);
});

test("The configuration says what holds: policies, budgets, prefetching, the stream and versions", async ({ page }) => {
  const live = page.waitForResponse("**/api/events*");
  await open(page, "/novels");
  await live;
  await openPanel(page);
  await page.getByRole("tab", { name: "Entries" }).focus();
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("tab", { name: "Configuration" })).toBeFocused();
  const shown = panelOf(page);

  await expect(shown.getByRole("table", { name: "Policies" }).locator("tbody tr")).toHaveCount(19);
  await expect(shown.getByRole("row", { name: /^scene writing 5 s 30 min 3 min/ })).toBeVisible();
  await expect(shown.getByRole("table", { name: "Page types" }).getByRole("row", { name: "reading 1 h" })).toBeVisible();
  await expect(shown.locator('[data-fact="stream"]')).toContainText("this tab holds it, for all tabs of this browser");
  await expect(shown.locator('[data-fact="memory"]')).toHaveText(/^[1-9]\d* values, .* of at most 1000 values, 20\.0 MB$/);
  await expect(shown.locator('[data-fact="localStorage"]')).toContainText("of at most 5.0 MB");
  await expect(shown.locator('[data-fact="prefetched"]')).toContainText("Fetched before anybody asked:");
  await expect(shown).toContainText("fictures:v1:");
});

test("The export holds keys, operations and configuration, and nothing that a view shows", async ({ page }) => {
  await open(page, "/novels");
  await toNovel(page);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cache Test Story");
  await expect.poll(() => storedText(page, novel)).toContain("Cache Test Story");
  await openPanel(page);
  await expect(keyRow(page, novel).locator('td[data-layer="localStorage"]')).toBeVisible();
  const saved = page.waitForEvent("download");

  await panelOf(page).getByRole("button", { name: "Export" }).click();

  const download = await saved;
  expect(download.suggestedFilename()).toBe("fictures-cache.json");
  const text = await readFile(await download.path(), "utf8");
  const { entries, operations, configuration } = JSON.parse(text);
  const entry = entries.find((entry: { key: string }) => entry.key === novel);
  expect(entry).toMatchObject({ tags: [`story:${testStories[0]}`, novel], observers: 1 });
  expect(entry.memory.sizeBytes).toBeGreaterThan(100);
  expect(entry.localStorage.ttlMs).toBe(3_600_000);
  expect(operations.some((operation: { subject: string }) => operation.subject === novel)).toBe(true);
  expect(configuration.policies).toHaveLength(19);
  expect(text).not.toContain("Cache Test Story");
});
