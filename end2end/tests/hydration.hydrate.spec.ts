// What the browser does with a page that the server has rendered: as little as possible.
import { expect, open, signIn, test, testStories } from "../fixtures";
import { outlineOf } from "../layers";

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
