// The community tests of the seed, by title: what a reader does is shown at once, is taken back if the server refuses it,
// and leaves nothing old in any layer.
import type { Response } from "@playwright/test";
import { expect, type Page, open, signIn, test, testStories } from "../fixtures";
import { countOnlyTheServer, figure, numbers, openDashboard, refresh } from "../dashboard";
import { memoryRow, openPanel, operationLine, serverEntries, storedText, whoAmI } from "../layers";
import { holdBack, openLive } from "../network";
import { writePost } from "../posts";

const story = testStories[0];
const board = `/community/story/${story}`;

const heart = (page: Page) => page.getByRole("button", { name: /Like/ });

test("Post creation invalidates community cache", async ({ page }) => {
  await signIn(page, "noor");
  const user = await whoAmI(page);
  const key = `community:story:${story}:posts:user:${user}`;
  const title = `The ebb ${Date.now()}`;
  await page.request.get(`/community/api/posts?storyId=${story}`);
  await open(page, board);
  await openPanel(page);
  expect(await serverEntries(page, key)).toMatchObject([{ isFresh: true }]);
  await expect.poll(() => storedText(page, key)).not.toBeNull();
  await expect(memoryRow(page, key)).toBeVisible();
  await page.keyboard.press("Escape");

  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Text").fill("It leaves things behind.");
  await page.getByRole("button", { name: "Publish post" }).click();
  await expect(page.locator(".post-card").filter({ hasText: title })).toBeVisible();

  await expect.poll(() => storedText(page, key)).toContain(title);
  await openPanel(page);
  await page.getByRole("tab", { name: "Operations" }).click();
  await expect(operationLine(page, "memory", "invalidate", key)).toContainText("changed, written from this tab");
  const answer = await page.request.get(`/community/api/posts?storyId=${story}`);
  expect((await answer.json()).posts.map((post: { title: string }) => post.title)).toContain(title);
});

test("What this tab wrote is its own, also where the stream is faster than the answer", async ({ page }) => {
  await signIn(page, "noor");
  const key = `community:story:${story}:posts:user:${await whoAmI(page)}`;
  const title = `Told before it was answered ${Date.now()}`;
  await openLive(page, board);
  let answer = () => {};
  const heard = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/api/fn/add_post", async (route) => {
    const answered = await route.fetch();
    await heard;
    await route.fulfill({ response: answered });
  });

  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Text").fill("It leaves things behind.");
  await page.getByRole("button", { name: "Publish post" }).click();
  await openPanel(page);
  await page.getByRole("tab", { name: "Operations" }).click();
  const dropped = operationLine(page, "memory", "invalidate", key);
  await expect(dropped).toContainText("changed");
  await expect(dropped).not.toContainText("this tab");
  answer();

  await expect(dropped).toContainText("changed, written from this tab");
});

test("Post like shows optimistic update", async ({ page }) => {
  await signIn(page, "noor");
  await open(page, `/community/posts/${await writePost(page, `To be liked at once ${Date.now()}`)}`);
  const { letGo } = await holdBack(page, "like_post");
  await expect(heart(page)).toHaveAttribute("aria-pressed", "false");

  await heart(page).click();

  await expect(heart(page)).toHaveAttribute("aria-pressed", "true");
  await expect(heart(page)).toContainText("1");
  // From here on every change of the heart is noted: between patch and answer it must not blink.
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    const button = document.querySelector(".like-button")!;
    new MutationObserver(() => seen.push(`${button.getAttribute("aria-pressed")} ${button.textContent}`)).observe(button, {
      attributes: true,
      characterData: true,
      childList: true,
      subtree: true,
    });
  });
  const answered = page.waitForResponse("**/api/fn/like_post");
  const refreshed = page.waitForResponse("**/api/fn/read");
  letGo();
  await answered;
  await refreshed;
  await expect(heart(page)).toHaveAttribute("aria-pressed", "true");
  expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([]);
  await page.reload();
  await expect(heart(page)).toHaveAttribute("aria-pressed", "true");
});

test("A like is shown at once, also before what keeps the page live is loaded", async ({ page }) => {
  await signIn(page, "noor");
  const post = await writePost(page, `To be liked before that ${Date.now()}`);
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/pkg/*/split_live*", async (route) => {
    await gate;
    await route.continue();
  });
  const like = await holdBack(page, "like_post");
  await open(page, `/community/posts/${post}`);
  const answered = page.waitForResponse("**/api/fn/like_post");

  await heart(page).click();

  await expect(heart(page)).toHaveAttribute("aria-pressed", "true");
  like.letGo();
  await answered;
  letGo();
  await expect(heart(page)).toHaveAttribute("aria-pressed", "true");
  await page.reload();
  await expect(heart(page)).toHaveAttribute("aria-pressed", "true");
});

test("Post like rollback on error", async ({ page, trouble }) => {
  await signIn(page, "noor");
  await open(page, `/community/posts/${await writePost(page, `Not to be liked ${Date.now()}`)}`);
  trouble.expect(/503|Service Unavailable/);
  let refuse = () => {};
  const gate = new Promise<void>((resolve) => (refuse = resolve));
  await page.route("**/api/fn/like_post", async (route) => {
    await gate;
    await route.fulfill({ status: 503, contentType: "application/json", body: '"lost"' });
  });

  await heart(page).click();
  await expect(heart(page)).toHaveAttribute("aria-pressed", "true");
  refuse();

  await expect(page.getByRole("alert")).toContainText("The server cannot be reached.");
  await expect(heart(page)).toHaveAttribute("aria-pressed", "false");
  await expect(heart(page)).toContainText("0");
});

