// What the browser does with a page that the server has rendered: as little as possible.
import { expect, open, signIn, test, testStories } from "../fixtures";
import { outlineOf, storedText } from "../layers";
import { choosePrefetch, holdBack, openWatching } from "../network";

/** The reads that a page sends to the server, from now on. */
function reads(page: import("@playwright/test").Page): string[] {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/fn/read")) sent.push(request.postData() ?? "");
  });
  return sent;
}

for (const path of ["/novels", `/novels/${testStories[0]}`, "/community", `/community/story/${testStories[0]}`]) {
  test(`${path} is taken over without a second fetch`, async ({ page }) => {
    // Where a reader may go next is fetched early, which is no second fetch.
    await choosePrefetch(page, { isOn: false, hoverMs: 0 });
    const sent = reads(page);
    await open(page, path);
    expect(sent).toEqual([]);
  });
}

test("The studio is taken over without a second fetch", async ({ page }) => {
  await signIn(page, "cache-writer");
  const [chapter] = (await outlineOf(page, testStories[1])).chapters;
  const sent = reads(page);
  await open(page, `/studio/story/${testStories[1]}/scene/${chapter.scenes[0].id}`);
  await expect(page.getByRole("textbox", { name: "Text" })).toBeEditable();
  expect(sent).toEqual([]);
});

test("What is kept on the device is shown also where the engine is loaded after the click", async ({ page }) => {
  await choosePrefetch(page, { isOn: false, hoverMs: 0 });
  const novel = `/novels/${testStories[0]}`;
  await openWatching(page, novel);
  await expect.poll(() => storedText(page, `story:${testStories[0]}:public`)).not.toBeNull();
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/pkg/*/split_live*", async (route) => {
    await gate;
    await route.continue();
  });
  await open(page, "/novels");
  await holdBack(page, "read"); // for ever
  await page.locator(`a[href="${novel}"]`).first().click();
  await expect(page.locator("main .skeleton").first()).toBeVisible();

  letGo();

  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cache Test Story");
});

test("Going back to a page shows it from memory", async ({ page }) => {
  await open(page, "/novels");
  await page.locator(`a[href="/novels/${testStories[0]}"]`).first().click();
  await page.waitForURL(`**/novels/${testStories[0]}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cache Test Story");
  const sent = reads(page);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(sent.filter((read) => read.includes("stories:published"))).toEqual([]);
});
