// No lost text, ever: whatever becomes of the network, the session, the server, or the tab.
import { expect, open, people, signIn, test } from "../fixtures";
import { outlineOf } from "../layers";
import { drafts, network, openScene, path, state, story, stored, text } from "../writing";

test.beforeEach(async ({ page, trouble }) => {
  trouble.expect(/ERR_CONNECTION|ERR_INTERNET|ERR_FAILED|ERR_EMPTY|ERR_INCOMPLETE_CHUNKED|Failed to fetch|failed request.*_scene/);
  await signIn(page, "cache-writer");
});

test("Text that was typed offline survives a reload and is saved on reconnecting", async ({ page }) => {
  const scene = await openScene(page, 0);
  const before = await stored(page, scene.id);
  await network(page, "off");
  await text(page).fill("Typed in a tunnel.");
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Offline — kept on this device (1 change)");
  await page.getByRole("textbox", { name: "Goal" }).fill("See daylight.");
  await expect(state(page)).toContainText("(2 changes)");

  await page.reload();
  await expect(text(page)).toHaveValue("Typed in a tunnel.");
  await expect(page.getByRole("textbox", { name: "Goal" })).toHaveValue("See daylight.");
  await expect(state(page)).toContainText("Offline — kept on this device");
  await network(page, "on");
  await page.evaluate(() => window.dispatchEvent(new Event("online")));

  await expect(state(page)).toContainText("Saved");
  await expect(page.getByRole("status").filter({ hasText: "Text from this device was saved" })).toBeVisible();
  expect(await stored(page, scene.id)).toBe("Typed in a tunnel.");
  const { revisions } = await (await page.request.get(`/studio/api/scenes/${scene.id}/revisions`)).json();
  expect(revisions.map((revision: { content: string }) => revision.content)).toContain(before);
  await expect.poll(() => drafts(page)).toBe("");
});

test("A session that ends while writing is renewed in a dialog, and the text stays in its field", async ({ page, trouble }) => {
  trouble.expect(/401/);
  const scene = await openScene(page, 1);
  await page.request.post("/api/auth/logout");
  await text(page).fill("Written after the session had ended.");
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Signed out — text is safe here.");
  expect(await drafts(page)).toContain("Written after the session had ended.");

  await state(page).getByRole("button", { name: "Log in" }).click();
  const dialog = page.getByRole("dialog", { name: "Log in to go on" });
  await expect(dialog.getByLabel("Username or email")).toHaveValue("cache-writer");
  await dialog.getByLabel("Password").fill("not-the-password");
  await dialog.getByRole("button", { name: "Log in" }).click();
  await expect(dialog.getByRole("alert")).toContainText("do not match");
  await dialog.getByLabel("Password").fill(people["cache-writer"].password);
  await dialog.getByRole("button", { name: "Log in" }).click();

  await expect(dialog).toBeHidden();
  await expect(text(page)).toBeFocused();
  await expect(text(page)).toHaveValue("Written after the session had ended.");
  await expect(state(page)).toContainText("Saved");
  expect(await stored(page, scene.id)).toBe("Written after the session had ended.");
});

test("Who has logged in again hears what they change elsewhere", async ({ page, newVisitor, trouble }) => {
  trouble.expect(/401/);
  const scene = await openScene(page, 10);
  await page.request.post("/api/auth/logout");
  await text(page).fill("Written between two sessions.");
  await page.keyboard.press("Control+KeyS");
  await state(page).getByRole("button", { name: "Log in" }).click();
  const dialog = page.getByRole("dialog", { name: "Log in to go on" });
  await dialog.getByLabel("Password").fill(people["cache-writer"].password);
  await dialog.getByRole("button", { name: "Log in" }).click();
  await expect(state(page)).toContainText("Saved");

  const elsewhere = await newVisitor();
  await signIn(elsewhere, "cache-writer");
  const { chapters } = await outlineOf(elsewhere, story);
  const other = chapters.flatMap((chapter) => chapter.scenes).find(({ id }) => id !== scene.id)!;
  const title = `Renamed elsewhere ${Date.now()}`;
  const renamed = await elsewhere.request.patch(`/studio/api/scenes/${other.id}`, { data: { title, version: other.version } });
  expect(renamed.status()).toBe(200);

  await expect(page.getByRole("navigation", { name: "Outline" })).toContainText(title);
});

