// Fetching what is likely to be read next, and leaving alone whoever does not want it.
import { expect, test, testStories } from "../fixtures";
import { choosePrefetch, openWatching, reads } from "../network";

const novel = `/novels/${testStories[0]}`;

test("A link that is pointed at is fetched, and going there asks for nothing", async ({ page }) => {
  await openWatching(page, "/novels");
  const sent = reads(page);
  const link = page.locator(`a[href="${novel}"]`).first();

  const fetched = page.waitForResponse("**/api/fn/read");
  await link.hover();
  await (await fetched).finished();
  await link.click();

  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cache Test Story");
  // The novel was read once, unasked. What the page itself puts in sight may be fetched by then.
  expect(sent.filter((read) => read.includes(`"story:${testStories[0]}:public"`))).toHaveLength(1);
});

test("A page that was pointed at opens without a network", async ({ page, context, trouble }) => {
  trouble.expect(/ERR_INTERNET_DISCONNECTED/);
  await openWatching(page, "/novels");
  const link = page.getByRole("banner").getByRole("link", { name: "Community" });
  const code = page.waitForResponse(/split_talk/);
  const views = ["community:feed", "community:stories:all"].map((key) =>
    page.waitForResponse((response) => (response.request().postData() ?? "").includes(key)),
  );
  await link.hover();
  for (const response of await Promise.all([code, ...views])) await response.finished();
  await context.setOffline(true);

  await link.click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Community");
  await expect(page).toHaveURL(/\/community$/);
});

test("What one reads next is fetched when the link to it is in sight", async ({ page }) => {
  await openWatching(page, "/novels");
  const chapter = page.waitForRequest((request) => (request.postData() ?? "").includes(`:public@${testStories[0]}`));
  await page.locator(`a[href="${novel}"]`).first().click();
  await expect(page.getByRole("link", { name: "Start reading" })).toBeVisible();
  await chapter;
});

test("A link that is only passed over is not fetched", async ({ page }) => {
  // Long enough for a busy machine to move on in time.
  await choosePrefetch(page, { isOn: true, hoverMs: 1_500 });
  await openWatching(page, "/novels");
  const sent = reads(page);
  const links = page.locator("main a.card__link");
  const [passed, wanted] = await Promise.all([0, 1].map((index) => links.nth(index).getAttribute("href")));
  expect(wanted).not.toBe(passed);

  const fetched = page.waitForRequest("**/api/fn/read");
  await links.nth(0).hover();
  await links.nth(1).hover();
  await fetched;

  expect(sent.join()).toContain(wanted!.split("/").at(-1));
  expect(sent.join()).not.toContain(passed!.split("/").at(-1));
});

test("Whoever saves data is left alone", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "connection", { get: () => ({ saveData: true }) });
  });
  await openWatching(page, "/novels");
  await page.clock.install();
  const sent = reads(page);

  await page.locator(`a[href="${novel}"]`).first().hover();
  await page.clock.runFor(2_000);

  expect(sent).toEqual([]);
});

test("A page that begins behind others fetches nothing ahead", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(document, "visibilityState", { get: () => "hidden" }));
  await choosePrefetch(page, { isOn: true, hoverMs: 0 });
  await openWatching(page, "/novels");
  await page.clock.install();
  const sent = reads(page);

  await page.locator(`a[href="${novel}"]`).first().hover();
  await page.clock.runFor(2_000);

  expect(sent).toEqual([]);
});

test("What this browser's cache goes by can be read, and the delay can be chosen", async ({ page }) => {
  await choosePrefetch(page, { isOn: true, hoverMs: 0 });
  await openWatching(page, "/novels");
  const config = JSON.parse((await page.evaluate(() => localStorage.getItem("cache-manager-config")))!);
  expect(config).toMatchObject({ budgetBytes: 5_000_000, prefetch: { isOn: true, hoverMs: 0 } });
  expect(Object.fromEntries(config.ttlMinutes)).toEqual({ writing: 30, reading: 60, browse: 60, community: 30 });

  const fetched = page.waitForRequest("**/api/fn/read");
  await page.locator(`a[href="${novel}"]`).first().hover();
  await fetched;
});
