// Parts of the program that cannot be loaded: the page somebody is on stays, and nothing ends.
import { expect, open, type Page, test } from "../fixtures";
import { choosePrefetch, openLive } from "../network";

// What the console says of a chunk that could not be fetched, and the loader after it.
const offline = /ERR_INTERNET_DISCONNECTED|Failed to fetch/;
const gone = /404|HTTP status code is not ok/;

/** Remembered for as long as the page is not loaded anew. */
async function mark(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { isMarked: true }));
}

function isMarked(page: Page): Promise<boolean> {
  return page.evaluate(() => "isMarked" in window);
}

function community(page: Page) {
  return page.getByRole("banner").getByRole("link", { name: "Community" });
}

test("A page that cannot be loaded for want of a network opens when it is back", async ({ page, context, trouble }) => {
  trouble.expect(offline);
  await choosePrefetch(page, { isOn: false, hoverMs: 0 });
  await openLive(page, "/novels");
  await mark(page);
  await context.setOffline(true);

  await community(page).click();

  await expect(page.getByText("No connection")).toBeVisible();
  await expect(page).toHaveURL(/\/novels$/);
  // The page is alive: what is typed is taken, and another link leads on.
  await page.getByRole("searchbox").first().fill("salt");
  await expect(page.getByRole("searchbox").first()).toHaveValue("salt");

  await context.setOffline(false);
  await expect(page).toHaveURL(/\/community$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Community");
  await expect(page.getByText("No connection")).toHaveCount(0);
  expect(await isMarked(page)).toBe(true);
});

test("Going elsewhere ends the wait for a page that cannot be loaded", async ({ page, context, trouble }) => {
  trouble.expect(offline);
  await choosePrefetch(page, { isOn: false, hoverMs: 0 });
  await openLive(page, "/novels");
  await context.setOffline(true);
  await community(page).click();
  await expect(page.getByText("No connection")).toBeVisible();

  await page.getByRole("banner").getByRole("link", { name: "Novels" }).click();

  await expect(page.getByText("No connection")).toHaveCount(0);
  await expect(page).toHaveURL(/\/novels$/);
  await context.setOffline(false);
  await community(page).click();
  await expect(page).toHaveURL(/\/community$/);
});

test("After an update of the site the next page comes from the server, with the new program", async ({ page, trouble }) => {
  trouble.expect(gone);
  await open(page, "/novels");
  await mark(page);
  await page.route("**/pkg/*/split_talk*", (route) => route.fulfill({ status: 404, body: "gone" }), { times: 1 });

  await community(page).click();

  await expect(page).toHaveURL(/\/community$/);
  await expect(page.locator("html[data-hydrated]")).toBeAttached();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Community");
  expect(await isMarked(page)).toBe(false);
});

test("A page whose own part cannot be loaded can be read, and comes alive when it can", async ({ page, trouble }) => {
  trouble.expect(gone);
  await page.route("**/pkg/*/split_talk*", (route) => route.fulfill({ status: 404, body: "gone" }), { times: 1 });

  await page.goto("/community");

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Community");
  await expect(page.locator("html[data-hydrated]")).toBeAttached();
});
