// The dock with both tools in it, and how the dashboard keeps its numbers up to date.
import { expect, open, type Page, signIn, test, testStories } from "../fixtures";
import { openPanel, outlineOf } from "../layers";
import { dashboard, figure, openDashboard, refresh } from "../dashboard";

const panel = (page: Page) => page.getByRole("dialog", { name: "Cache", exact: true });
const handle = (page: Page) => page.getByRole("separator", { name: "Height of the tools" });

test("The dock comes when the page has settled, and the dashboard when it is opened", async ({ page }) => {
  const loaded: string[] = [];
  page.on("response", (response) => loaded.push(new URL(response.url()).pathname));
  const ours = (chunk: string) => loaded.filter((path) => path.includes(`split_${chunk}_`)).length;
  await open(page, "/novels");
  await expect(page.getByRole("button", { name: "Cache metrics" })).toBeVisible();
  expect([ours("dock"), ours("metrics"), ours("cache_panel")]).toEqual([1, 0, 0]);
  await openDashboard(page);
  expect([ours("dock"), ours("metrics"), ours("cache_panel")]).toEqual([1, 1, 0]);
});

test("Both tools stand side by side, over neither each other nor the save state", async ({ page }) => {
  await signIn(page, "cache-writer");
  const { chapters } = await outlineOf(page, testStories[1]);
  await open(page, `/studio/story/${testStories[1]}/scene/${chapters[0].scenes[0].id}`);
  const saveState = page.locator(".save-state");
  await expect(saveState).toBeVisible();
  await openPanel(page);
  await openDashboard(page);

  const [left, right, state] = await Promise.all(
    [panel(page), dashboard(page), saveState].map(async (it) => (await it.boundingBox())!),
  );
  expect(left.x + left.width).toBeLessThanOrEqual(right.x);
  expect(Math.abs(left.y - right.y)).toBeLessThan(1);
  expect(state.y).toBeGreaterThanOrEqual(0);
  expect(state.y + state.height).toBeLessThanOrEqual(left.y);
  // As high as it gets it still leaves the save state, and where one writes.
  await handle(page).focus();
  await page.keyboard.press("End");
  await expect(handle(page)).toHaveAttribute("aria-valuenow", "70");
  const lower = (await saveState.boundingBox())!;
  expect(lower.y + lower.height).toBeLessThanOrEqual((await panel(page).boundingBox())!.y);
});

test("Esc closes the tool that has the focus, and only that", async ({ page }) => {
  await open(page, "/novels");
  await openPanel(page);
  await openDashboard(page);
  await dashboard(page).getByRole("button", { name: "Refresh" }).focus();
  await page.keyboard.press("Escape");
  await expect(dashboard(page)).toHaveCount(0);
  await expect(panel(page)).toBeVisible();

  await openDashboard(page);
  await dashboard(page).getByRole("button", { name: "Clear metrics" }).click();
  await dashboard(page).getByRole("button", { name: "Clear them" }).focus();
  await page.keyboard.press("Escape");
  await expect(dashboard(page).getByRole("button", { name: "Clear metrics" })).toBeVisible();
});

test("The dock is resized with keys and with the pointer, and comes back as it was left", async ({ page }) => {
  await open(page, "/novels");
  await openDashboard(page);
  await handle(page).focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(handle(page)).toHaveAttribute("aria-valuenow", "50");
  await page.keyboard.press("ArrowDown");
  await expect(handle(page)).toHaveAttribute("aria-valuenow", "45");
  const windowHeight = page.viewportSize()!.height;
  const box = (await handle(page).boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, windowHeight * 0.3, { steps: 5 });
  await page.mouse.up();
  await expect(handle(page)).toHaveAttribute("aria-valuenow", "70");
  const height = async () => (await page.locator(".dock").boundingBox())!.height;
  expect(Math.abs((await height()) - windowHeight * 0.7)).toBeLessThan(2);

  await page.reload();

  await expect(dashboard(page)).toBeVisible();
  await expect(panel(page)).toHaveCount(0);
  await expect(handle(page)).toHaveAttribute("aria-valuenow", "70");
  await dashboard(page).getByRole("button", { name: "Close" }).click();
  await expect(dashboard(page)).toHaveCount(0);
  await open(page, "/novels");
  await expect(page.getByRole("button", { name: "Cache metrics" })).toBeVisible();
  await expect(dashboard(page)).toHaveCount(0);
});

test("On a phone one tool is in front, and a switch brings the other", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await open(page, "/novels");
  await openPanel(page);
  await openDashboard(page);
  await expect(panel(page)).toBeHidden();
  expect((await page.locator(".dock").boundingBox())!).toMatchObject({ x: 0, y: 0, width: 390, height: 800 });

  await page.getByRole("group", { name: "Tools" }).getByRole("button", { name: "Cache" }).click();
  await expect(panel(page)).toBeVisible();
  await expect(dashboard(page)).toBeHidden();
  await page.getByRole("group", { name: "Tools" }).getByRole("button", { name: "Metrics" }).click();
  await expect(dashboard(page)).toBeVisible();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
});

test("The numbers follow by themselves, without a jump, and wait while nobody looks", async ({ page }) => {
  await page.clock.install();
  await open(page, "/novels");
  await page.request.get("/novels/api/stories");
  await openDashboard(page);
  await page.clock.pauseAt(Date.now() + 60_000);
  let asked = 0;
  await page.route("**/api/fn/read_cache_numbers", (route) => {
    asked += 1;
    return route.continue();
  });
  const body = dashboard(page).locator(".devtools__body");
  const shown = await dashboard(page).locator("[data-table='By layer']").elementHandle();
  await body.evaluate((element) => element.scrollTo(0, 300));
  const before = await figure(page, "By layer", "redis", "hits").textContent();
  await page.request.get("/novels/api/stories");

  const answered = page.waitForResponse("**/api/fn/read_cache_numbers");
  await page.clock.runFor(5_000);
  await answered;

  await expect(figure(page, "By layer", "redis", "hits")).not.toHaveText(before!);
  expect(await body.evaluate((element) => element.scrollTop)).toBe(300);
  expect(await shown!.evaluate((element) => element.isConnected)).toBe(true);

  const hide = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }, hidden);
  await hide(true);
  asked = 0;
  await page.clock.runFor(30_000);
  expect(asked).toBe(0);
  const again = page.waitForResponse("**/api/fn/read_cache_numbers");
  await hide(false);
  await again;

  await dashboard(page).getByRole("button", { name: "Live" }).click();
  asked = 0;
  await page.clock.runFor(30_000);
  expect(asked).toBe(0);
  await refresh(page);
  expect(asked).toBe(1);
});

test("Where the numbers cannot be had it says so, keeps what was there, and tries again when asked", async ({ page, trouble }) => {
  trouble.expect(/503|Service Unavailable/);
  const fail = () =>
    page.route("**/api/fn/read_cache_numbers", (route) =>
      route.fulfill({ status: 503, contentType: "application/json", body: '"lost"' }),
    );
  await fail();
  await open(page, "/novels?debug=metrics");
  await expect(dashboard(page).getByRole("alert")).toContainText("The server cannot be reached.");
  await page.unroute("**/api/fn/read_cache_numbers");
  await dashboard(page).getByRole("button", { name: "Retry" }).click();
  await expect(dashboard(page).getByRole("heading", { name: "Alerts" })).toBeVisible();

  await fail();
  await dashboard(page).getByRole("button", { name: "Refresh" }).click();
  await expect(dashboard(page).getByText("You see it as it was.")).toBeVisible();
  await expect(dashboard(page).getByRole("heading", { name: "Alerts" })).toBeVisible();
});
