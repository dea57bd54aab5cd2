// What others change: heard at once, by every tab, and nothing moves under a reader.
import { awake, expect, type Page, open, signIn, test, testStories } from "../fixtures";
import { outlineOf, storedText, whoAmI } from "../layers";
import { openLive } from "../network";
import { writePost } from "../posts";
import { publishNovel } from "../studio";

const published = testStories[0];
const draft = testStories[1];
const board = `/community/story/${published}`;

/** Another tab of the same browser, which shares its stream: it is live when it has loaded its chunk. */
async function openTab(page: Page, path: string): Promise<Page> {
  const tab = await page.context().newPage();
  const chunk = tab.waitForResponse(/split_live/);
  await open(tab, path);
  await (await chunk).finished();
  return tab;
}

test("A like in one browser shows in another, in its place", async ({ page, newVisitor }) => {
  await signIn(page, "noor");
  const post = await writePost(page, `Liked by another ${Date.now()}`);
  const other = await newVisitor();
  await openLive(other, board);
  const card = other.locator(".post-card").filter({ has: other.locator(`a[href="/community/posts/${post}"]`) });
  await expect(card).toBeVisible();

  await page.request.post(`/community/api/posts/${post}/like`, { data: { liked: true } });

  await expect(card.locator(".post-card__foot")).toContainText("Likes: 1");
});

test("New posts are announced, and shown when the reader asks for them", async ({ page, newVisitor }) => {
  await signIn(page, "noor");
  const other = await newVisitor();
  await openLive(other, board);
  const first = other.locator(".post-card").first();
  const before = await first.textContent();
  const place = await first.boundingBox();
  const title = `Somebody else's ${Date.now()}`;

  await writePost(page, title);

  const news = other.getByRole("button", { name: "1 new post — show" });
  await expect(news).toBeVisible();
  expect(await first.textContent()).toBe(before);
  expect(await first.boundingBox()).toEqual(place);
  await news.click();
  await expect(first).toContainText(title);
  await expect(news).toHaveCount(0);
});

test("A chapter that is published anew waits for its reader", async ({ page, newVisitor }) => {
  await signIn(page, "cache-writer");
  const [chapter] = (await outlineOf(page, published)).chapters;
  const [scene] = chapter.scenes;
  const reader = await newVisitor();
  await openLive(reader, `/novels/${published}/${chapter.id}`);
  const text = `Rewritten at ${Date.now()}.`;
  const before = await reader.locator(".reading__text").textContent();

  const saved = await page.request.patch(`/studio/api/scenes/${scene.id}`, { data: { content: text, version: scene.version } });
  expect(saved.status()).toBe(200);
  await page.request.put(`/studio/api/chapters/${chapter.id}/publication`, { data: {} });

  const news = reader.getByRole("button", { name: "This chapter was updated while you read — show" });
  await expect(news).toBeVisible();
  expect(await reader.locator(".reading__text").textContent()).toBe(before);
  await news.click();
  await expect(reader.locator(".reading__text")).toContainText(text);
});

test("A scene saved in one tab is fresh in another", async ({ page }) => {
  await signIn(page, "cache-writer");
  const [chapter] = (await outlineOf(page, draft)).chapters;
  const path = `/studio/story/${draft}/scene/${chapter.scenes[0].id}`;
  await openLive(page, path);
  const tab = await openTab(page, path);
  const editor = (of: Page) => of.getByRole("textbox", { name: "Text" });
  await expect(editor(tab)).toBeEditable();
  const text = `Written in the first tab at ${Date.now()}.`;

  await editor(page).fill(text);
  await page.getByRole("button", { name: "Save Scene" }).click();
  await expect(page.locator(".save-state--saved")).toBeVisible();

  await expect(editor(tab)).toHaveValue(text);
  await tab.close();
});

test("One tab holds the stream; when it closes, the next one does", async ({ page, newVisitor }) => {
  await signIn(page, "noor");
  const other = await newVisitor();
  await openLive(other, "/community");
  const streams: string[] = [];
  other.context().on("request", (request) => {
    if (request.url().includes("/api/events")) streams.push(request.url());
  });
  const tab = await openTab(other, board);
  expect(streams, "the first tab's stream serves both").toEqual([]);
  await writePost(page, `Heard by both ${Date.now()}`);
  await expect(tab.getByRole("button", { name: "1 new post — show" })).toBeVisible();

  const taken = other.context().waitForEvent("request", (request) => request.url().includes("/api/events"));
  await other.close();
  expect((await taken).url(), "it goes on from where it stood").toMatch(/lastEventId=[0-9a-f]{8}\.\d/);
  await writePost(page, `Heard by the next ${Date.now()}`);

  await expect(tab.getByRole("button", { name: "2 new posts — show" })).toBeVisible();
});

test("What was missed while the server was away is caught up with", async ({ page, newVisitor, server, trouble }) => {
  trouble.expect(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|Failed to load resource|ERR_EMPTY_RESPONSE/);
  await signIn(page, "noor");
  const other = await newVisitor();
  await openLive(other, board);

  const again = other.waitForRequest("**/api/events*", { timeout: 20_000 });
  await server.restart();
  await writePost(page, `Written after the break ${Date.now()}`);
  await again;

  await expect(other.getByRole("button", { name: "1 new post — show" })).toBeVisible({ timeout: 20_000 });
});