test("Post reply creation invalidates community cache", async ({ page }) => {
  await signIn(page, "noor");
  const post = await writePost(page, `To be answered ${Date.now()}`);
  const key = `post:${post}:replies`;
  await page.request.get(`/community/api/posts/${post}/replies`);
  await open(page, `/community/posts/${post}`);
  expect(await serverEntries(page, key)).toMatchObject([{ isFresh: true }]);
  const { letGo } = await holdBack(page, "add_reply");

  await page.getByLabel("Reply", { exact: true }).fill("A bottle, *empty*.");
  await page.getByRole("button", { name: "Post reply" }).click();
  const early = page.locator(".reply[aria-busy=true]");
  await expect(early).toContainText("A bottle, *empty*.");
  await expect(page.getByRole("heading", { name: "1 reply" })).toBeVisible();
  letGo();

  await expect(page.locator(".thread em")).toHaveText("empty");
  await expect(early).toHaveCount(0);
  await expect(page.locator(".reply")).toHaveCount(1);
  await expect(page.getByLabel("Reply", { exact: true })).toHaveValue("");
  const answer = await page.request.get(`/community/api/posts/${post}/replies`);
  expect((await answer.json()).replies).toHaveLength(1);
  await expect.poll(() => storedText(page, key)).toContain("A bottle");
});

test("Community cache invalidation prevents stale data", async ({ page, newVisitor }) => {
  const other = await newVisitor();
  await signIn(page, "noor");
  const post = await writePost(page, `Seen by two ${Date.now()}`);
  await open(other, `/community/posts/${post}`);
  await expect(other.locator(".post__foot")).toContainText("0 likes");
  for (let read = 0; read < 2; read += 1) await page.request.get(`/community/api/posts/${post}`);
  await open(page, `/community/posts/${post}`);

  await heart(page).click();
  await expect(heart(page)).toContainText("1");

  // At once for whoever is looking, whoever comes, and whoever asks the API.
  await expect(other.locator(".post__foot")).toContainText("1 like");
  await other.reload();
  await expect(other.locator(".post__foot")).toContainText("1 like");
  const answer = await page.request.get(`/community/api/posts/${post}`);
  expect((await answer.json()).post).toMatchObject({ likeCount: 1, liked: true });
  await open(page, board);
  await expect(page.locator(".post-card").filter({ hasText: "Seen by two" }).first()).toContainText("1");
});

/** How many tags of each kind a write made stale, as its answer says. */
function kindsOfTags(answer: Response): Map<string, number> {
  const kinds = new Map<string, number>();
  for (const tag of JSON.parse(answer.headers()["x-cache-invalidate-keys"]) as string[]) {
    const kind = tag.replace(/:([\w-]{21}|all)(?=:|$)/, ""); // without the id, as it is grouped
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return kinds;
}

test("Advanced Metrics Dashboard tracks community operations", async ({ page }) => {
  await signIn(page, "noor");
  const post = await writePost(page, `To be counted ${Date.now()}`);
  await open(page, `/community/posts/${post}`);
  await openDashboard(page);
  const told = new Map<string, number>();
  let writes = 0;
  /** Does something in the page, and adds the tags that its answer names to what must be shown. */
  const write = async (name: string, act: () => Promise<void>) => {
    const [answer] = await Promise.all([page.waitForResponse(`**/api/fn/${name}`), act()]);
    kindsOfTags(answer).forEach((count, kind) => told.set(kind, (told.get(kind) ?? 0) + count));
    writes += 1;
  };
  /** The page asks for a view again that it has just made stale. */
  const readAgain = (key: string) =>
    page.waitForResponse(
      (answer) => answer.url().endsWith("/api/fn/read") && decodeURIComponent(answer.request().postData() ?? "").includes(key),
    );
  await countOnlyTheServer(page);

  // Each is read before the next is written.
  const liked = readAgain(`post:${post}:user:`);
  await write("like_post", () => heart(page).click());
  await liked;
  const replied = readAgain(`post:${post}:replies`);
  await write("add_reply", async () => {
    await page.getByLabel("Reply", { exact: true }).fill("Counted, too.");
    await page.getByRole("button", { name: "Post reply" }).click();
  });
  await replied;
  await expect(page.locator(".reply:not([aria-busy=true])")).toHaveCount(1);
  // Without leaving the page: a page that is left sends what it counted itself, past everything that holds it back.
  await page.locator(`main a[href="${board}"]`).first().click();
  await page.waitForURL(`**${board}`);
  await page.getByLabel("Title").fill(`Counted ${Date.now()}`);
  await page.getByLabel("Text").fill("It leaves things behind.");
  await write("add_post", () => page.getByRole("button", { name: "Publish post" }).click());
  await expect(page.locator(".post-card").first()).toContainText("Counted");
  await refresh(page);

  expect(writes).toBe(3);
  expect([...told.keys()]).toEqual(expect.arrayContaining(["post", "post:replies", "community:feed"]));
  for (const [kind, count] of told) {
    await expect(figure(page, "By kind of view", kind, "invalidations")).toHaveText(String(count));
  }
  const all = [...told.values()].reduce((sum, count) => sum + count, 0);
  await expect(figure(page, "By layer", "redis", "invalidations")).toHaveText(String(all));
  // The page looked at what it had changed: the reads stand there too, and as the API tells them. (A page whose requests a test
  // holds back sends `Cache-Control: no-cache` with them, so its reads pass the cache by.)
  const { byGroup } = await numbers(page);
  for (const kind of ["post", "replies", "board"]) {
    expect(byGroup[kind].misses + byGroup[kind].bypasses, kind).toBeGreaterThan(0);
    await expect(figure(page, "By kind of view", kind, "misses")).toHaveText(String(byGroup[kind].misses));
    await expect(figure(page, "By kind of view", kind, "hits")).toHaveText(String(byGroup[kind].hits));
  }
});
