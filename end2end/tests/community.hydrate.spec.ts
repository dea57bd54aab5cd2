// Readers talk: what one does is at once on the page, and in the next reader's.
import { expect, type Page, open, signIn, test, testStories } from "../fixtures";
import { holdBack } from "../network";

const board = `/community/story/${testStories[0]}`;

/** Writes a post on the board and returns the path of its page. */
async function post(page: Page, title: string): Promise<string> {
  await open(page, board);
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Text").fill("What did the tide bring?");
  await page.getByRole("button", { name: "Publish post" }).click();
  const link = page.getByRole("status").getByRole("link", { name: title });
  await expect(link).toBeVisible();
  return (await link.getAttribute("href"))!;
}

test("A post is on the board at once, for its writer and for others", async ({ page, newVisitor }) => {
  const other = await newVisitor();
  await open(other, board);
  await signIn(page, "noor");
  const title = `The tide ${Date.now()}`;
  await post(page, title);
  await expect(page.locator(".post-card").filter({ hasText: title })).toBeVisible();
  await expect(page.getByLabel("Title")).toHaveValue("");
  await other.reload();
  await expect(other.getByRole("main")).toContainText(title);
});

test("A like is counted once, kept, and taken back", async ({ page }) => {
  await signIn(page, "noor");
  const path = await post(page, `To be liked ${Date.now()}`);
  await open(page, path);
  const heart = page.getByRole("button", { name: /Like/ });
  await expect(heart).toHaveAttribute("aria-pressed", "false");
  await heart.click();
  await expect(heart).toHaveAttribute("aria-pressed", "true");
  await expect(heart).toContainText("1");
  await page.reload();
  await expect(heart).toHaveAttribute("aria-pressed", "true");
  await expect(heart).toContainText("1");
  await page.locator("html[data-hydrated]").waitFor();
  await heart.click();
  await expect(heart).toHaveAttribute("aria-pressed", "false");
  await expect(heart).toContainText("0");
});

test("A reply is in the thread at once; what another types meanwhile is not touched", async ({ page, newVisitor }) => {
  await signIn(page, "noor");
  const path = await post(page, `To be answered ${Date.now()}`);
  const other = await newVisitor();
  await signIn(other, "mira");
  await open(other, path);
  await other.getByLabel("Reply", { exact: true }).fill("I am still thinking about");

  await open(page, path);
  await page.getByLabel("Reply", { exact: true }).fill("A bottle, *empty*.");
  await page.getByRole("button", { name: "Post reply" }).click();
  await expect(page.locator(".thread em")).toHaveText("empty");

  await other.locator(".like-button").click();
  await expect(other.locator(".like-button")).toHaveAttribute("aria-pressed", "true");
  await expect(other.getByLabel("Reply", { exact: true })).toHaveValue("I am still thinking about");
});

test("What is typed for a post is there again after a reload, and gone when it was sent by its keys", async ({ page }) => {
  await signIn(page, "noor");
  const title = `Half a thought ${Date.now()}`;
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("fictures:typed:")).length);
  await open(page, board);
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Text").fill("The tide was");
  await expect.poll(kept).toBe(2);

  await open(page, board);
  await expect(page.getByLabel("Title")).toHaveValue(title);
  await expect(page.getByLabel("Text")).toHaveValue("The tide was");
  await page.getByLabel("Text").press("Control+End");
  await page.keyboard.type(" late.");
  // Keys that are held down send once.
  const add = await holdBack(page, "add_post");
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("button", { name: "Publish post" })).toBeDisabled();
  await page.keyboard.press("Control+Enter");
  add.letGo();

  await expect(page.locator(".post-card").filter({ hasText: title })).toContainText("The tide was late.");
  await expect(page.getByLabel("Text")).toHaveValue("");
  expect(add.sent).toHaveLength(1);
  await expect.poll(kept).toBe(0);
  await page.reload();
  await expect(page.locator("html[data-hydrated]")).toBeAttached();
  await expect(page.getByLabel("Title")).toHaveValue("");

  await open(page, (await page.locator(".post-card").filter({ hasText: title }).getByRole("link").first().getAttribute("href"))!);
  await page.getByLabel("Reply", { exact: true }).fill("By an hour.");
  await page.keyboard.press("Control+Enter");
  await expect(page.locator(".thread")).toContainText("By an hour.");
});

