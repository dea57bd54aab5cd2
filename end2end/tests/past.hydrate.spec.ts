// What a writer had and has no more: in the trash, and in the history of a scene.
import { expect, type Page, open, signIn, test } from "../fixtures";
import { outlineOf } from "../layers";
import { publishNovel } from "../studio";

const text = (page: Page) => page.getByRole("textbox", { name: "Text" });
const state = (page: Page) => page.locator(".save-state");

/** Opens the only scene of a new story, and returns where it is. */
async function openScene(page: Page, title: string) {
  const story = await publishNovel(page, title);
  const [chapter] = (await outlineOf(page, story)).chapters;
  const [scene] = chapter.scenes;
  await open(page, `/studio/story/${story}/scene/${scene.id}`);
  await expect(text(page)).toBeEditable();
  return { story, chapter, scene };
}

const item = (page: Page, story: string) => page.locator(".trash__item").filter({ hasText: story });

test("A scene that was deleted comes back from the trash, with its text", async ({ page }) => {
  await signIn(page, "cache-writer");
  const title = `Thrown away ${Date.now()}`;
  await openScene(page, title);
  await page.getByRole("button", { name: "Delete Scene" }).click();
  await page.getByRole("button", { name: "Move to trash" }).click();
  await expect(page.getByRole("link", { name: "Ebb" })).toHaveCount(0);

  await page.getByRole("link", { name: "trash" }).click();

  await expect(item(page, title)).toContainText(`Scene of ${title}`);
  await expect(item(page, title)).toContainText("kept for 30 more days");
  await item(page, title).getByRole("button", { name: "Restore Ebb" }).click();
  await expect(page.getByText("“Ebb” is back.")).toBeVisible();
  await expect(item(page, title)).toHaveCount(0);
  await page.getByRole("link", { name: "Open" }).click();
  await expect(text(page)).toHaveValue("The tide went out.");
  await expect(page.getByRole("link", { name: "Ebb" })).toBeVisible();
});

test("What was deleted comes back by Undo, at once", async ({ page, trouble }) => {
  // The page that shows the scene asks for it when its chapter has gone.
  trouble.expect(/404/);
  await signIn(page, "cache-writer");
  const title = `Taken back ${Date.now()}`;
  await openScene(page, title);
  const undo = page.getByRole("status").getByRole("button", { name: "Undo" });

  await page.getByRole("button", { name: "Delete Scene" }).click();
  await page.getByRole("button", { name: "Move to trash" }).click();
  await expect(page.getByText("Scene moved to the trash.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Ebb" })).toHaveCount(0);
  await undo.click();
  await expect(text(page)).toHaveValue("The tide went out.");
  await expect(page.getByRole("link", { name: "Ebb" })).toBeVisible();
  await expect(undo).toHaveCount(0);

  await page.getByText("Chapter…").click();
  await page.getByRole("button", { name: "Delete Chapter" }).click();
  await page.getByRole("button", { name: "Move to trash" }).click();
  await expect(page.getByText("Chapter moved to the trash.")).toBeVisible();
  await undo.click();
  await expect(page.getByRole("link", { name: "Ebb" })).toBeVisible();
});

test("Undo goes by itself, but not while it is pointed at", async ({ page }) => {
  // Timers of ten seconds wait to be let go.
  await page.addInitScript(() => {
    const timers = new Map<number, () => void>();
    const { setTimeout: set, clearTimeout: clear } = window;
    const held = (run: () => void, ms?: number) => {
      const id = set(ms === 10_000 ? () => {} : run, ms);
      if (ms === 10_000) timers.set(id, run);
      return id;
    };
    const dropped = (id?: number) => {
      timers.delete(id!);
      clear(id);
    };
    Object.assign(window, { timers, setTimeout: held, clearTimeout: dropped });
  });
  const timers = () => page.evaluate(() => (window as unknown as { timers: Map<number, () => void> }).timers.size);
  await signIn(page, "cache-writer");
  await openScene(page, `Left in the trash ${Date.now()}`);
  const before = await timers();
  await page.getByRole("button", { name: "Delete Scene" }).click();
  await page.getByRole("button", { name: "Move to trash" }).click();
  const undo = page.getByRole("status").getByRole("button", { name: "Undo" });
  await expect(undo).toBeVisible();
  await expect.poll(timers).toBe(before + 1);

  await undo.hover();
  await expect.poll(timers).toBe(before);
  await page.getByRole("heading", { level: 1 }).first().hover();
  await expect.poll(timers).toBe(before + 1);

  await page.evaluate(() => (window as unknown as { timers: Map<number, () => void> }).timers.forEach((run) => run()));
  await expect(undo).toHaveCount(0);
});

