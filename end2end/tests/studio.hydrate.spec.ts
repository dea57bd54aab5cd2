// A writer's day: from an empty shelf to a published chapter, and every way in which a save can go wrong.
import { expect, type Page, open, people, signIn, test, testStories } from "../fixtures";
import { outlineOf } from "../layers";

const story = testStories[2];

const text = (page: Page) => page.getByRole("textbox", { name: "Text" });
const state = (page: Page) => page.locator(".save-state");

/** Opens the first scene of the story's `n`-th chapter, ready to be written. */
async function openScene(page: Page, n = 0) {
  const scene = (await outlineOf(page, story)).chapters[n].scenes[0];
  await open(page, `/studio/story/${story}/scene/${scene.id}`);
  await expect(text(page)).toBeEditable();
  return scene;
}

test("A story goes from an empty title to a reader's screen", async ({ page, newVisitor }) => {
  await signIn(page, "mira");
  await open(page, "/studio");
  await page.getByRole("textbox", { name: "Title of the new story" }).fill("The Night Ferry");
  await page.getByRole("button", { name: "New story" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The Night Ferry");

  await page.getByRole("textbox", { name: "Title of the new chapter" }).fill("Departure");
  await page.getByRole("button", { name: "Add chapter" }).click();
  await page.getByRole("textbox", { name: "Title of the new scene" }).fill("On the quay");
  await page.getByRole("button", { name: "Add scene" }).click();
  await page.getByRole("link", { name: "On the quay" }).click();
  await text(page).fill("The lamps were lit *early* that evening.");
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Saved");

  const id = new URL(page.url()).pathname.split("/")[3];
  const reader = await newVisitor();
  expect((await reader.request.get(`/novels/${id}`)).status(), "a draft is nobody else's").toBe(404);

  await page.getByRole("button", { name: "Publish story" }).click();
  await expect(page.getByRole("button", { name: "Unpublish story" })).toBeVisible();
  await open(reader, `/novels/${id}`);
  await reader.getByRole("link", { name: /Departure/ }).first().click();
  await expect(reader.locator("em")).toHaveText("early");
});

test("Readers keep the published text while its writer types on", async ({ page, newVisitor }) => {
  await signIn(page, "cache-writer");
  const published = testStories[0];
  const chapter = (await outlineOf(page, published)).chapters[0];
  const path = `/novels/${published}/${chapter.id}`;
  const reader = await newVisitor();
  await open(reader, path);

  await open(page, `/studio/story/${published}/scene/${chapter.scenes[0].id}`);
  await text(page).fill("Half a sent");
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Saved");

  await reader.reload();
  await expect(reader.getByRole("main")).not.toContainText("Half a sent");
  expect((await page.request.put(`/studio/api/chapters/${chapter.id}/publication`, { data: {} })).status()).toBe(200);
  await reader.reload();
  await expect(reader.getByRole("main")).toContainText("Half a sent");
});

test("Text is saved by itself when its writer pauses", async ({ page }) => {
  await signIn(page, "cache-writer");
  const scene = await openScene(page);
  await text(page).press("Control+End");
  await page.keyboard.type(" And then she slept.");
  await expect(state(page)).toContainText("Unsaved changes");
  await expect(state(page)).toContainText("Saved", { timeout: 10_000 });
  const stored = await (await page.request.get(`/studio/api/scenes/${scene.id}`)).json();
  expect(stored.scene.content).toContain("And then she slept.");
});

test("Two pages of one scene: the second save shows both texts, and neither is lost", async ({ page, newVisitor, trouble }) => {
  trouble.expect(/409/);
  await signIn(page, "cache-writer");
  const scene = await openScene(page, 1);
  const other = await newVisitor();
  await signIn(other, "cache-writer");
  await open(other, `/studio/story/${story}/scene/${scene.id}`);
  await expect(text(other)).toBeEditable();

  // The other page must have text of its own before it hears of ours: a page with nothing unsaved takes the newer text.
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  await other.route(/edit_scene/, async (route) => {
    await gate;
    await route.continue();
  });
  await text(other).fill("What I wrote there.");
  await other.keyboard.press("Control+KeyS");
  await text(page).fill("What I wrote here.");
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Saved");
  letGo();

  await expect(state(other)).toContainText("Changed elsewhere");
  const comparison = other.getByRole("region", { name: "This scene changed elsewhere" });
  await expect(comparison).toContainText("What I wrote here.");
  await expect(comparison).toContainText("What I wrote there.");
  await expect(text(other)).toHaveValue("What I wrote there.");

  await comparison.getByRole("button", { name: "Keep saved text" }).click();
  await expect(state(other)).toContainText("Saved");
  await expect(text(other)).toHaveValue("What I wrote here.");
  const { revisions } = await (await other.request.get(`/studio/api/scenes/${scene.id}/revisions`)).json();
  expect(revisions.map((revision: { content: string }) => revision.content)).toContain("What I wrote there.");
});

test("A session that ends while writing keeps the text, and saves it after logging in", async ({ page, trouble }) => {
  trouble.expect(/401/);
  await signIn(page, "cache-writer");
  await openScene(page, 2);
  await page.request.post("/api/auth/logout");
  await text(page).fill("Written after the session had ended.");
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Signed out — text is safe here.");
  await expect(text(page)).toHaveValue("Written after the session had ended.");

  const { username, password } = people["cache-writer"];
  await page.request.post("/api/auth/login", { data: { username, password } });
  await text(page).focus();
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Saved");
});

test("A server that dies during a save costs nothing: the text waits on the device", async ({ page, server, trouble }) => {
  trouble.expect(/ERR_CONNECTION|ERR_EMPTY|ERR_INCOMPLETE_CHUNKED|Failed to fetch|failed request/);
  await signIn(page, "cache-writer");
  const scene = await openScene(page, 3);
  const written = `Written while the server was away ${Date.now()}.`;

  const answer = page.waitForRequest(/edit_scene/);
  await page.route(/edit_scene/, (route) => route.abort("connectionfailed"));
  await text(page).fill(written);
  await page.keyboard.press("Control+KeyS");
  await answer;
  await expect(state(page)).toContainText("kept on this device");
  const kept = await page.evaluate(() => Object.entries(localStorage).filter(([name]) => name.startsWith("fictures:draft:")));
  expect(kept.map(([, draft]) => draft).join()).toContain(written);

  await server.restart("SIGKILL");
  await page.unroute(/edit_scene/);
  await state(page).getByRole("button", { name: "Retry" }).click();
  await expect(state(page)).toContainText("Saved");
  const stored = await (await page.request.get(`/studio/api/scenes/${scene.id}`)).json();
  expect(stored.scene.content).toBe(written);
});

test("Unsent text of an earlier visit is offered where the scene has changed since", async ({ page }) => {
  await signIn(page, "cache-writer");
  const scene = await openScene(page, 4);
  const user = (await (await page.request.get("/api/auth/session")).json()).user.id;
  const saved = await page.request.patch(`/studio/api/scenes/${scene.id}`, {
    data: { content: "From home.", version: scene.version },
  });
  expect(saved.status()).toBe(200);
  // As the first program wrote it; devices may still have such drafts.
  await page.evaluate(
    ([name, draft]) => localStorage.setItem(name, draft),
    [
      `fictures:draft:${user}:${scene.id}`,
      JSON.stringify({ baseVersion: scene.version, title: scene.title, content: "From the train.", keptAt: 0 }),
    ],
  );
  await page.reload();
  const comparison = page.getByRole("region", { name: "Unsaved text was found on this device" });
  await expect(comparison).toContainText("From the train.");
  await expect(comparison).toContainText("From home.");
  await comparison.getByRole("button", { name: "Keep mine" }).click();
  await expect(state(page)).toContainText("Saved");
  await expect(text(page)).toHaveValue("From the train.");
});

test("An empty title is refused in words, and the text stays", async ({ page, trouble }) => {
  trouble.expect(/422/);
  await signIn(page, "cache-writer");
  await openScene(page);
  await page.getByRole("textbox", { name: "Title", exact: true }).last().fill("");
  await page.keyboard.press("Control+KeyS");
  await expect(page.getByRole("alert").filter({ hasText: "The title is empty." })).toBeVisible();
  await page.getByRole("textbox", { name: "Title", exact: true }).last().fill("A title again");
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Saved");
});

test("A reader is told that the studio is for writers; a stranger is asked to log in", async ({ page, newVisitor }) => {
  await signIn(page, "noor");
  await open(page, "/studio");
  await expect(page.getByRole("main")).toContainText("The studio is for writers");
  const stranger = await newVisitor();
  await stranger.goto("/studio");
  await stranger.waitForURL(/\/login\?next=/);
});

test("Text that looks like markup stays text", async ({ page }) => {
  await signIn(page, "cache-writer");
  await openScene(page);
  const nasty = "</textarea><script>document.title = 'owned'</script>";
  await text(page).fill(nasty);
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Saved");
  await page.reload();
  await expect(text(page)).toHaveValue(nasty);
  expect(await page.title()).not.toBe("owned");
});

test("Without storage the studio still saves", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("The operation is insecure.", "SecurityError");
      },
    });
  });
  await signIn(page, "cache-writer");
  await openScene(page);
  await text(page).fill("No storage here.");
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Saved");
});