/** The texts of forms that were not sent yet. */
function typed(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    Object.entries(localStorage)
      .filter(([name]) => name.startsWith("fictures:typed:"))
      .map(([, text]) => JSON.parse(text)),
  );
}

test("Whoever leaves while a reply or a post is sent does not find it again", async ({ page }) => {
  await signIn(page, "noor");
  const path = await post(page, `Left in a hurry ${Date.now()}`);
  await open(page, path);
  const reply = await holdBack(page, "add_reply");
  await page.getByLabel("Reply", { exact: true }).fill("Gone before it was posted.");
  await page.getByRole("button", { name: "Post reply" }).click();
  await expect.poll(() => reply.sent.length).toBe(1);
  await page.getByRole("link", { name: "The story's board" }).click();
  await expect(page.getByRole("button", { name: "Publish post" })).toBeVisible();
  expect(await typed(page)).toEqual(["Gone before it was posted."]);
  reply.letGo();
  await expect.poll(() => typed(page)).toEqual([]);

  const title = `Left in a hurry, too ${Date.now()}`;
  const add = await holdBack(page, "add_post");
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Text").fill("Gone as well.");
  await page.getByRole("button", { name: "Publish post" }).click();
  await expect.poll(() => add.sent.length).toBe(1);
  await page.getByRole("link", { name: "Read the novel" }).click();
  await page.waitForURL("**/novels/**");
  expect((await typed(page)).sort()).toEqual(["Gone as well.", title]);
  add.letGo();
  await expect.poll(() => typed(page)).toEqual([]);

  await open(page, path);
  await expect(page.locator(".thread")).toContainText("Gone before it was posted.");
  await expect(page.getByLabel("Reply", { exact: true })).toHaveValue("");
});

test("What is typed in one tab outlives what is sent from another, and a page that goes at once", async ({ page, context }) => {
  await signIn(page, "noor");
  const path = await post(page, `In two tabs ${Date.now()}`);
  const field = (of: Page) => of.getByLabel("Reply", { exact: true });
  const other = await context.newPage();
  await open(page, path);
  await open(other, path);
  await field(page).fill("Half a thought.");
  await expect.poll(() => typed(page)).toEqual(["Half a thought."]);

  await field(other).fill("A whole one.");
  await expect.poll(async () => (await typed(other)).length).toBe(2);
  await other.getByRole("button", { name: "Post reply" }).click();
  await expect(other.locator(".thread")).toContainText("A whole one.");
  await expect.poll(() => typed(other)).toEqual(["Half a thought."]);
  await other.close();

  await page.evaluate(() => {
    const field = document.querySelector("textarea")!;
    field.value = "Half a thought, and the rest of it.";
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    location.reload();
  });
  await expect(field(page)).toHaveValue("Half a thought, and the rest of it.");
});

test("Someone who is not logged in reads, and is told how to join in", async ({ page }) => {
  await open(page, board);
  await expect(page.getByRole("main").getByRole("link", { name: /log in/i }).first()).toHaveAttribute("href", /next=/);
});

test("Markup in a post stays harmless", async ({ page }) => {
  await signIn(page, "noor");
  await open(page, board);
  await page.getByLabel("Title").fill("<img src=x onerror=alert(1)>");
  await page.getByLabel("Text").fill("<script>alert(1)</script> [click](javascript:alert(1))");
  await page.getByRole("button", { name: "Publish post" }).click();
  const link = page.getByRole("status").getByRole("link");
  await open(page, (await link.getAttribute("href"))!);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("<img src=x onerror=alert(1)>");
  await expect(page.locator("main script, main img, main a[href^='javascript']")).toHaveCount(0);
});
