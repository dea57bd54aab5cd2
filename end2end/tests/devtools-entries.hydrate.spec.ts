// The debug panel's table: every key with its three layers side by side, what can be done to one, and all about it.
import { expect, open, type Page, signIn, test, testStories } from "../fixtures";
import { keyRow, memoryRow, openPanel, operationLine, panelOf, serverEntries, storedText } from "../layers";

const novel = `story:${testStories[0]}:public`;

/** The list of novels and then a novel, which is shown; both are in memory, on the device and on the server. */
async function fromListToNovel(page: Page) {
  await open(page, "/novels");
  await page.locator(`a[href="/novels/${testStories[0]}"]`).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cache Test Story");
  await expect.poll(() => storedText(page, novel)).not.toBeNull();
}

const act = (page: Page, verb: string, key: string) => page.getByRole("button", { name: `${verb} ${key}`, exact: true });
const keys = (page: Page) => page.locator("tr[data-key]").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-key")));
const cell = (page: Page, layer: string) => keyRow(page, novel).locator(`td[data-layer="${layer}"]`);

/** The next read of `key` that this page sends. */
const nextRead = (page: Page, key: string) =>
  page.waitForResponse((response) => response.url().endsWith("/api/fn/read") && !!response.request().postData()?.includes(`"${key}"`));

test("A key has one row with its three layers side by side", async ({ page }) => {
  await fromListToNovel(page);
  await openPanel(page, "");
  await panelOf(page).getByLabel("Filter keys").fill(novel);

  await expect(keyRow(page, novel)).toHaveCount(1);
  for (const layer of ["server", "localStorage", "memory"]) {
    await expect(cell(page, layer)).toContainText(/\d+ (s|min)/);
    await expect(cell(page, layer).getByRole("meter")).toHaveAttribute("max", /^\d{5,}$/);
  }
  const figures = keyRow(page, novel).locator(".entries__figure");
  await expect(figures.nth(0)).toContainText(/ (B|kB)$/);
  await expect(figures.nth(1), "clock").toContainText(/^\d+$/);
  await expect(figures.nth(2), "observers").toHaveText("1");
  await expect(figures.nth(3), "hits and misses").toHaveText(/^\d+ \/ 1$/);
  await expect(figures.nth(4), "last fetch").toContainText(/^\d+ (ms|s)$/);
  // Nothing happens but that time passes.
  await expect(keyRow(page, novel).locator("td[data-state]")).toHaveAttribute("data-state", "stale", { timeout: 10_000 });
});

test("Keys are filtered by text, layer and state", async ({ page }) => {
  await fromListToNovel(page);
  await openPanel(page);
  const panel = panelOf(page);
  await expect(keyRow(page, "stories:published")).toBeVisible();

  await panel.getByLabel("Filter keys").fill("STORIES:pub");
  await expect(keyRow(page, novel)).toHaveCount(0);
  await expect(keyRow(page, "stories:published")).toBeVisible();
  await panel.getByLabel("Filter keys").fill("no such key");
  await expect(panel).toContainText("No key is like that. Choose less.");
  await panel.getByLabel("Filter keys").fill("");

  // Somebody else's entry, which only the server has.
  await page.request.get("/community/api/stories");
  await panel.getByLabel("Layer").selectOption("server");
  await panel.getByLabel("Filter keys").fill("stories:");
  await expect(keyRow(page, "community:stories:all")).toBeVisible();
  await expect(keyRow(page, "stories:published")).toBeVisible();
  await panel.getByLabel("Layer").selectOption("localStorage");
  await expect(keyRow(page, "community:stories:all")).toHaveCount(0);
  await expect(keyRow(page, "stories:published")).toBeVisible();
  await panel.getByLabel("Layer").selectOption("");
  await panel.getByLabel("State").selectOption("cached");
  await expect(keyRow(page, "community:stories:all")).toBeVisible();
  await expect(keyRow(page, "stories:published")).toHaveCount(0);
});

test("Every column but the last sorts, both ways, and says so", async ({ page }) => {
  await fromListToNovel(page);
  await openPanel(page, "memory");
  await expect(memoryRow(page, novel)).toBeVisible();
  const head = (name: string) => panelOf(page).getByRole("columnheader", { name, exact: true });
  const ascending = await keys(page);
  expect(ascending).toEqual([...ascending].sort());
  await expect(head("Key")).toHaveAttribute("aria-sort", "ascending");
  await head("Key").getByRole("button").click();
  await expect(head("Key")).toHaveAttribute("aria-sort", "descending");
  expect(await keys(page)).toEqual(ascending.reverse());

  const names = ["server", "localStorage", "memory", "State", "Size", "Clock", "Observers", "Hits / misses", "Last fetch", "Last invalidation"];
  for (const name of names) {
    await head(name).getByRole("button").click();
    await expect(head(name)).toHaveAttribute("aria-sort", "ascending");
    await head(name).getByRole("button").click();
    await expect(head(name)).toHaveAttribute("aria-sort", "descending");
  }
  await expect(panelOf(page).locator('th[aria-sort]:not([aria-sort="none"])')).toHaveCount(1);
  // What is shown has an observer, the list has none: the first of the two.
  await head("Observers").getByRole("button").click();
  await head("Observers").getByRole("button").click();
  await expect.poll(async () => (await keys(page))[0]).toBe(novel);
});