test("What was in something that is in the trash is told so, and comes back after it", async ({ page, trouble }) => {
  // The refusal; and the page that shows the scene asks for it when it has gone.
  trouble.expect(/409|404/);
  await signIn(page, "cache-writer");
  const title = `Thrown away twice ${Date.now()}`;
  const { chapter, scene } = await openScene(page, title);
  for (const path of [`scenes/${scene.id}`, `chapters/${chapter.id}`]) {
    expect((await page.request.delete(`/studio/api/${path}`)).ok()).toBe(true);
  }
  await open(page, "/studio/trash");

  await item(page, title).getByRole("button", { name: "Restore Ebb" }).click();

  await expect(item(page, title).getByRole("alert")).toContainText("trash");
  await item(page, title).getByRole("button", { name: "Restore One" }).click();
  await expect(page.getByText("“One” is back.")).toBeVisible();
  await item(page, title).getByRole("button", { name: "Restore Ebb" }).click();
  await expect(page.getByText("“Ebb” is back.")).toBeVisible();
  expect((await page.request.get(`/studio/api/scenes/${scene.id}`)).status()).toBe(200);
});

test("The trash is its writer's, and says so when it is empty", async ({ page, newVisitor }) => {
  await signIn(page, { username: "noor", password: "noor-reads-novels" });
  await open(page, "/studio/trash");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The studio is for writers");

  const stranger = await newVisitor();
  await stranger.goto("/studio/trash");
  await expect(stranger).toHaveURL(/\/login\?next=/);

  const writer = await newVisitor();
  const username = `tidy-${Date.now()}`;
  const account = { username, email: `${username}@example.org`, password: "a-long-enough-secret", role: "writer" };
  expect((await writer.request.post("/api/auth/register", { data: account })).status()).toBe(201);
  await open(writer, "/studio/trash");
  await expect(writer.getByRole("heading", { name: "Nothing in the trash" })).toBeVisible();
});

test("An earlier text is shown beside the present one, and comes back", async ({ page }) => {
  await signIn(page, "cache-writer");
  const { scene } = await openScene(page, `Written over ${Date.now()}`);
  await text(page).fill("The tide came in, and nobody noticed.");
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Saved");

  await page.getByText("History", { exact: true }).click();
  await page.locator(".revisions__item").first().getByRole("button", { name: /^Show text/ }).click();

  const dialog = page.getByRole("dialog", { name: "An earlier text of this scene" });
  await expect(dialog.locator(".comparison__par--removed")).toHaveText("The tide went out.");
  await expect(dialog.locator(".comparison__par--added")).toHaveText("The tide came in, and nobody noticed.");
  await dialog.getByRole("button", { name: "Restore this text" }).click();
  await expect(dialog).toBeHidden();
  await expect(text(page)).toHaveValue("The tide went out.");
  await expect(async () => {
    const stored = await (await page.request.get(`/studio/api/scenes/${scene.id}`)).json();
    expect(stored.scene.content).toBe("The tide went out.");
  }).toPass();

  // What it replaced is in the history in its turn.
  await expect(page.locator(".revisions__item")).toHaveCount(2);
  await page.locator(".revisions__item").first().getByRole("button", { name: /^Show text/ }).click();
  await expect(dialog).toContainText("nobody noticed");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});
