// The debug panel on one key: the layers, its tags, the whole cause of its last invalidation, what the server would answer.
import { expect, open, type Page, signIn, test, testStories } from "../fixtures";
import { keyRow, openPanel, operationLine, panelOf } from "../layers";

const published = testStories[0];
const novel = `story:${published}:public`;
const board = `community:story:${published}:posts:public`;

const detail = (page: Page, key: string) => page.getByRole("complementary", { name: `Details of ${key}` });

/** Opens a page and waits until it hears what others change. */
async function openLive(page: Page, path: string): Promise<void> {
  const stream = page.waitForResponse("**/api/events*");
  await open(page, path);
  await stream;
}

async function writePost(page: Page, title: string): Promise<void> {
  const answer = await page.request.post("/community/api/posts", {
    data: { storyId: published, title, content: "What did the tide bring?" },
  });
  expect(answer.status()).toBe(201);
}

test("A key has a view of its own, with its layers, tags and story", async ({ page }) => {
  await open(page, "/novels");
  await page.locator(`a[href="/novels/${published}"]`).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cache Test Story");
  await openPanel(page);

  await keyRow(page, novel).getByRole("button").first().click();
  const shown = detail(page, novel);
  for (const layer of ["server", "localStorage", "memory"]) {
    await expect(shown.locator(`tr[data-layer="${layer}"] td`)).toHaveCount(4);
  }
  await expect(shown.locator(".tag").first()).toHaveText(`story:${published}`);
  await expect(shown).toContainText("Observers1");
  await expect(shown).toContainText("novel, a page of type reading; fresh for 5 s");
  await expect(shown).toContainText("Not since this page was loaded.");
  await expect(shown.locator('li[data-layer="memory"][data-operation="set"]').first()).toBeVisible();
  await expect(shown.locator('li[data-layer="server"]').first()).toHaveAttribute("data-subject", novel);

  // What is done in the detail is done to this key.
  await shown.getByRole("button", { name: `Invalidate ${novel}` }).click();
  await expect(shown.locator(".detail__last")).toContainText("Byyou, in the panel");
  await shown.getByRole("button", { name: "Close details" }).click();
  await expect(shown).toHaveCount(0);
});

test("The server explains whether it would hit or miss, and which write was the last", async ({ page, newVisitor }) => {
  const writer = await newVisitor();
  await signIn(writer, "noor");
  await page.request.get(`/community/api/posts?storyId=${published}`);
  await open(page, `/community/story/${published}`);
  await openPanel(page);
  await keyRow(page, board).getByRole("button").first().click();
  const outlook = detail(page, board).locator(".detail__outlook");
  await expect(outlook).toHaveAttribute("data-outlook", "hit");

  // Kept from asking again by itself, the page leaves the server's entry stale.
  await page.route("**/api/fn/read", (route) => route.abort("aborted"));
  await writePost(writer, `Explained ${Date.now()}`);
  await detail(page, board).getByRole("button", { name: "Explain again" }).click();

  await expect(outlook).toHaveAttribute("data-outlook", "miss");
  await expect(detail(page, board)).toContainText(/written since; post \w+ at \d\d:\d\d/);
});

test("The timeline names the cause of an invalidation made by another user", async ({ page, newVisitor }) => {
  const other = await newVisitor();
  await signIn(other, "noor");
  await openLive(page, `/community/story/${published}`);
  await openPanel(page);
  await keyRow(page, board).getByRole("button").first().click();

  await writePost(other, `By somebody else ${Date.now()}`);

  const cause = detail(page, board).locator(".detail__last");
  await expect(cause).toContainText("Heard fromstream");
  await expect(cause).toContainText("Byanother person, or another device of yours");
  await expect(cause).toContainText(/Changepost \w+ \(write \w+\)/);
  await expect(keyRow(page, board).locator(".entries__last")).toContainText("stream");
  await page.getByRole("tab", { name: "Operations" }).click();
  await expect(operationLine(page, "memory", "invalidate", board)).toContainText(
    /(community:feed|community) changed, heard over the stream: post \w+ \(write \w+\), by another person, or another device of yours/,
  );
});

test("Another tab passes on what it heard over the stream, and tells what it wrote itself", async ({ page, newVisitor }) => {
  const other = await newVisitor();
  await signIn(other, "noor");
  await openLive(page, "/community");
  const tab = await page.context().newPage();
  const chunk = tab.waitForResponse(/split_live/);
  await open(tab, `/community/story/${published}`);
  await (await chunk).finished();
  await openPanel(tab);
  await tab.getByRole("tab", { name: "Operations" }).click();

  await writePost(other, `Passed on ${Date.now()}`);

  await expect(operationLine(tab, "memory", "invalidate", board)).toContainText("heard over the stream, passed on by another tab: post");
  await tab.getByRole("tab", { name: "Configuration" }).click();
  await expect(panelOf(tab)).toContainText("another tab holds it, and passes on what it hears");
});