test("Another person who logs in there sees nothing of the text, and its writer finds it again", async ({ page, trouble }) => {
  trouble.expect(/401|404/);
  const scene = await openScene(page, 2);
  await page.request.post("/api/auth/logout");
  await text(page).fill("Not for everybody.");
  await page.keyboard.press("Control+KeyS");
  await state(page).getByRole("button", { name: "Log in" }).click();
  const dialog = page.getByRole("dialog", { name: "Log in to go on" });
  await dialog.getByLabel("Username or email").fill("mira");
  await dialog.getByLabel("Password").fill(people.mira.password);
  await dialog.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { name: "There is no such" })).toBeVisible();
  await expect(page.getByText("Not for everybody.")).toHaveCount(0);
  expect(await drafts(page)).toContain("Not for everybody.");

  await signIn(page, "cache-writer");
  await open(page, path(scene.id));
  await expect(text(page)).toHaveValue("Not for everybody.");
  await expect(state(page)).toContainText("Saved");
  expect(await stored(page, scene.id)).toBe("Not for everybody.");
});

test("A server that is killed during a save costs nothing, and is asked again by itself", async ({ page, server }) => {
  const scene = await openScene(page, 3);
  let arrived = () => {};
  const onItsWay = new Promise<void>((resolve) => (arrived = resolve));
  await page.route(/edit_scene/, async (route) => {
    arrived();
    await server.restart("SIGKILL");
    await route.abort("connectionreset");
  });
  await text(page).fill("Written as the lights went out.");
  await page.keyboard.press("Control+KeyS");
  await onItsWay;
  await expect(state(page)).toContainText("kept on this device", { timeout: 20_000 });
  await page.unroute(/edit_scene/);
  await expect(state(page)).toContainText("Saved", { timeout: 20_000 });
  expect(await stored(page, scene.id)).toBe("Written as the lights went out.");
});

test("A save that nobody answers is given up, and the next one is sent", async ({ page }) => {
  await page.clock.install();
  const scene = await openScene(page, 11);
  let arrived = () => {};
  const onItsWay = new Promise<void>((resolve) => (arrived = resolve));
  await page.route(/edit_scene/, () => arrived());
  await text(page).fill("Sent into a black hole.");
  await page.keyboard.press("Control+KeyS");
  await onItsWay;
  await expect(state(page)).toContainText("Saving");

  await page.clock.fastForward(31_000);

  await expect(state(page)).toContainText("Offline — kept on this device");
  await page.unroute(/edit_scene/);
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect(state(page)).toContainText("Saved");
  expect(await stored(page, scene.id)).toBe("Sent into a black hole.");
});

test("A scene that was left before its text could be sent is sent from the next one", async ({ page }) => {
  const scene = await openScene(page, 12);
  const next = (await outlineOf(page, story)).chapters[0].scenes[0];
  await network(page, "off");
  await text(page).fill("Left for another scene.");
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Offline");

  const sent = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/edit_scene"));
  await page.getByRole("navigation", { name: "Outline" }).getByRole("link", { name: next.title }).first().click();
  await page.waitForURL(`**${path(next.id)}`);
  await sent;
  await network(page, "on");

  await expect.poll(() => stored(page, scene.id), { timeout: 20_000 }).toBe("Left for another scene.");
  await expect.poll(() => drafts(page)).toBe("");
});

test("A save whose answer was lost is no conflict with oneself", async ({ page, trouble }) => {
  trouble.expect(/409/);
  const scene = await openScene(page, 4);
  await page.route(/edit_scene/, async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  });
  await text(page).fill("It arrived.");
  await page.keyboard.press("Control+KeyS");
  // The server's stream tells this page that the scene changed, and it finds its own text there.
  await expect(state(page)).toContainText("Saved");
  await page.unroute(/edit_scene/);
  await text(page).fill("It arrived. And then some.");
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Saved");
  await expect(page.getByRole("region", { name: "This scene changed elsewhere" })).toHaveCount(0);
  await expect.poll(() => stored(page, scene.id)).toBe("It arrived. And then some.");
});

