// The six studio tests of the seed, by title. Each looks at all three layers, before and after, through the real pages.
import { expect, type Page, open, signIn, test, testStories } from "../fixtures";
import { memoryRow, openPanel, operationLine, outlineOf, serverEntries, storedText, whoAmI } from "../layers";

const story = testStories[1];

/** A writer in the studio, with the first chapter and scene of the story. */
async function inStudio(page: Page) {
  await signIn(page, "cache-writer");
  const user = await whoAmI(page);
  const [chapter] = (await outlineOf(page, story)).chapters;
  const [scene] = chapter.scenes;
  return { user, chapter, scene };
}

/** Opens the shelf, and from there the story, without leaving the page: the shelf stays in memory and localStorage. */
async function fromShelfToStory(page: Page) {
  await open(page, "/studio");
  await page.locator(`a.card__link[href="/studio/story/${story}"]`).click();
  await expect(page.getByRole("navigation", { name: "Outline" })).toBeVisible();
}

/** Saves what is in the editor and waits until the server has it. */
async function save(page: Page) {
  await page.getByRole("button", { name: "Save Scene" }).click();
  await expect(page.locator(".save-state--saved")).toContainText("Saved");
}

test("Scene PATCH invalidates writing cache", async ({ page }) => {
  const { user, chapter, scene } = await inStudio(page);
  const sceneKey = `scene:${scene.id}:user:${user}@${story}`;
  const scenesKey = `chapter:${chapter.id}:scenes:user:${user}@${story}`;
  const text = `The tide went out at ${Date.now()}.`;

  await page.request.get(`/studio/api/chapters/${chapter.id}/scenes`);
  await open(page, `/studio/story/${story}/scene/${scene.id}`);
  const editor = page.getByRole("textbox", { name: "Text" });
  await expect(editor).toBeEditable();
  const before = await editor.inputValue();
  await openPanel(page);
  expect(await serverEntries(page, scenesKey)).toMatchObject([{ key: scenesKey, isFresh: true }]);
  await expect.poll(() => storedText(page, sceneKey)).toContain(JSON.stringify(before).slice(1, -1));
  await expect(memoryRow(page, sceneKey)).toBeVisible();

  await editor.fill(text);
  await save(page);

  expect((await serverEntries(page, scenesKey)).filter((entry) => entry.isFresh)).toEqual([]);
  await expect.poll(() => storedText(page, sceneKey)).toContain(text);
  await page.getByRole("tab", { name: "Operations" }).click();
  await expect(operationLine(page, "memory", "invalidate", sceneKey)).toContainText(`scene:${scene.id} changed`);
  const answer = await page.request.get(`/studio/api/chapters/${chapter.id}/scenes`);
  expect(answer.headers()["x-cache-status"]).toBe("MISS");
  expect((await answer.json()).scenes[0].content).toBe(text);
  expect((await page.request.get(`/studio/api/chapters/${chapter.id}/scenes`)).headers()["x-cache-status"]).toBe("HIT");
});

test("Scene DELETE invalidates writing cache", async ({ page }) => {
  const { user, chapter } = await inStudio(page);
  const title = `To be deleted ${Date.now()}`;
  await page.request.post(`/studio/api/chapters/${chapter.id}/scenes`, { data: { title, content: "Soon gone." } });
  const scene = (await outlineOf(page, story)).chapters[0].scenes.find((scene) => scene.title === title);
  const sceneKey = `scene:${scene?.id}:user:${user}@${story}`;
  const outlineKey = `story:${story}:chapters:user:${user}`;

  await open(page, `/studio/story/${story}/scene/${scene?.id}`);
  await expect(page.getByRole("textbox", { name: "Text" })).toHaveValue("Soon gone.");
  await openPanel(page);
  expect(await serverEntries(page, sceneKey)).toMatchObject([{ isFresh: true }]);
  await expect.poll(() => storedText(page, sceneKey)).toContain("Soon gone.");
  await expect(memoryRow(page, sceneKey)).toBeVisible();

  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Delete Scene" }).click();
  await page.getByRole("button", { name: "Move to trash" }).click();
  await page.waitForURL((url) => url.pathname === `/studio/story/${story}`);

  await expect(page.getByRole("navigation", { name: "Outline" })).not.toContainText(title);
  expect((await serverEntries(page, sceneKey)).filter((entry) => entry.isFresh)).toEqual([]);
  await expect.poll(() => storedText(page, sceneKey)).toBeNull();
  await expect.poll(() => storedText(page, outlineKey)).not.toContain(title);
  await openPanel(page);
  await expect(memoryRow(page, outlineKey)).toBeVisible();
  await expect(memoryRow(page, sceneKey)).toHaveCount(0);
  expect((await page.request.get(`/studio/api/scenes/${scene?.id}`)).status()).toBe(404);
});