test("A view that is invalidated by hand is asked for again, of the database", async ({ page }) => {
  await fromListToNovel(page);
  await openPanel(page);
  const read = nextRead(page, novel);

  await act(page, "Invalidate", novel).click();

  expect((await read).headers()["x-cache-status"]).toBe("MISS");
  await expect(keyRow(page, novel).locator(".entries__last")).toContainText("by hand");
  await page.getByRole("tab", { name: "Operations" }).click();
  await expect(operationLine(page, "memory", "invalidate", novel)).toContainText("chosen in the panel, by hand");
  await expect(operationLine(page, "server", "miss", novel)).toBeVisible();
});

test("A view that nobody shows is fetched when it is wished for", async ({ page }) => {
  await fromListToNovel(page);
  await openPanel(page);
  const read = nextRead(page, "stories:published");

  await act(page, "Refetch", "stories:published").click();

  expect((await read).status()).toBe(200);
  await expect(keyRow(page, "stories:published").locator("td[data-state]")).toHaveAttribute("data-state", "fresh");
});

test("A view that is removed is gone from all three layers", async ({ page }) => {
  await fromListToNovel(page);
  await openPanel(page, "");
  await panelOf(page).getByLabel("Filter keys").fill("stories:published");
  await expect(keyRow(page, "stories:published")).toBeVisible();
  expect(await serverEntries(page, "stories:published")).not.toEqual([]);

  await act(page, "Remove", "stories:published").click();

  await expect(keyRow(page, "stories:published")).toHaveCount(0);
  expect(await storedText(page, "stories:published")).toBeNull();
  expect((await serverEntries(page, "stories:published")).filter((entry) => entry.key === "stories:published")).toEqual([]);
});

test("A view can be made to fail, and let go", async ({ page }) => {
  await fromListToNovel(page);
  await openPanel(page);
  const fail = act(page, "Force an error of", novel);

  await fail.click();
  await expect(fail).toHaveAttribute("aria-pressed", "true");
  await expect(keyRow(page, novel).locator("td[data-state]")).toHaveAttribute("data-state", "forced error");
  const notice = page.getByRole("main").getByText("You see it as it was.");
  await expect(notice).toContainText("The server cannot be reached.");

  await fail.click();
  await expect(fail).toHaveAttribute("aria-pressed", "false");
  await expect(notice).toHaveCount(0);
});

test("A view can be made to load for ever, and let go", async ({ page }) => {
  await fromListToNovel(page);
  await page.goBack();
  await expect(page).toHaveURL(/\/novels$/);
  await openPanel(page);
  await act(page, "Force loading of", novel).click();
  await page.keyboard.press("Escape");

  await page.locator(`a[href="/novels/${testStories[0]}"]`).first().click();
  await expect(page.getByRole("main").locator(".skeleton")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(0);
  await openPanel(page);
  await expect(keyRow(page, novel).locator("td[data-state]")).toHaveAttribute("data-state", "forced loading");
  await act(page, "Force loading of", novel).click();

  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cache Test Story");
});

test("What only somebody else may read is not asked for", async ({ page, newVisitor }) => {
  const writer = await newVisitor();
  await signIn(writer, "cache-writer");
  await writer.request.get("/studio/api/stories");
  const [shelf] = (await serverEntries(writer, "user:")).filter((entry) => entry.key.endsWith(":stories"));
  await open(page, "/novels");
  await openPanel(page, "server");

  await panelOf(page).getByLabel("Filter keys").fill(shelf.key);
  await expect(keyRow(page, shelf.key)).toBeVisible();
  await expect(act(page, "Refetch", shelf.key)).toBeDisabled();
  await expect(act(page, "Force an error of", shelf.key)).toBeDisabled();
  await expect(act(page, "Remove", shelf.key)).toBeEnabled();
});

test("The table is walked with the arrow keys, and Tab goes through the row that one is in", async ({ page }) => {
  await fromListToNovel(page);
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Novels", level: 1 })).toBeVisible();
  const other = page.locator(`a[href^="/novels/"]:not([href$="${testStories[0]}"])`).first();
  const otherNovel = `story:${(await other.getAttribute("href"))?.split("/").at(-1)}:public`;
  await other.click();
  await openPanel(page);
  // Three rows, whatever else is prefetched meanwhile.
  await panelOf(page).getByLabel("Filter keys").fill("stor");
  const order = ["stories:published", ...[novel, otherNovel].sort()];
  await expect.poll(() => keys(page)).toEqual(order);
  const pick = (key: string | null) => keyRow(page, key!).getByRole("button").first();

  await pick(order[0]).focus();
  await page.keyboard.press("ArrowDown");
  await expect(pick(order[1])).toBeFocused();
  await page.keyboard.press("Home");
  await expect(pick(order[0])).toBeFocused();
  await page.keyboard.press("End");
  await expect(pick(order.at(-1)!)).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(act(page, "Invalidate", order.at(-1)!)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary", { name: `Details of ${order.at(-2)}` })).toBeVisible();
  await expect(page.locator("tr[data-key] button[tabindex='0']")).toHaveCount(6);
});

test("A server that does not list its cache is said to be so, and asked again on a click", async ({ page, trouble }) => {
  await open(page, "/novels");
  trouble.expect(/503|Service Unavailable/);
  await page.route("**/studio/api/cache/keys*", (route) => route.fulfill({ status: 503, body: "{}" }));
  await openPanel(page);
  const alert = panelOf(page).getByRole("alert");
  await expect(alert).toContainText("The server's cache cannot be listed");
  await expect(memoryRow(page, "stories:published")).toBeVisible();

  await page.unroute("**/studio/api/cache/keys*");
  await alert.getByRole("button", { name: "Ask again" }).click();

  await expect(alert).toHaveCount(0);
  await expect(keyRow(page, "stories:published").locator('td[data-layer="server"]')).toBeVisible();
});