test("A tab that crashes leaves its text to the next", async ({ page, context }) => {
  const scene = await openScene(page, 7);
  await network(page, "off");
  await text(page).fill("The last words.");
  await expect.poll(() => drafts(page)).toContain("The last words.");
  const devtools = await context.newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  devtools.send("Page.crash").catch(() => {}); // a page that has crashed does not answer
  await crashed;
  await page.close();
  await network(page, "on").catch(() => {});
  await context.unroute(/api\/fn\/(edit|settle)_scene/);

  const next = await context.newPage();
  await open(next, path(scene.id));
  await expect(text(next)).toHaveValue("The last words.");
  await expect(state(next)).toContainText("Saved");
  expect(await stored(next, scene.id)).toBe("The last words.");
});

test("Two tabs of one scene know of each other and do not fight", async ({ page, context, trouble }) => {
  trouble.expect(/409/);
  const scene = await openScene(page, 8);
  const other = await context.newPage();
  await open(other, path(scene.id));
  await expect(text(other)).toBeEditable();
  await expect(page.getByText("Also open in another tab")).toBeVisible();
  await expect(other.getByText("Also open in another tab")).toBeVisible();

  await text(page).fill("Written in the first tab.");
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Saved");
  await expect(text(other)).toHaveValue("Written in the first tab.");
  await text(other).fill("Written in the first tab, and in the second.");
  await other.keyboard.press("Control+KeyS");
  await expect(state(other)).toContainText("Saved");
  await expect(text(page)).toHaveValue("Written in the first tab, and in the second.");

  // Both type before either saves: that is a question.
  await network(page, "off");
  await text(other).fill("Second thoughts.");
  await text(page).fill("First thoughts.");
  await expect.poll(() => drafts(page)).toMatch(/First thoughts[^]*Second thoughts|Second thoughts[^]*First thoughts/);
  await network(page, "on");
  await page.bringToFront();
  await text(page).focus();
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Saved");
  const comparison = other.getByRole("region", { name: "This scene changed elsewhere" });
  await expect(comparison).toContainText("2 words");
  await comparison.getByRole("button", { name: "Keep mine" }).click();
  await expect(state(other)).toContainText("Saved");
  await expect(text(page)).toHaveValue("Second thoughts.");
  const { revisions } = await (await page.request.get(`/studio/api/scenes/${scene.id}/revisions`)).json();
  const lost = revisions.find((revision: { content: string }) => revision.content === "First thoughts.");
  expect(lost.kind).toBe("conflict");

  await other.close();
  await page.bringToFront();
  await expect(page.getByText("Also open in another tab")).toBeHidden();
});

test("The shelf tells what is unsent, sends it by itself, and a log-out asks first", async ({ page, trouble }) => {
  trouble.expect(/503/);
  const scene = await openScene(page, 9);
  await network(page, "off");
  await text(page).fill("Not sent yet.");
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Offline");
  await page.getByRole("link", { name: "All stories" }).click();
  const card = page.getByRole("article").filter({ hasText: "Unsent text on this device: 1 scene" });
  await expect(card.getByRole("link", { name: scene.title })).toHaveAttribute("href", path(scene.id));

  await page.locator("summary", { hasText: "cache-writer" }).click();
  await page.getByRole("button", { name: "Log out" }).click();
  const question = page.getByRole("dialog", { name: "Log out with unsent text?" });
  await expect(question).toContainText("Your unsent text stays on this device.");
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(question).toBeHidden();
  expect((await (await page.request.get("/api/auth/session")).json()).user.username).toBe("cache-writer");
  await page.getByRole("button", { name: "Log out" }).click();
  await question.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL("**/novels");
  expect(await drafts(page)).toContain("Not sent yet.");

  await network(page, "on");
  await signIn(page, "cache-writer");
  await open(page, "/studio");
  await expect(page.getByRole("status").filter({ hasText: "Text from this device was saved" })).toContainText(scene.title);
  await expect(page.getByText("Unsent text on this device")).toHaveCount(0);
  expect(await stored(page, scene.id)).toBe("Not sent yet.");
});