test("Chapter PATCH invalidates writing cache", async ({ page }) => {
  const { user, chapter } = await inStudio(page);
  const shelfKey = `user:${user}:stories`;
  const outlineKey = `story:${story}:chapters:user:${user}`;
  const title = `Chapter renamed ${Date.now()}`;

  await fromShelfToStory(page);
  await openPanel(page);
  await expect(memoryRow(page, shelfKey)).toBeVisible();
  await expect(memoryRow(page, outlineKey)).toBeVisible();
  expect(await storedText(page, shelfKey)).not.toBeNull();
  expect(await storedText(page, outlineKey)).toContain(chapter.title);
  expect(await serverEntries(page, shelfKey)).toMatchObject([{ isFresh: true }]);

  await page.keyboard.press("Escape");
  await page.getByText("Chapter…").first().click();
  await page.getByRole("textbox", { name: "New title of the chapter" }).first().fill(title);
  await page.getByRole("button", { name: "Rename" }).first().click();
  await expect(page.getByRole("navigation", { name: "Outline" })).toContainText(title);

  expect((await serverEntries(page, shelfKey)).filter((entry) => entry.isFresh)).toEqual([]);
  expect(await storedText(page, shelfKey)).toBeNull();
  await expect.poll(() => storedText(page, outlineKey)).toContain(title);
  await openPanel(page);
  await expect(memoryRow(page, shelfKey)).toHaveCount(0);
  await page.getByRole("tab", { name: "Operations" }).click();
  await expect(operationLine(page, "memory", "invalidate", outlineKey)).toContainText("changed");
});

test("Story PATCH invalidates writing and browse caches", async ({ page }) => {
  await inStudio(page);
  const published = testStories[0];
  const user = await whoAmI(page);
  const [shelfKey, browseKey] = [`user:${user}:stories`, "stories:published"];
  const title = `Cache Test Story renamed ${Date.now()}`;

  await open(page, "/novels");
  await page.getByRole("link", { name: "Studio" }).first().click();
  await page.locator(`a.card__link[href="/studio/story/${published}"]`).click();
  await expect(page.getByRole("navigation", { name: "Outline" })).toBeVisible();
  await openPanel(page);
  for (const key of [shelfKey, browseKey]) {
    await expect(memoryRow(page, key)).toBeVisible();
    expect(await storedText(page, key)).not.toBeNull();
    expect((await serverEntries(page, key)).find((entry) => entry.key === key)).toMatchObject({ isFresh: true });
  }

  await page.keyboard.press("Escape");
  await page.getByText("Story details").click();
  await page.getByRole("textbox", { name: "Title", exact: true }).first().fill(title);
  await page.getByRole("button", { name: "Save Story" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);

  await openPanel(page);
  for (const key of [shelfKey, browseKey]) {
    await expect(memoryRow(page, key)).toHaveCount(0);
    expect(await storedText(page, key)).toBeNull();
    expect((await serverEntries(page, key)).find((entry) => entry.key === key && entry.isFresh)).toBeUndefined();
  }
  await open(page, "/novels");
  await expect(page.getByRole("main")).toContainText(title);
});

test("Cache invalidation prevents data loss on page refresh", async ({ page, newVisitor }) => {
  const { scene } = await inStudio(page);
  const path = `/studio/story/${story}/scene/${scene.id}`;
  const text = `Nothing of this may be lost: ${Date.now()}.`;

  await open(page, path);
  await page.getByRole("textbox", { name: "Text" }).fill(text);
  await save(page);
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Text" })).toHaveValue(text);

  const elsewhere = await newVisitor();
  await signIn(elsewhere, "cache-writer");
  await open(elsewhere, path);
  await expect(elsewhere.getByRole("textbox", { name: "Text" })).toHaveValue(text);
});

test("Cache Debug Panel shows invalidation events", async ({ page }) => {
  const { chapter, scene } = await inStudio(page);
  await open(page, `/studio/story/${story}/scene/${scene.id}`);
  await openPanel(page);
  await page.getByRole("tab", { name: "Operations" }).click();
  const heard = operationLine(page, "server", "invalidate", `scene:${scene.id}`);
  await expect(heard).toHaveCount(0);

  await page.getByRole("textbox", { name: "Text" }).fill(`Seen in the panel ${Date.now()}`);
  await save(page);

  await expect(heard).toContainText(`chapter:${chapter.id}:scenes`);
  await expect(heard).toContainText("written from this tab");
  await expect(operationLine(page, "memory", "invalidate", `scene:${scene.id}`)).toBeVisible();
  await expect(operationLine(page, "localStorage", "set", `scene:${scene.id}`)).toBeVisible();
});