test("Logging out leaves nothing private on the device, and ends the other tabs' pages", async ({ page, trouble }) => {
  trouble.expect(/401.*api\/events/); // the other tab may ask for the stream before it hears of it
  await signIn(page, "cache-writer");
  const user = await whoAmI(page);
  await openLive(page, "/studio");
  await expect.poll(() => storedText(page, `user:${user}:stories`)).not.toBeNull();
  const tab = await openTab(page, `/studio/story/${draft}`);
  await expect(tab.getByRole("navigation", { name: "Outline" })).toBeVisible();

  await page.locator(".menu__button").click();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL("**/novels");
  await awake(page);

  await expect(tab.getByRole("navigation", { name: "Outline" })).toHaveCount(0);
  const names = await page.evaluate(() => Object.keys(localStorage));
  expect(names.filter((name) => name.includes(user))).toEqual([]);
  const texts = await page.evaluate(() => Object.values(localStorage).join("\n"));
  expect(texts).not.toContain(draft);
});

test("A log-out empties the device before the server answers", async ({ page }) => {
  await signIn(page, "cache-writer");
  const user = await whoAmI(page);
  await openLive(page, "/studio");
  await page.locator(`a[href="/studio/story/${draft}"]`).first().click();
  await expect(page.getByRole("navigation", { name: "Outline" })).toBeVisible();
  await page.getByRole("link", { name: "All stories" }).click();
  // A page that is on its way out answers no questions.
  const beside = await page.context().newPage();
  await beside.goto("/healthz");
  const names = () => beside.evaluate(() => Object.keys(localStorage));
  const mine = async () => (await names()).filter((name) => name.includes(user));
  await expect.poll(mine).toEqual(expect.arrayContaining([`fictures:habits:${user}`]));
  await expect.poll(() => storedText(page, `story:${draft}:user:${user}`)).not.toBeNull();

  let asked = () => {};
  const leaving = new Promise<void>((resolve) => (asked = resolve));
  await page.route("**/api/fn/log_out", () => asked());
  await page.locator(".menu__button").click();
  await page.getByRole("button", { name: "Log out" }).click({ noWaitAfter: true });
  await leaving;

  await expect.poll(mine).toEqual([]);
});

test("What is stored is not believed when nobody can say what it missed", async ({ page, newVisitor }) => {
  await signIn(page, "noor");
  const title = `As it is now ${Date.now()}`;
  const post = await writePost(page, title);
  const key = `post:${post}:public`;
  // Never heard of, and heard of before the server's store began anew.
  for (const heard of [null, { clock: "00000001.500", at: Date.now() }]) {
    const other = await newVisitor();
    await openLive(other, `/community/posts/${post}`);
    await expect.poll(() => storedText(other, key)).not.toBeNull();
    await other.goto("/healthz");
    await other.evaluate(
      ({ key, title, heard }) => {
        if (heard) localStorage.setItem("fictures:heard:guest", JSON.stringify(heard));
        else localStorage.removeItem("fictures:heard:guest");
        const name = Object.keys(localStorage).find((name) => name.endsWith(`:${key}`))!;
        const stored = JSON.parse(localStorage.getItem(name)!);
        const before = { ...stored, clock: "00000001.500", value: JSON.parse(JSON.stringify(stored.value).replace(title, "As it was")) };
        localStorage.setItem(name, JSON.stringify(before));
      },
      { key, title, heard },
    );
    expect(await storedText(other, key)).toContain("As it was");

    await openLive(other, board);

    await expect.poll(async () => (await storedText(other, key)) ?? "").not.toContain("As it was");
    await other.locator(`a.card__link[href="/community/posts/${post}"]`).click();
    await expect(other.getByRole("heading", { level: 1 })).toHaveText(title);
  }
});

// Chromium keeps no page that may not be stored and has asked for something: it is told what other browsers would tell.
test("A page from the back/forward cache shows what changed meanwhile", async ({ page, newVisitor }) => {
  await signIn(page, "noor");
  const post = await writePost(page, `Left and found ${Date.now()}`);
  const other = await newVisitor();
  await openLive(other, `/community/posts/${post}`);
  const tell = (event: string) =>
    other.evaluate((event) => window.dispatchEvent(new PageTransitionEvent(event, { persisted: true })), event);
  await tell("pagehide");
  await page.request.post(`/community/api/posts/${post}/like`, { data: { liked: true } });
  await expect(other.locator(".post__foot")).toContainText("0 likes");

  const stream = other.waitForRequest("**/api/events*");
  await tell("pageshow");

  await stream;
  await expect(other.locator(".post__foot")).toContainText("1 like");
});

test("A novel that is published is announced, and moves no card", async ({ page, newVisitor }) => {
  await signIn(page, "mira");
  const reader = await newVisitor();
  await openLive(reader, "/novels");
  const cards = reader.locator(".stories > li");
  const before = await cards.allTextContents();

  const title = `Published while you look ${Date.now()}`;
  await publishNovel(page, title);

  const news = reader.getByRole("button", { name: "1 new novel — show" });
  await expect(news).toBeVisible();
  expect(await cards.allTextContents()).toEqual(before);
  await news.click();
  await expect(cards.first()).toContainText(title);
  await expect(news).toHaveCount(0);
});
